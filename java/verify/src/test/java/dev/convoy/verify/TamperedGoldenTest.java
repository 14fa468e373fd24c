package dev.convoy.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.verify.CaseResult.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A golden file in which one thing is wrong must fail in the case, and the words, of that thing.
 */
class TamperedGoldenTest {
  @TempDir Path folder = Path.of("");

  private GoldenReport run(String file, String from, String to) throws IOException {
    String text = Goldens.text(file);
    assertTrue(text.contains(from), () -> file + " has no " + from);
    int at = text.indexOf(from);
    Path tampered = folder.resolve(Path.of(file).getFileName());
    Files.writeString(tampered, text.substring(0, at) + to + text.substring(at + from.length()));
    return GoldenSuite.open(tampered).run(Subjects.REFERENCE);
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"params\":61706 | \"params\":61707 | lenet5/facts | parameters",
        "\"macs\":416520 | \"macs\":416521 | lenet5/facts | macs",
        "ea4eab1b | ea4eab1c | lenet5/facts | SHA-256 of the keys",
        "-1.78634547 | -1.78638547 | lenet5/2x1x32x32/checkpoints | conv1 val[0]",
        "\"mean\":-0.0244110101 | \"mean\":-0.0244410101"
            + " | lenet5/2x1x32x32/checkpoints | conv1 mean",
        "\"std\":0.872038754 | \"std\":0.872078754 | lenet5/2x1x32x32/checkpoints | conv1 std",
        "\"name\":\"pool2\" | \"name\":\"pool7\" | lenet5/2x1x32x32/checkpoints"
            + " | the network has no layer 'pool7'",
        "[0,7,9 | [7,0,9 | lenet5/2x1x32x32/logits | image 0 top 1",
        "\"sum\":-1.31051135 | \"sum\":-1.31151135 | lenet5/2x1x32x32/logits | image 0 sum",
        "\"softmax\":[0.153316434 | \"softmax\":[0.153416434 | lenet5/2x1x32x32/logits"
            + " | image 0 softmax[0]",
      })
  void oneWrongNumberFailsItsCase(String from, String to, String id, String quantity)
      throws IOException {
    GoldenReport report = run("models/lenet5.json", from, to);

    List<CaseResult> failed =
        report.results().stream().filter(r -> r.status() == Status.FAILED).toList();
    assertEquals(List.of(id), failed.stream().map(CaseResult::id).toList(), report::toText);
    String message = failed.get(0).message();
    assertTrue(message.startsWith(quantity), message);
    assertFalse(report.passed());
  }

  @Test
  void aWrongOrderOfTheLikeliestClassesFails() throws IOException {
    String values = "\"top5_val\":[0.380414167,0.205799773";
    String text = Goldens.text("models/lenet5.json");
    Path tampered = folder.resolve("lenet5.json");
    Files.writeString(
        tampered,
        text.replace("\"top5\":[0,7,", "\"top5\":[7,0,")
            .replace(values, "\"top5_val\":[0.205799773,0.380414167"));

    GoldenReport report = GoldenSuite.open(tampered).run(Subjects.REFERENCE);

    CaseResult logits = report.results().get(2);
    assertEquals(Status.FAILED, logits.status());
    assertTrue(logits.message().startsWith("image 0 top 5: expected [7, 0,"), logits.message());
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"sum\":-1442.23584 | \"sum\":-1442.33584 | sum",
        "\"abs\":2463.9426 | \"abs\":2464.9426 | abs",
        "\"dot\":7.64314357 | \"dot\":7.74314357 | dot",
        "-1.29135406 | -1.29136406 | val[0]",
        "\"pad_tlbr\":[0,0,0,0] | \"pad_tlbr\":[0,0,0,1] | shape",
        "\"id\":\"conv2d/001\" | \"id\":\"conv2d/002\" | val[0]",
        "\"w\":[8,3,1,1] | \"w\":[8,1,1,1] | conv2d/001: leaf 'w' has shape 8x1x1x1",
      })
  void oneWrongNumberFailsItsLayer(String from, String to, String quantity) throws IOException {
    GoldenReport report = run("layers/conv2d.jsonl", from, to);

    CaseResult first = report.results().get(0);
    assertEquals(Status.FAILED, first.status(), first::toString);
    assertTrue(first.message().startsWith(quantity), first.message());
    assertEquals(1, report.count(Status.FAILED), report::toText);
  }

  @Test
  void anUnknownOptionIsNotIgnored() throws IOException {
    GoldenReport report =
        run("layers/conv2d.jsonl", "\"groups\":1", "\"groups\":1,\"padding_mode\":\"circular\"");

    assertEquals(Status.UNSUPPORTED, report.results().get(0).status());
    assertEquals("conv2d with [padding_mode]", report.results().get(0).message());
  }

  @Test
  void aWrongKeyFails() throws IOException {
    GoldenReport report = run("keys/lenet5.txt", "conv2.bias 16", "conv2.offset 16");

    CaseResult keys = report.results().get(0);
    assertEquals(Status.FAILED, keys.status());
    assertEquals("missing [conv2.offset 16], unexpected [conv2.bias 16]", keys.message());
  }

  @Test
  void aWrongBitFails() throws IOException {
    GoldenReport report = run("vectors.json", "3e9c045c", "3e9c045d");

    assertEquals(1, report.count(Status.FAILED));
    assertTrue(report.results().get(0).message().startsWith("first values"));
  }
}
