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
  private static final class Broken extends Accelerator {
    private final String resource;

    Broken(String resource) {
      this.resource = resource;
    }

    @Override
    public String name() {
      return "broken";
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    protected List<String> resources() {
      return List.of(resource);
    }

    @Override
    protected String dependency() {
      return "the dependency that brings it";
    }
  }

  /** A file of this very test: no shared library at all. */
  private static final String NO_LIBRARY = "dev/convoy/cpu/BrokenAcceleratorTest.class";

  @BeforeEach
  void assumeNative() {
    NativeTests.assumePresent();
  }

  @Test
  void askedForByNameItIsAnErrorThatSaysWhy() {
    Accelerator broken = new Broken(NO_LIBRARY);
    String why =
        String.valueOf(
            assertThrows(BackendUnavailableException.class, broken::create).getMessage());
    assertTrue(why.contains("'broken' does not load") && why.contains("invalid ELF header"), why);
    assertThrows(BackendUnavailableException.class, broken::create, "again at each later call");
  }

  @Test
  void aMissingFileNamesTheDependency() {
    Accelerator missing = new Broken("no/such/libnothing.so");
    String why =
        String.valueOf(
            assertThrows(BackendUnavailableException.class, missing::create).getMessage());
    assertTrue(
        why.contains("no/such/libnothing.so is not on the class path: add the dependency"), why);
  }

  @Test
  void autoGoesOnWithoutItAndWarnsOnce() {
    List<String> warnings = new ArrayList<>();
    Accelerator broken = new Broken(NO_LIBRARY);
    for (int i = 0; i < 2; i++) {
      CpuBackend auto = CpuBackend.create().auto(List.of(broken), warnings::add);
      assertEquals(List.of(), auto.accelerators());
    }
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).contains("'broken' does not load"), warnings::toString);
  }
}
