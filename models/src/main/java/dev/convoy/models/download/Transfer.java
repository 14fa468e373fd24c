package dev.convoy.models.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection's part of a download: asks for the bytes that the file lacks and appends them.
 * {@link IOException}s are worth another attempt, {@link DownloadException}s are not.
 */
final class Transfer {
  /** No published weights come near; a server that never stops must not fill the disk. */
  static final long MAX_BYTES = 1L << 33;

  private static final int PARTIAL = HttpURLConnection.HTTP_PARTIAL;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");

  private final URI address;
  private final FileChannel file;
  private final Patience patience;
  private final Listener listener;

  Transfer(URI address, FileChannel file, Patience patience, Listener listener) {
    this.address = address;
    this.file = file;
    this.patience = patience;
    this.listener = listener;
  }

  /** Returns when the file has every byte that the server says there are. */
  void run() throws IOException {
    long have = file.size();
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    try {
      connection.setConnectTimeout((int) patience.connect().toMillis());
      connection.setReadTimeout((int) patience.silence().toMillis());
      connection.setRequestProperty("Accept-Encoding", "identity");
      if (have > 0) {
        connection.setRequestProperty("Range", "bytes=" + have + "-");
      }
      int status = connection.getResponseCode();
      if (status == RANGE_NOT_SATISFIABLE && have > 0) {
        complete(connection, have);
      } else if (status == HttpURLConnection.HTTP_OK) {
        file.truncate(0); // the whole file: the server ignores ranges
        append(connection, connection.getContentLengthLong());
      } else if (status == PARTIAL && have > 0) {
        append(connection, total(connection, have));
      } else if (status < 0) {
        throw new DownloadException(
            address
                + ": what answers there speaks no HTTP; check the address or use another mirror");
      } else {
        throw refused(status, connection);
      }
    } finally {
      connection.disconnect();
    }
  }

  /**
   * The server has nothing behind what is here: all of it, or a longer file than there should be.
   */
  private void complete(HttpURLConnection connection, long have) throws IOException {
    Matcher range = contentRange(connection);
    if (range.matches() && range.group(2).equals(Long.toString(have))) {
      return;
    }
    file.truncate(0);
    throw new IOException("what an earlier attempt left is no beginning of it");
  }

  private long total(HttpURLConnection connection, long have) throws IOException {
    Matcher range = contentRange(connection);
    if (!range.matches() || !Long.toString(have).equals(range.group(1))) {
      file.truncate(0);
      throw new IOException("the server answers with another part than the one asked for");
    }
    return range.group(2).equals("*") ? -1 : Long.parseLong(range.group(2));
  }

  private static Matcher contentRange(HttpURLConnection connection) {
    String header = connection.getHeaderField("Content-Range");
    return CONTENT_RANGE.matcher(header == null ? "" : header);
  }

  private void append(HttpURLConnection connection, long total) throws IOException {
    file.position(file.size());
    long limit = total < 0 ? MAX_BYTES : Math.min(total, MAX_BYTES);
    byte[] chunk = new byte[1 << 16];
    try (InputStream body = connection.getInputStream()) {
      listener.reached(file.position(), total);
      for (int got = body.read(chunk); got >= 0; got = body.read(chunk)) {
        if (file.position() + got > limit) {
          throw new DownloadException(
              address + " sends more than " + limit + " bytes; try a mirror");
        }
        write(chunk, got);
        listener.reached(file.position(), total);
      }
    }
    if (file.position() < total) {
      throw new IOException(
          "the connection ended after " + file.position() + " of " + total + " bytes");
    }
  }

  /** A full disk is no matter of the network. */
  private void write(byte[] chunk, int count) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      throw new DownloadException(
          "the download of "
              + address
              + " cannot be stored: "
              + e.getMessage()
              + "; is the disk full?",
          e);
    }
  }

  /** Servers in trouble (5xx, 408, 429) may answer next time; everything else stays as it is. */
  private IOException refused(int status, HttpURLConnection connection) throws IOException {
    String answer = "the server answers " + status + " " + connection.getResponseMessage();
    if (status >= 500 || status == HttpURLConnection.HTTP_CLIENT_TIMEOUT || status == 429) {
      return new IOException(answer);
    }
    String location = connection.getHeaderField("Location");
    throw new DownloadException(
        address
            + ": "
            + answer
            + (location == null ? "" : ", pointing to " + location)
            + "; check the address or use another mirror");
  }
}
