package dev.convoy.models.download;

/** Hears how a {@link Download} goes, on the thread that fetches. */
public interface Listener {
  /** Hears nothing. */
  Listener NONE = new Listener() {};

  /** So many bytes are there; {@code total} is -1 where the server does not say. */
  default void reached(long bytes, long total) {}

  /** Something that a person may want to know: a retry, another process that is fetching. */
  default void note(String what) {}
}
