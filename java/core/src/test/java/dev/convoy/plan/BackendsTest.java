package dev.convoy.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.convoy.ConvoyException;
import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendProvider;
import dev.convoy.backend.BackendUnavailableException;
import dev.convoy.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private final List<String> warnings = new ArrayList<>();

  private static BackendProvider broken(String why) {
    return provider(
        () -> {
          throw new BackendUnavailableException(why, new IllegalStateException());
        });
  }

  private static BackendProvider provider(Supplier<Backend> backend) {
    return new BackendProvider() {
      @Override
      public String name() {
        return "some";
      }

      @Override
      public int rank() {
        return 1;
      }

      @Override
      public Backend create() {
        return backend.get();
      }
    };
  }

  @Test
  void whatIsWrongIsSaidOnceHoweverManyBackendsItStops() {
    BackendProvider reference = provider(ReferenceBackend::float32);
    Backend best =
        Backends.find(
            List.of(broken("no library"), broken("no library"), broken("no module"), reference),
            warnings::add);
    assertEquals("reference", best.name());
    assertEquals(
        List.of(
            "computing on the slower 'reference' backend: no library",
            "computing on the slower 'reference' backend: no module"),
        warnings);
  }

  @Test
  void withoutAnyBackendThereIsNothingToWarnOf() {
    List<BackendProvider> none = List.of(broken("no library"), broken("no library"));
    assertThrows(ConvoyException.class, () -> Backends.find(none, warnings::add));
    assertEquals(List.of(), warnings);
  }
}
