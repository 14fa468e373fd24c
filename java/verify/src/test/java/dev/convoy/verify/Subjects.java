package dev.convoy.verify;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.convoy.backend.Mode;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.cpu.Isa;
import dev.convoy.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Backends that tests put to the test. */
final class Subjects {
  static final Subject REFERENCE = Subject.of(ReferenceBackend.float32(), Mode.EXACT);
  static final Subject REFERENCE64 = Subject.of(ReferenceBackend.float64(), Mode.EXACT);

  private Subjects() {}

  /** Both references, and the native backend at every instruction set in every mode. */
  static List<Subject> all() {
    List<Subject> subjects = new ArrayList<>(List.of(REFERENCE, REFERENCE64));
    if (!isNativeSkipped()) {
      for (Isa isa : Isa.available()) {
        for (Mode mode : Mode.values()) {
          subjects.add(Subject.of(CpuBackend.of(isa), mode));
        }
      }
    }
    return subjects;
  }

  /**
   * The same but for the mode between the fastest and the exact one, and the accelerators, alone
   * and together.
   */
  static Stream<Subject> everywhere() {
    Stream<Subject> accelerated =
        isNativeSkipped()
            ? Stream.of()
            : Stream.of("onednn", "openblas", "auto").map(name -> Subject.of(name, Mode.FAST));
    return Stream.concat(
        all().stream().filter(subject -> subject.mode() != Mode.COMPACT), accelerated);
  }

  static boolean isBest(Subject subject) {
    return subject.backend() instanceof CpuBackend cpu
        && cpu.name().equals("native")
        && cpu.isa() == Isa.best();
  }

  /** Whether it takes a second or more for what others do in a hundredth. */
  static boolean isSlow(Subject subject) {
    return !(subject.backend() instanceof CpuBackend cpu) || cpu.isa() == Isa.PORTABLE;
  }

  /** The native backend at its best; skips the test where it was not built. */
  static Subject best(Mode mode) {
    assumeFalse(isNativeSkipped(), "built with -Dnative.skip");
    return Subject.of(CpuBackend.create(), mode);
  }

  /** Without {@code -Dnative.skip} a missing library is a failure, never a skip. */
  private static boolean isNativeSkipped() {
    return Boolean.getBoolean("convoy.native.skip");
  }
}
