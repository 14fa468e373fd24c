package dev.convoy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.cli.Shell.Outcome;
import dev.convoy.models.Architecture;
import dev.convoy.models.Catalog;
import dev.convoy.nn.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code summary} and {@code models}. */
class SummaryCommandTest {
  @ParameterizedTest
  @CsvSource({
    "lenet5,'61,706'",
    "vgg16,'138,357,544'",
    "resnet50,'25,557,032'",
    "AlexNet-Original,'62,378,344'"
  })
  void printsTheTableAndItsTotals(String model, String parameters) {
    Outcome outcome = Shell.convoy("summary", model);
    assertEquals(0, outcome.status(), outcome.err());
    assertTrue(outcome.out().startsWith("Name"), outcome.out());
    assertTrue(outcome.out().contains("\n" + parameters + " parameters, "), outcome.out());
  }

  @Test
  void otherSizesAndClasses() {
    Outcome outcome =
        Shell.convoy("summary", "resnet18", "--input", "320x256", "--classes", "7", "--json");
    assertEquals(0, outcome.status(), outcome.err());
    assertTrue(outcome.out().contains("\"input\": [3, 320, 256]"), outcome.out());
    assertTrue(outcome.out().contains("\"output\": [7]"), outcome.out());
    assertEquals(1, JsonText.count(outcome.out(), "layers"));
    assertEquals(
        Shell.convoy("summary", "resnet18"),
        Shell.convoy("summary", "resnet18", "--classes", "auto"));
    assertTrue(Shell.convoy("summary", "resnet18", "--input", "1x64x64").out().contains("64x64"));
  }

  /** Every network of the catalogue: a heading and a rule, the layers, the totals. */
  @Test
  void everyNetworkHasATable() {
    for (Architecture model : Catalog.all()) {
      Outcome outcome = Shell.convoy("summary", model.name());
      assertEquals(0, outcome.status(), outcome.err());
      List<String> lines = outcome.out().lines().toList();
      assertTrue(lines.get(0).startsWith("Name "), lines.get(0));
      assertEquals(
          String.format(
              Locale.ROOT,
              "%,d parameters, %,d running statistics, %,d multiply-accumulates an image",
              model.network().parameters(),
              model.network().statistics(),
              model.network().macs()),
          lines.get(lines.size() - 1));
    }
  }

  /** The rows add up to the totals, which other tests compare with what PyTorch counts. */
  @Test
  void theRowsAddUp() {
    for (Architecture model : Catalog.all()) {
      Summary summary = model.network().summary();
      assertEquals(
          summary.parameters(),
          summary.rows().stream().mapToLong(Summary.Row::parameters).sum(),
          model.name());
      assertEquals(
          summary.macs(), summary.rows().stream().mapToLong(Summary.Row::macs).sum(), model.name());
    }
  }

  @Test
  void drawsTheNetwork(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("lenet5.svg");
    Outcome outcome = Shell.convoy("summary", "lenet5", "--svg", file);
    assertEquals(0, outcome.status(), outcome.err());
    assertTrue(outcome.out().startsWith("Name"), outcome.out());
    String svg = Files.readString(file);
    assertTrue(svg.startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""), svg);
    assertTrue(svg.contains("LeNet-5, 1998: 61,706 parameters"), svg);
    Outcome nowhere = Shell.convoy("summary", "lenet5", "--svg", folder.resolve("no/such/file"));
    assertEquals(2, nowhere.status());
    assertEquals(
        "convoy: "
            + folder.resolve("no/such/file")
            + ": it cannot be written: there is no such folder; check the path\n",
        nowhere.err());
  }

  @Test
  void aDrawingTakesThePlaceOfDrawingsOnly(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("weights.safetensors"), "trained for weeks");
    Outcome refused = Shell.convoy("summary", "lenet5", "--svg", file);
    assertEquals(2, refused.status(), refused.out());
    assertTrue(
        refused.err().contains(file + " is there already and is no SVG drawing"), refused.err());
    assertEquals("trained for weeks", Files.readString(file));
    assertEquals(0, Shell.convoy("summary", "lenet5", "--svg", file, "--force").status());
    assertEquals(0, Shell.convoy("summary", "vgg11", "--svg", file).status());
    assertEquals(2, Shell.convoy("summary", "lenet5", "--svg", folder).status());
  }

  @Test
  void jsonHasALineForEachLayer() {
    Outcome outcome = Shell.convoy("summary", "lenet5", "--json");
    assertEquals(8, JsonText.count(outcome.out(), "layer"));
    assertTrue(
        outcome
            .out()
            .contains(
                "    {\"name\": \"conv1\", \"layer\": \"Convolution\", \"maps\": 6, \"size\": \"28x28\","
                    + " \"kernel\": \"5x5\", \"stride\": \"1\", \"padding\": \"0\", \"activation\": \"tanh\","
                    + " \"parameters\": 156, \"macs\": 117600},\n"),
        outcome.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"224", "0x224", "ax3", "3x224x224x1", "-1x4", "99999999x9", "224x", ""})
  void refusesWhatIsNoShape(String shape) {
    Outcome outcome = Shell.convoy("summary", "vgg16", "--input=" + shape);
    assertEquals(2, outcome.status());
    assertTrue(outcome.err().contains("--input must be HxW or CxHxW"), outcome.err());
  }

  @Test
  void refusesShapesThatTheNetworkCannotRead() {
    Outcome outcome = Shell.convoy("summary", "lenet5", "--input", "8x8");
    assertEquals(2, outcome.status());
    assertTrue(outcome.err().contains("conv"), outcome.err());
    assertEquals(2, Shell.convoy("summary", "lenet5", "--classes", "0").status());
    Outcome beyond = Shell.convoy("summary", "vgg16", "--input", "9999999x9999999");
    assertEquals(2, beyond.status());
    assertTrue(beyond.err().contains("2^63 multiply-accumulates"), beyond.err());
  }

  @Test
  void modelsListsEveryOneWithItsWeights() {
    Outcome outcome = Shell.convoy("models");
    assertEquals(0, outcome.status());
    assertTrue(outcome.out().lines().allMatch(line -> line.equals(line.stripTrailing())));
    assertTrue(
        outcome.out().contains("resnet50-11ad3fa6.pth (80.86 %), resnet50-0676ba61.pth (76.13 %)"));
    Outcome json = Shell.convoy("models", "--json");
    assertEquals(outcome.out().lines().count() - 1, JsonText.count(json.out(), "model"));
    assertTrue(json.out().contains("\"file\": \"resnet50-0676ba61.pth\""), json.out());
  }
}
