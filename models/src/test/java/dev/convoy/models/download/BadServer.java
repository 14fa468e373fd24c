package dev.convoy.models.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves one content, badly: the n-th request is answered in the n-th way, later ones well. */
final class BadServer implements AutoCloseable {
  /** Ways to answer. */
  enum Answer {
    WELL,
    /** Half of what is asked for, then the connection ends. */
    TRUNCATED,
    /** Half of what is asked for, then silence. */
    STALLED,
    /** The right length, other bytes. */
    LIE,
    /** All of it, whatever part is asked for. */
    RANGE_IGNORED,
    /** A part, but not the one asked for. */
    WRONG_RANGE,
    NOT_FOUND,
    REDIRECT,
    BROKEN,
    /** Well, in small pieces with pauses. */
    SLOW
  }

  private final byte[] content;
  private final List<Answer> answers;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** The Range header of each request, "" where there was none. */
  final List<String> ranges = new CopyOnWriteArrayList<>();

  BadServer(byte[] content, Answer... answers) throws IOException {
    this.content = content;
    this.answers = List.of(answers);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/weights.pth");
  }

  private synchronized Answer next(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(range == null ? "" : range);
    return ranges.size() <= answers.size() ? answers.get(ranges.size() - 1) : Answer.WELL;
  }

  private void handle(HttpExchange exchange) throws IOException {
    Answer answer = next(exchange);
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
    try (exchange) {
      switch (answer) {
        case NOT_FOUND -> exchange.sendResponseHeaders(404, -1);
        case BROKEN -> exchange.sendResponseHeaders(503, -1);
        case REDIRECT -> {
          exchange.getResponseHeaders().set("Location", "ftp://elsewhere/");
          exchange.sendResponseHeaders(302, -1);
        }
        case RANGE_IGNORED -> send(exchange, 200, content, content.length);
        case WRONG_RANGE -> part(exchange, Math.max(0, from - 1), content);
        case LIE -> {
          byte[] other = content.clone();
          other[content.length - 1]++;
          part(exchange, from, other);
        }
        default -> part(exchange, from, content, answer);
      }
    }
  }

  private void part(HttpExchange exchange, int from, byte[] bytes) throws IOException {
    part(exchange, from, bytes, Answer.WELL);
  }

  private void part(HttpExchange exchange, int from, byte[] bytes, Answer answer)
      throws IOException {
    if (from == 0) {
      send(exchange, 200, bytes, answer);
    } else if (from >= bytes.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + bytes.length);
      exchange.sendResponseHeaders(416, -1);
    } else {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
      send(exchange, 206, Arrays.copyOfRange(bytes, from, bytes.length), answer);
    }
  }

  private void send(HttpExchange exchange, int status, byte[] bytes, Answer answer)
      throws IOException {
    switch (answer) {
      case TRUNCATED -> send(exchange, status, bytes, bytes.length / 2);
      case STALLED -> {
        exchange.sendResponseHeaders(status, bytes.length);
        OutputStream out = exchange.getResponseBody();
        out.write(bytes, 0, bytes.length / 2);
        out.flush();
        await();
      }
      case SLOW -> {
        exchange.sendResponseHeaders(status, bytes.length);
        OutputStream out = exchange.getResponseBody();
        for (int at = 0; at < bytes.length; at += bytes.length / 10) {
          out.write(bytes, at, Math.min(bytes.length / 10, bytes.length - at));
          out.flush();
          pause();
        }
      }
      default -> send(exchange, status, bytes, bytes.length);
    }
  }

  private void send(HttpExchange exchange, int status, byte[] bytes, int sent) throws IOException {
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes, 0, sent);
    exchange.getResponseBody().flush();
  }

  private void await() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
