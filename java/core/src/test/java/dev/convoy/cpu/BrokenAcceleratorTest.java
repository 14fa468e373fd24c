package dev.convoy.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.backend.BackendUnavailableException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An accelerator whose library does not load is passed over with a warning, or refused by name. */
class BrokenAcceleratorTest {
  @BeforeEach
  void assumeNative() {
    NativeTests.assumePresent();
  }

  @Test
  void askedForByNameItIsAnErrorThatSaysWhy() {
    Accelerator broken = new BrokenAccelerator();
    String why =
        String.valueOf(
            assertThrows(BackendUnavailableException.class, broken::create).getMessage());
    assertTrue(why.contains("'broken' does not load") && why.contains("invalid ELF header"), why);
    assertTrue(
        why.contains("remove what is unpacked") && why.contains("BrokenAccelerator.class]"), why);
    assertThrows(BackendUnavailableException.class, broken::create, "again at each later call");
  }

  @Test
  void aMissingFileNamesTheDependency() {
    Accelerator missing = new BrokenAccelerator("no/such/libnothing.so");
    String why =
        String.valueOf(
            assertThrows(BackendUnavailableException.class, missing::create).getMessage());
    assertTrue(
        why.contains("no/such/libnothing.so is not on the class path: add the dependency"), why);
  }

  @Test
  void autoGoesOnWithoutItAndWarnsOnce() {
    List<String> warnings = new ArrayList<>();
    Accelerator broken = new BrokenAccelerator();
    for (int i = 0; i < 2; i++) {
      CpuBackend auto = CpuBackend.create().auto(List.of(broken), warnings::add);
      assertEquals(List.of(), auto.accelerators());
    }
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).contains("'broken' does not load"), warnings::toString);
  }
}
