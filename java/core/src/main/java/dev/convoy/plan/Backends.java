package dev.convoy.plan;

import dev.convoy.ConvoyException;
import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendProvider;
import dev.convoy.backend.BackendUnavailableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The backends on the class path. */
public final class Backends {
  private Backends() {}

  /** Modules that bring a backend of their name. */
  private static final List<String> OPTIONAL = List.of("onednn", "openblas");

  private static @Nullable Backend best;

  /**
   * The fastest backend that works here. Where a faster one is present but does not work, a warning
   * says once why and what to do.
   *
   * @throws ConvoyException if a backend is configured wrongly, such as by an unknown {@code
   *     CONVOY_MAX_ISA}
   */
  public static synchronized Backend best() {
    if (best == null) {
      System.Logger log = System.getLogger(Backends.class.getName());
      best = find(providers(), text -> log.log(System.Logger.Level.WARNING, text));
    }
    return best;
  }

  /** Several backends may stand on one library: what is wrong with it is said once. */
  static Backend find(List<BackendProvider> providers, Consumer<String> warn) {
    List<BackendUnavailableException> failures = new ArrayList<>();
    for (BackendProvider provider : providers) {
      try {
        Backend backend = provider.create();
        failures.stream()
            .map(Throwable::getMessage)
            .distinct()
            .forEach(
                why ->
                    warn.accept(
                        "computing on the slower '" + backend.name() + "' backend: " + why));
        return backend;
      } catch (BackendUnavailableException e) {
        failures.add(e);
      }
    }
    ConvoyException none = new ConvoyException("no backend works on this machine");
    failures.forEach(none::addSuppressed);
    throw none;
  }

  /**
   * The backend of this name, or an exception that says why not: never another one.
   *
   * @throws ConvoyException for an unknown name, or with the reason why the backend cannot work
   *     here
   */
  public static Backend named(String name) {
    for (BackendProvider provider : services()) { // makes none of those behind it
      if (provider.name().equals(name.toLowerCase(Locale.ROOT))) {
        return provider.create();
      }
    }
    throw new ConvoyException(
        "there is no backend '%s'; present are %s%s"
            .formatted(
                name,
                names(),
                OPTIONAL.contains(name.toLowerCase(Locale.ROOT))
                    ? ": add dev.convoy:convoy-%s, and the same with classifier linux-x86_64"
                        .formatted(name.toLowerCase(Locale.ROOT))
                    : ""));
  }

  /** Names of the backends on the class path, fastest first. */
  public static List<String> names() {
    return providers().stream().map(BackendProvider::name).toList();
  }

  private static List<BackendProvider> providers() {
    List<BackendProvider> providers = new ArrayList<>();
    services().forEach(providers::add);
    providers.sort(Comparator.comparingInt(BackendProvider::rank).reversed());
    return providers;
  }

  private static ServiceLoader<BackendProvider> services() {
    return ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader());
  }
}
