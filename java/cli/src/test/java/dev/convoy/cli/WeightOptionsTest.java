package dev.convoy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.convoy.CacheFolders;
import dev.convoy.cli.Shell.Outcome;
import dev.convoy.graph.Graph;
import dev.convoy.models.Architecture;
import dev.convoy.models.Models;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Tensor;
import dev.convoy.weights.Weights;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightOptionsTest {
  private static final Path SEVEN = Shell.DIGITS.resolve("7_0000.png");

  @TempDir Path folder;

  @BeforeEach
  void cacheHere() {
    System.setProperty(CacheFolders.PROPERTY, folder.resolve("cache").toString());
  }

  @AfterEach
  void cacheElsewhere() {
    System.clearProperty(CacheFolders.PROPERTY);
  }

  private static void save(Architecture model, int classes, Path file) throws IOException {
    Graph graph = model.network(model.input(), classes).graph();
    GoldenNumbers numbers = GoldenNumbers.of(graph, 1, Map.of());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph.storedParameters().keySet().forEach(key -> tensors.put(key, numbers.tensor(key)));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Weights.of(tensors).save(file);
  }

  private Path fineTuned() throws IOException {
    Path file = folder.resolve("fine.safetensors");
    save(Models.lenet5(), 3, file);
    return file;
  }

  private static void assertRefused(Outcome outcome, String... texts) {
    assertEquals(2, outcome.status(), outcome.err());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().startsWith("convoy: "), outcome.err());
    for (String text : texts) {
      assertTrue(outcome.err().contains(text), outcome.err());
    }
  }

  @Test
  void labelsNameTheClassesOfFineTunedWeights() throws IOException {
    Path labels = Files.writeString(folder.resolve("labels.txt"), "round\nstraight\nboth\n");
    Outcome outcome =
        Shell.convoy(
            "predict", "lenet5", SEVEN, "--weights", fineTuned(), "--labels", labels, "--csv");
    assertEquals(0, outcome.status(), outcome.err());
    for (String label : new String[] {",round,", ",straight,", ",both,"}) {
      assertTrue(outcome.out().contains(label), outcome.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "auto"})
  void classesAreCounted(String classes) throws IOException {
    Outcome outcome =
        Shell.convoy(
            "predict", "lenet5", SEVEN, "--weights", fineTuned(), "--classes", classes, "--csv");
    assertEquals(0, outcome.status(), outcome.err());
    assertEquals(4, outcome.out().lines().count());
  }

  @Test
  void whatALayerGivesNeedsNoClasses() throws IOException {
    Outcome outcome =
        Shell.convoy("predict", "lenet5", SEVEN, "--weights", fineTuned(), "--at", "fc1", "--csv");
    assertEquals(0, outcome.status(), outcome.err());
  }

  @Test
  void ownWeightsMayHaveOtherLabels() throws IOException {
    Path labels =
        Files.writeString(
            folder.resolve("words.txt"),
            "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine");
    Outcome outcome =
        Shell.convoy("predict", "lenet5", SEVEN, "--labels", labels, "--csv", "--top", 1);
    assertTrue(outcome.out().contains(",1,7,seven,0.99"), outcome.out() + outcome.err());
  }

  @Test
  void anotherNumberOfClassesIsRefused() throws IOException {
    Path two = Files.writeString(folder.resolve("two.txt"), "a\nb\n");
    assertRefused(
        Shell.convoy("predict", "lenet5", SEVEN, "--weights", fineTuned(), "--labels", two),
        "fc2.weight: expected 2x84, given 3x84",
        "The weights are for 3 classes, the network has 2");
    assertRefused(
        Shell.convoy("predict", "lenet5", SEVEN, "--weights", fineTuned()),
        "--labels FILE or --classes 3");
    assertRefused(Shell.convoy("predict", "lenet5", SEVEN, "--classes", "7"), "--classes 10");
    for (String bad : new String[] {"0", "-1", "x", "99999999"}) {
      assertRefused(Shell.convoy("predict", "lenet5", SEVEN, "--classes", bad), "--classes must");
    }
    assertRefused(
        Shell.convoy("predict", "lenet5", SEVEN, "--classes", "2", "--labels", two), "exclusive");
    assertRefused(
        Shell.convoy("predict", "lenet5", SEVEN, "--labels", folder.resolve("none.txt")),
        "labels file",
        "no such file");
  }

  @Test
  void withoutWeightsEveryPlaceIsNamedAndTheWayToGetThem() {
    assertRefused(
        Shell.convoy("predict", "resnet50", SEVEN),
        "resnet50-11ad3fa6.pth (IMAGENET1K_V2, top-1 80.86 %",
        "\n  " + Path.of("resnet50-11ad3fa6.pth").toAbsolutePath() + "\n",
        "\n  " + folder.resolve("cache/weights/resnet50-11ad3fa6.pth") + "\n",
        "--download",
        "--weights FILE",
        "--weights IMAGENET1K_V1: resnet50-0676ba61.pth");
    assertRefused(
        Shell.convoy("predict", "resnet50", SEVEN, "--weights", "imagenet1k_v1"),
        "needs a weight file: resnet50-0676ba61.pth (IMAGENET1K_V1");
    assertRefused(
        Shell.convoy("predict", "resnet50", SEVEN, "--weights", "IMAGENET1K_V3"),
        "there are DEFAULT, IMAGENET1K_V2, IMAGENET1K_V1");
    Path given = folder.resolve("mine/resnet50-0676ba61.pth");
    assertRefused(
        Shell.convoy("predict", "resnet50", SEVEN, "--weights", given), "\n  " + given + "\n");
    assertRefused(
        Shell.convoy("predict", "vgg16", SEVEN, "--weights", "IMAGENET1K_V2"),
        "there are DEFAULT, IMAGENET1K_V1");
    assertFalse(Files.exists(folder.resolve("cache")), "nothing is made, nothing is fetched");
  }

  @Test
  void aFileInTheCacheIsUsedWithoutADownload() throws IOException {
    save(Models.squeezenet11(), 1000, folder.resolve("cache/weights/squeezenet1_1-b8a52dc0.pth"));
    for (String name : new String[] {"DEFAULT", "squeezenet1_1-b8a52dc0.pth"}) {
      Outcome outcome =
          Shell.convoy("predict", "squeezenet1_1", SEVEN, "--weights", name, "--csv", "--top", 1);
      assertEquals(0, outcome.status(), outcome.err());
      assertEquals(2, outcome.out().lines().count());
    }
  }

  @Test
  void aDamagedFileInTheCacheIsNamedWithTheCureAndFetchedAgain() throws IOException {
    Path cached = folder.resolve("cache/weights/squeezenet1_1-b8a52dc0.pth");
    Files.createDirectories(cached.getParent());
    Files.writeString(cached, "half of it");
    assertRefused(
        Shell.convoy("predict", "squeezenet1_1", SEVEN),
        cached.toString(),
        "is damaged: delete it, or add --download to fetch it again");
    for (Object weights : new Object[] {"DEFAULT", cached}) {
      assertRefused(
          Shell.convoy(
              "predict",
              "squeezenet1_1",
              SEVEN,
              "--weights",
              weights,
              "--download",
              "--mirror",
              "http://no-such-host.invalid"),
          cached + " is damaged, fetching it again",
          "the host no-such-host.invalid is not known");
    }
  }

  /** Both published versions have one shape, and images are resized in another way for each. */
  @Test
  void weightsThatLostTheirNameGetANoteOrARecipeOfChoice() throws IOException {
    Path renamed = folder.resolve("mine.safetensors");
    save(Models.mobilenetV2(), 3, renamed);
    Object[] words = {
      "predict", "mobilenet_v2", SEVEN, "--weights", renamed, "--classes", "auto", "--json"
    };
    Outcome noted = Shell.convoy(words);
    assertEquals(0, noted.status(), noted.err());
    assertEquals(
        "convoy: neither the name nor the folder of "
            + renamed
            + " tells how images are prepared for it:"
            + " taken is the way of IMAGENET1K_V1, another is --recipe IMAGENET1K_V2\n",
        noted.err());
    assertTrue(noted.out().contains("\"preprocessing\": \"resize"), noted.out());
    assertTrue(noted.out().contains("256"), noted.out());

    Object[] chosen = Arrays.copyOf(words, words.length + 2);
    chosen[words.length] = "--recipe";
    chosen[words.length + 1] = "IMAGENET1K_V2";
    Outcome second = Shell.convoy(chosen);
    assertEquals("", second.err());
    assertTrue(second.out().contains("232"), second.out());

    words[4] = Files.copy(renamed, folder.resolve("mobilenet_v2-7ebf99e0.safetensors"));
    Outcome named = Shell.convoy(words);
    assertEquals("", named.err());
    assertTrue(named.out().contains("232"), named.out());

    chosen[chosen.length - 1] = "IMAGENET1K_V7";
    assertRefused(Shell.convoy(chosen), "DEFAULT, IMAGENET1K_V2, IMAGENET1K_V1");
    assertRefused(
        Shell.convoy("predict", "lenet5", SEVEN, "--recipe", "DEFAULT"), "there are none");
  }

  @Test
  void anEmptyNameOfWeightsIsRefused() {
    assertRefused(Shell.convoy("predict", "squeezenet1_1", SEVEN, "--weights", ""), "is empty");
  }

  /** Those that compute with made-up numbers otherwise read no less than predict does. */
  @ParameterizedTest
  @ValueSource(strings = {"plan", "verify"})
  void everyCommandTakesNamesOfWeightsAndOtherKeys(String command) throws IOException {
    save(Models.squeezenet11(), 1000, folder.resolve("cache/weights/squeezenet1_1-b8a52dc0.pth"));
    Outcome named =
        Shell.convoy(command, "squeezenet1_1", "--weights", "DEFAULT", "--backend", "reference");
    assertEquals(0, named.status(), named.err());
    Outcome counted =
        Shell.convoy(
            command,
            "lenet5",
            "--weights",
            fineTuned(),
            "--classes",
            "auto",
            "--backend",
            "reference");
    assertEquals(0, counted.status(), counted.err());
    assertRefused(
        Shell.convoy(command, "lenet5", "--weights", fineTuned()), "--labels FILE or --classes 3");
  }

  @Test
  void aDownloadThatFailsSaysWhy() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/lies/squeezenet1_1-b8a52dc0.pth",
        exchange -> {
          exchange.sendResponseHeaders(200, 4);
          exchange.getResponseBody().write(new byte[4]);
          exchange.close();
        });
    server.start();
    String address = "http://localhost:" + server.getAddress().getPort();
    try {
      assertRefused(
          Shell.convoy(
              "predict", "squeezenet1_1", SEVEN, "--download", "--mirror", address + "/lies/"),
          "its SHA-256 begins with df3f6198, that of the published file with b8a52dc0");
      assertRefused(
          Shell.convoy(
              "predict", "squeezenet1_1", SEVEN, "--download", "--mirror", address + "/none"),
          address + "/none/squeezenet1_1-b8a52dc0.pth: the server answers 404");
      assertFalse(Files.exists(folder.resolve("cache/weights/squeezenet1_1-b8a52dc0.pth")));
    } finally {
      server.stop(0);
    }
    assertRefused(
        Shell.convoy("predict", "squeezenet1_1", SEVEN, "--mirror", address), "add --download");
    assertRefused(
        Shell.convoy("predict", "squeezenet1_1", SEVEN, "--download", "--mirror", ""),
        "--mirror is empty");
    for (String bad : new String[] {"ftp://x", "no address", "x"}) {
      assertRefused(
          Shell.convoy("predict", "squeezenet1_1", SEVEN, "--download", "--mirror", bad), bad);
    }
  }
}
