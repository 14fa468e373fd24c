package dev.convoy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
  private static final Machine MACHINE =
      new Machine("AMD EPYC(TM) 9355P @ 3.5GHz", "avx512", 2, "VM 17", "0123abcd", "2026-01-31");

  private static final Report REPORT =
      new Report(
          "compare",
          "Convoy and a peer",
          MACHINE,
          ComparisonRow.headings("network"),
          List.of(
              new ComparisonRow(
                  "network",
                  "resnet50",
                  8,
                  1,
                  new Measurement(new double[] {30, 33, 36}, new double[] {0.25}),
                  Map.of(
                      Peer.ONNXRUNTIME,
                      PeerResult.of(
                          new Measurement(new double[] {25, 22, 24}, new double[] {0.33}),
                          new Difference(1.5e-6, 3e-7)),
                      Peer.ONEDNN,
                      PeerResult.refused("it has no shuffle")))));

  @Test
  void jsonRowsHaveTheFieldsThatReadersExpect() {
    assertEquals(
        """
        [
          {"network": "resnet50", "batch": 8, "threads": 1, "precision": "fp32", "convoy": 33.0, "onnxruntime": 24.0,\
         "onednn": null, "ratioOnnxRuntime": 1.5, "ratioOneDnn": null, "minRatioOnnxRuntime": 1.2,\
         "minRatioOneDnn": null, "rounds": 3, "maxAbsDiff": 1.5E-6, "maxRelDiff": 3.0E-7,\
         "note": "resnet50: no figure of oneDNN: it has no shuffle"}
        ]
        """,
        REPORT.jsonRows(1));
  }

  @Test
  void textAlignsFiguresToTheRight() {
    assertEquals(
        """
        network   batch  threads  Convoy images/s  ONNX Runtime images/s  ratio  lowest ratio  oneDNN images/s  ratio  lowest ratio  rounds  max difference  of largest output
        resnet50      8        1             33.0                   24.0   1.50          1.20                -      -             -       3         1.5e-06            3.0e-07
        resnet50: no figure of oneDNN: it has no shuffle
        """,
        REPORT.text());
  }

  @Test
  void savedFilesSayWhatWasMeasuredWhere(@TempDir Path folder) throws IOException {
    List<Path> files = new Results(folder).save(REPORT);
    Path place = folder.resolve("amd-epyc-9355p-3-5ghz");
    assertEquals(List.of(place.resolve("compare.json"), place.resolve("compare.md")), files);
    String json = Files.readString(files.get(0));
    assertTrue(json.contains("\"commit\": \"0123abcd\""), json);
    assertTrue(json.contains("\"ratioOnnxRuntime\": 1.5"), json);
    String markdown = Files.readString(files.get(1));
    assertTrue(markdown.contains("commit 0123abcd, 2026-01-31"), markdown);
    assertTrue(markdown.contains("| resnet50 | 8 | 1 | 33.0 | 24.0 | 1.50 |"), markdown);
    assertTrue(
        markdown.endsWith("|\n\nresnet50: no figure of oneDNN: it has no shuffle\n"), markdown);
  }

  private static ComparisonRow row(String network, int batch, double convoy, double peer) {
    return new ComparisonRow(
        "network",
        network,
        batch,
        2,
        new Measurement(new double[] {convoy}, new double[] {1}),
        Map.of(
            Peer.ONNXRUNTIME,
            PeerResult.of(
                new Measurement(new double[] {peer}, new double[] {1}), new Difference(0, 0))));
  }

  @Test
  void anOverviewHasALineForEachNetworkAndTheMeanOfEachColumn() {
    List<ComparisonRow> rows =
        List.of(row("vgg16", 1, 20, 10), row("lenet5", 1, 800, 100), row("lenet5", 8, 900, 300));
    Report overview = Overview.of(List.of(Peer.ONNXRUNTIME), rows, MACHINE);
    assertEquals(
        """
        network         batch 1, 2 threads  batch 8, 2 threads
        vgg16                  20.0 (2.00)                   -
        lenet5                  800 (8.00)          900 (3.00)
        geometric mean              (4.00)              (3.00)
        """,
        overview.text());
    assertTrue(
        overview
            .jsonRows(1)
            .contains(
                "{\"network\": \"geometric mean\", \"figures\": [{\"batch\": 1, \"threads\": 2, \"ratio ONNX Runtime\": 4.0}"),
        overview.jsonRows(1));
  }

  @Test
  void barsInsideAreEscaped() {
    LayerRow row = new LayerRow("|a|", "op", "direct", 1, 1, 1, 1, 1);
    Report report = new Report("layers", "Layers", MACHINE, LayerRow.HEADINGS, List.of(row));
    assertTrue(report.markdown().contains("| \\|a\\| | op |"), report.markdown());
  }

  @Test
  void unknownFiguresAreNullAndDash() {
    LayerRow row =
        new LayerRow("pool", "max-pool2d", "direct", 1.25, 0.5, Double.NaN, Double.NaN, 20);
    Report report = new Report("layers", "Layers", MACHINE, LayerRow.HEADINGS, List.of(row));
    assertTrue(report.jsonRows(1).contains("\"gflops\": null, \"peakShare\": null"));
    assertEquals(
        List.of("pool", "max-pool2d", "direct", "1.25", "50.0 %", "-", "-", "20.0"), row.cells());
  }

  @Test
  void thisMachineHasANameAndACommit() {
    Machine here = Machine.here("avx2");
    assertTrue(here.slug().matches("[a-z0-9]+(-[a-z0-9]+)*"), here.slug());
    assertTrue(here.commit().matches("unknown|[0-9a-f]{12,}(-modified)?"), here.commit());
    assertTrue(here.header().contains(here.cpu()));
  }
}
