package dev.convoy.models.download;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.models.download.BadServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  private static final Patience SHORT =
      new Patience(Duration.ofSeconds(5), Duration.ofMillis(500), 3, Duration.ofMillis(1));

  private final byte[] content = new byte[200_001];
  private String sha = "";

  @TempDir Path folder;

  @BeforeEach
  void fill() throws Exception {
    new Random(5).nextBytes(content);
    sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private Path file() {
    return folder.resolve("cache/weights.pth");
  }

  private Path part() {
    return folder.resolve("cache/weights.pth.part");
  }

  private Download from(URI address) {
    return new Download(address, file(), sha.substring(0, 8));
  }

  private void assertFetched() throws Exception {
    assertArrayEquals(content, Files.readAllBytes(file()));
    assertFalse(Files.exists(part()), "nothing is left beside it");
  }

  /** Fetches from a server that answers so, then well; returns the ranges it was asked for. */
  private List<String> fetched(Answer... answers) throws Exception {
    try (BadServer server = new BadServer(content, answers)) {
      from(server.address()).fetch(SHORT, Listener.NONE);
      assertFetched();
      return server.ranges;
    }
  }

  private String refusal(Answer... answers) throws Exception {
    try (BadServer server = new BadServer(content, answers)) {
      DownloadException refused =
          assertThrows(
              DownloadException.class, () -> from(server.address()).fetch(SHORT, Listener.NONE));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains(server.address().toString()), message);
      assertFalse(Files.exists(file()), "what is not sound does not appear");
      return message;
    }
  }

  private void leavePart(byte[] bytes) throws Exception {
    Files.createDirectories(part().getParent());
    Files.write(part(), bytes);
  }

  @Test
  void fetchesAndTellsHowFarItIs() throws Exception {
    List<Long> reached = new ArrayList<>();
    try (BadServer server = new BadServer(content)) {
      from(server.address())
          .fetch(
              SHORT,
              new Listener() {
                @Override
                public void reached(long bytes, long total) {
                  assertEquals(content.length, total);
                  reached.add(bytes);
                }
              });
    }
    assertFetched();
    assertEquals(0, reached.get(0));
    assertEquals(content.length, reached.get(reached.size() - 1));
  }

  @Test
  void aFileThatIsThereIsNotFetched() throws Exception {
    Files.createDirectories(file().getParent());
    Files.write(file(), content);
    from(URI.create("http://localhost:1/")).fetch(SHORT, Listener.NONE);
    assertFetched();
  }

  private List<String> notes(URI address) {
    List<String> notes = new ArrayList<>();
    from(address)
        .fetch(
            SHORT,
            new Listener() {
              @Override
              public void note(String what) {
                notes.add(what);
              }
            });
    return notes;
  }

  @Test
  void aDamagedFileIsReplacedAndThatIsSaid() throws Exception {
    Files.createDirectories(file().getParent());
    Files.write(file(), Arrays.copyOf(content, 1000));
    try (BadServer server = new BadServer(content)) {
      assertEquals(List.of(file() + " is damaged, fetching it again"), notes(server.address()));
    }
    assertFetched();
    assertTrue(from(URI.create("http://localhost:1/")).isThere());
  }

  @Test
  void aDamagedFileStaysUntilABetterOneIsThere() throws Exception {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "damaged");
    try (BadServer server = new BadServer(content, Answer.NOT_FOUND)) {
      assertThrows(DownloadException.class, () -> notes(server.address()));
    }
    assertEquals("damaged", Files.readString(file()));
    assertFalse(Files.exists(part()));
  }

  @Test
  void anUnknownHostIsAskedForOnce() {
    URI nowhere = URI.create("http://no-such-host.invalid/weights.pth");
    List<String> notes = new ArrayList<>();
    DownloadException refused =
        assertThrows(DownloadException.class, () -> notes.addAll(notes(nowhere)));
    assertEquals(
        nowhere
            + " cannot be fetched: the host no-such-host.invalid is not known (no network or DNS?);"
            + " name one that is with --mirror URL",
        refused.getMessage());
    assertEquals(List.of(), notes);
    assertFalse(Files.exists(part()), "nothing has arrived");
  }

  @Test
  void whatSpeaksNoHttpIsNamed() throws Exception {
    try (ServerSocket mail = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> greeting =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (true) {
                    try (Socket caller = mail.accept()) {
                      caller.getOutputStream().write("220 mail ready\r\n".getBytes(UTF_8));
                    }
                  }
                } catch (IOException e) {
                  // closed
                }
              });
      URI address = URI.create("http://localhost:" + mail.getLocalPort() + "/weights.pth");
      DownloadException refused = assertThrows(DownloadException.class, () -> notes(address));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("speaks no HTTP"), refused.getMessage());
      assertFalse(greeting.isDone());
    }
  }

  @Test
  void theProxyOfTheJdkIsAsked() throws Exception {
    try (BadServer proxy = new BadServer(content)) {
      System.setProperty("http.proxyHost", proxy.address().getHost());
      System.setProperty("http.proxyPort", String.valueOf(proxy.address().getPort()));
      notes(URI.create("http://no-such-host.invalid/weights.pth"));
      assertFetched();
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
    }
  }

  @Test
  void brokenConnectionsGoOnWhereTheyEnded() throws Exception {
    assertEquals(List.of("", "bytes=100000-"), fetched(Answer.TRUNCATED));
  }

  @Test
  void aSilentServerIsLeftAndAskedForTheRest() throws Exception {
    assertEquals(
        List.of("", "bytes=100000-", "bytes=150000-"), fetched(Answer.STALLED, Answer.STALLED));
  }

  @Test
  void aServerInTroubleIsAskedAgain() throws Exception {
    assertEquals(List.of("", "", ""), fetched(Answer.BROKEN, Answer.BROKEN));
  }

  @Test
  void aServerMayIgnoreRanges() throws Exception {
    assertEquals(List.of("", "bytes=100000-"), fetched(Answer.TRUNCATED, Answer.RANGE_IGNORED));
  }

  @Test
  void anotherRangeIsNotTakenForTheRightOne() throws Exception {
    assertEquals(List.of("", "bytes=100000-", ""), fetched(Answer.TRUNCATED, Answer.WRONG_RANGE));
  }

  @Test
  void goesOnFromWhatAnEarlierProcessLeft() throws Exception {
    leavePart(Arrays.copyOf(content, 1234));
    assertEquals(List.of("bytes=1234-"), fetched());
  }

  @Test
  void finishesWhatWasCompleteButNotMoved() throws Exception {
    leavePart(content);
    assertEquals(List.of("bytes=200001-"), fetched());
  }

  @Test
  void startsAgainWhereWhatWasLeftIsDamagedOrTooLong() throws Exception {
    leavePart(new byte[1234]);
    assertEquals(List.of("bytes=1234-", ""), fetched());
    Files.delete(file());
    leavePart(new byte[content.length + 1]);
    assertEquals(List.of("bytes=200002-", ""), fetched());
  }

  @Test
  void otherBytesAreRefusedAndForgotten() throws Exception {
    String message = refusal(Answer.LIE);
    assertTrue(message.contains("with " + sha.substring(0, 8)), message);
    assertFalse(Files.exists(part()), "the next attempt starts from nothing");
  }

  @Test
  void refusalsAreFinal() throws Exception {
    assertTrue(refusal(Answer.NOT_FOUND).contains("the server answers 404"));
    assertTrue(refusal(Answer.REDIRECT).contains("pointing to ftp://elsewhere/"));
  }

  @Test
  void attemptsAreBounded() throws Exception {
    String broken = refusal(Answer.BROKEN, Answer.BROKEN, Answer.BROKEN);
    assertTrue(broken.contains("the server answers 503"), broken);
    assertTrue(broken.contains("(3 attempts)"), broken);
    assertFalse(broken.contains("is kept"), broken);
    String silent = refusal(Answer.STALLED, Answer.STALLED, Answer.STALLED);
    assertTrue(silent.contains("timed out") && silent.contains("is kept"), silent);
    assertEquals(List.of("bytes=175000-"), fetched(), "what has arrived is kept");
  }

  @Test
  void nobodyThere() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Download download = from(URI.create("http://localhost:" + port + "/weights.pth"));
    DownloadException refused =
        assertThrows(DownloadException.class, () -> download.fetch(SHORT, Listener.NONE));
    assertTrue(String.valueOf(refused.getMessage()).contains("refused"), refused.getMessage());
  }

  @Test
  void onlyHttp() {
    for (String address : List.of("file:///etc/passwd", "ftp://localhost/x", "weights.pth")) {
      assertThrows(DownloadException.class, () -> from(URI.create(address)), address);
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws Exception {
    Files.writeString(folder.resolve("cache"), "a file where the folder should be");
    DownloadException refused =
        assertThrows(
            DownloadException.class,
            () -> from(URI.create("http://localhost:1/")).fetch(SHORT, Listener.NONE));
    assertTrue(String.valueOf(refused.getMessage()).contains(file().toString()));
  }

  @Test
  void twoThreadsFetchOnce() throws Exception {
    try (BadServer server = new BadServer(content, Answer.SLOW)) {
      Download download = from(server.address());
      CompletableFuture<Path> other =
          CompletableFuture.supplyAsync(() -> download.fetch(SHORT, Listener.NONE));
      download.fetch(SHORT, Listener.NONE);
      assertEquals(file(), other.get(30, TimeUnit.SECONDS));
      assertFetched();
      assertEquals(List.of(""), server.ranges);
    }
  }

  /** A process of {@link #twoProcessesFetchOnce}. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] args) {
      new Download(URI.create(args[0]), Path.of(args[1]), args[2]).fetch(SHORT, Listener.NONE);
    }
  }

  @Test
  void twoProcessesFetchOnce() throws Exception {
    try (BadServer server = new BadServer(content, Answer.SLOW)) {
      List<Process> processes = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        processes.add(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    OtherProcess.class.getName(),
                    server.address().toString(),
                    file().toString(),
                    sha.substring(0, 8))
                .redirectErrorStream(true)
                .start());
      }
      for (Process process : processes) {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
      }
      assertFetched();
      assertEquals(List.of(""), server.ranges);
    }
  }
}
