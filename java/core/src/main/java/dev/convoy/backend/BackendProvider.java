package dev.convoy.backend;

/** How a backend is found: registered as a {@link java.util.ServiceLoader} service. */
public interface BackendProvider {
  /** What users call it, such as {@code native}. */
  String name();

  /** The higher, the faster. */
  int rank();

  /**
   * The backend.
   *
   * @throws BackendUnavailableException saying why it cannot work on this machine, and the cure
   * @throws dev.convoy.ConvoyException if it is configured wrongly, naming the setting
   */
  Backend create();
}
