package dev.convoy.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.cli.JsonText;
import dev.convoy.cli.Shell;
import dev.convoy.cli.Shell.Outcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
  private static final ControlGroup TIGHT = new ControlGroup(2, 1.5, 1L << 30);

  private static List<String> problems(ControlGroup group, int processors, long heap) {
    return new DoctorReport(MachineCheck.run(group, processors, heap)).problems();
  }

  @Test
  void examinesThisMachine() {
    boolean hasNative = !Boolean.getBoolean("convoy.native.skip");
    Outcome outcome = Shell.convoy("doctor");
    assertTrue(
        outcome.out().matches("(?s).*\n  reference +works: reads 10 of 10 digits right.*"),
        outcome.out());
    assertTrue(outcome.out().contains(System.getProperty("java.home")), outcome.out());
    if (hasNative) {
      assertEquals(0, outcome.status(), outcome.out());
      assertTrue(outcome.out().endsWith("All is well.\n"), outcome.out());
      assertTrue(outcome.out().contains("portable"), outcome.out());
    } else {
      assertEquals(1, outcome.status());
      assertTrue(
          outcome.out().contains("PROBLEM: the native library is not on the class path"),
          outcome.out());
    }
    Outcome json = Shell.convoy("doctor", "--json");
    assertEquals(outcome.status(), json.status());
    assertEquals(1, JsonText.count(json.out(), "problems"));
    assertTrue(json.out().contains("\"ok\": " + hasNative), json.out());
  }

  @Test
  void whatIsMeasuredIsAFieldOfItsOwn() {
    StringWriter text = new StringWriter();
    Finding loaded =
        Finding.of(
            "accelerators",
            "some",
            "version 7; loaded in 12 ms",
            json -> {
              json.writeStringProperty("version", "7");
              json.writeNumberProperty("load_milliseconds", 12);
            });
    new DoctorReport(List.of(loaded)).writeJson(new PrintWriter(text, true));
    assertTrue(
        text.toString().contains("\"some\": {\"version\": \"7\", \"load_milliseconds\": 12}"),
        text.toString());
  }

  @Test
  void moreThreadsThanTheControlGroupGrants() {
    assertEquals(List.of(), problems(TIGHT, 2, 1L << 29));
    List<String> problems = problems(TIGHT, 8, 1L << 29);
    assertEquals(1, problems.size());
    assertTrue(problems.get(0).contains("-XX:ActiveProcessorCount=2"), problems.get(0));
  }

  @Test
  void aHeapLargerThanTheControlGroup() {
    List<String> problems = problems(TIGHT, 1, 4L << 30);
    assertEquals(1, problems.size());
    assertTrue(problems.get(0).contains("-Xmx"), problems.get(0));
  }
}
