package dev.convoy.cli.doctor;

import dev.convoy.cli.Command;
import dev.convoy.cli.ExitStatus;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code convoy doctor}: does Convoy work here, and what does it run on? */
@CommandLine.Command(
    name = "doctor",
    description =
        "Look at the machine, the JDK, the native library and the backends; say what is wrong.",
    footer = {
      "Examples:",
      "  convoy doctor",
      "  CONVOY_MAX_ISA=avx2 convoy doctor --json",
      "",
      "Exit status: 0 all is well, 1 something is wrong."
    })
public final class DoctorCommand implements Command {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    Runtime java = Runtime.getRuntime();
    List<Finding> findings = new ArrayList<>();
    findings.addAll(
        MachineCheck.run(
            ControlGroup.ofThisProcess(), java.availableProcessors(), java.maxMemory()));
    findings.addAll(NativeCheck.run());
    findings.addAll(AcceleratorCheck.run());
    findings.addAll(SelfTest.run());
    DoctorReport report = new DoctorReport(findings);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      report.writeJson(out);
    } else {
      report.print(out);
    }
    out.flush();
    return report.problems().isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
  }
}
