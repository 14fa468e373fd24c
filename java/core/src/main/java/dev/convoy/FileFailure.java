package dev.convoy;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Why a file cannot be read or written, in words, and what to do: the end of a message. */
public final class FileFailure {
  private FileFailure() {}

  /** What a failure of reading a file says. */
  public static String reading(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file; check the path";
    }
    if (e instanceof AccessDeniedException) {
      return "it may not be read; check its permissions";
    }
    return "it cannot be read: " + reason(e) + "; check the disk and the file";
  }

  /** What a failure of writing a file or making its folder says. */
  public static String writing(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "it cannot be written: there is no such folder; check the path";
    }
    if (e instanceof AccessDeniedException) {
      return "it cannot be written: that is not allowed; check the permissions";
    }
    if (e instanceof ClosedByInterruptException) {
      return "it was not written: the thread was interrupted; write it again";
    }
    return "it cannot be written: " + reason(e) + "; check the folder and the disk";
  }

  private static String reason(IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason != null
        ? reason
        : e.getClass()
            .getSimpleName()
            .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
            .replace(" Exception", "")
            .toLowerCase(Locale.ROOT);
  }
}
