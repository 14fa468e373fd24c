package dev.convoy.bench;

import dev.convoy.FileFailure;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.AnnotationTextPanel;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The roofline of a network: what its layers reach beside what arithmetic and memory allow.
 *
 * @param row with its layers
 * @param peak GFLOP/s of the threads used
 * @see <a href="https://doi.org/10.1145/1498765.1498785">Williams, Waterman, Patterson:
 *     Roofline</a>
 */
record Roofline(NetworkRow row, Machine machine, double peak, List<Bandwidth> bandwidths) {
  private static final int WIDTH = 1600;
  private static final int HEIGHT = 1000;

  /** How far a label is from where its line begins. */
  private static final double LABEL_STEP = 1.6;

  private static final String FONT = Font.SANS_SERIF;
  private static final Color INK = new Color(0x2B2F36);
  private static final Color FAINT = new Color(0xE6E8EB);
  private static final Color ROOF = new Color(0x8A919C);

  /** Kinds of layers, each a colour and a marker. */
  @SuppressWarnings("ImmutableEnumChecker") // nobody changes a marker
  private enum Kind {
    WINOGRAD("3×3 and larger by Winograd", new Color(0xD1495B), SeriesMarkers.DIAMOND),
    POINTWISE("1×1", new Color(0x2E86AB), SeriesMarkers.CIRCLE),
    DIRECT("other convolutions", new Color(0xE8A33D), SeriesMarkers.TRIANGLE_UP),
    DEPTHWISE("depthwise", new Color(0x3A9679), SeriesMarkers.SQUARE),
    LINEAR("fully connected", new Color(0x7D5BA6), SeriesMarkers.TRIANGLE_DOWN);

    private final String title;
    private final Color color;
    private final Marker marker;

    Kind(String title, Color color, Marker marker) {
      this.title = title;
      this.color = color;
      this.marker = marker;
    }

    static Kind of(LayerRow layer) {
      if (layer.algorithm().contains("winograd")) {
        return WINOGRAD;
      } else if (layer.algorithm().contains("depthwise")) {
        return DEPTHWISE;
      } else if (layer.operation().startsWith("linear")) {
        return LINEAR;
      }
      return layer.operation().matches("conv2d \\d+ 1x1.*") ? POINTWISE : DIRECT;
    }
  }

  /** Layers that multiply; others have no place between these axes. */
  private Map<Kind, List<LayerRow>> points() {
    Map<Kind, List<LayerRow>> points = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      List<LayerRow> rows =
          row.layers().stream()
              .filter(layer -> Double.isFinite(layer.gflops()) && Kind.of(layer) == kind)
              .toList();
      if (!rows.isEmpty()) {
        points.put(kind, rows);
      }
    }
    return points;
  }

  /** FLOP per byte of memory traffic. */
  private static double intensity(LayerRow layer) {
    return layer.gflops() / layer.gbPerSecond();
  }

  private String title() {
    return "%s, batch %d, %d %s: %s images/s on %s (%s)"
        .formatted(
            row.network(),
            row.batch(),
            row.threads(),
            row.threads() == 1 ? "thread" : "threads",
            Report.figure(row.speed().median()),
            machine.cpu(),
            machine.isa());
  }

  /** Writes the picture as a PNG. */
  void write(Path file) {
    try (OutputStream out = Files.newOutputStream(file)) {
      if (!ImageIO.write(BitmapEncoder.getBufferedImage(chart()), "png", out)) {
        throw new BenchException("this JVM writes no PNG");
      }
    } catch (IOException e) {
      throw new BenchException("the picture " + file + ": " + FileFailure.writing(e), e);
    }
  }

  private XYChart chart() {
    Map<Kind, List<LayerRow>> points = points();
    List<LayerRow> all = points.values().stream().flatMap(List::stream).toList();
    if (all.isEmpty()) {
      throw new BenchException("no layer multiplies: there is nothing to draw");
    }
    double left = below(all.stream().mapToDouble(Roofline::intensity).min().orElse(1));
    double right = above(all.stream().mapToDouble(Roofline::intensity).max().orElse(1));
    double low = below(all.stream().mapToDouble(LayerRow::gflops).min().orElse(1));
    double high = above(Math.max(peak, all.stream().mapToDouble(LayerRow::gflops).max().orElse(1)));
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title())
            .xAxisTitle(
                "arithmetic intensity, FLOP per byte  (activations in and out, and weights, once)")
            .yAxisTitle("GFLOP/s  (as direct convolution counts)")
            .build();
    style(chart.getStyler(), left, right, low, high);
    roofs(chart, left, right, low);
    points.forEach((kind, rows) -> scatter(chart, kind, rows));
    return chart;
  }

  /** The power of ten at or below a number. */
  private static double below(double number) {
    return Math.pow(10, Math.floor(Math.log10(number)));
  }

  /** The power of ten, or twice or five times it, at or above a number. */
  private static double above(double number) {
    double decade = below(number);
    return DoubleStream.of(1, 2, 5, 10)
        .map(step -> step * decade)
        .filter(bound -> bound >= number)
        .findFirst()
        .orElse(number);
  }

  private static void style(XYStyler style, double left, double right, double low, double high) {
    style.setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    style.setXAxisMin(left).setXAxisMax(right).setYAxisMin(low).setYAxisMax(high);
    style.setAxisTitleFont(new Font(FONT, Font.PLAIN, 17));
    style.setAxisTickLabelsFont(new Font(FONT, Font.PLAIN, 15));
    style.setAxisTickLabelsColor(INK).setPlotGridLinesColor(FAINT);
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setXAxisTickLabelsFormattingFunction(Roofline::plain);
    style.setYAxisTickLabelsFormattingFunction(Roofline::plain);
    style.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false).setChartPadding(24).setChartFontColor(INK);
    style.setChartTitleFont(new Font(FONT, Font.BOLD, 22)).setChartTitleBoxVisible(false);
    style.setLegendPosition(LegendPosition.InsideSE).setLegendFont(new Font(FONT, Font.PLAIN, 15));
    style.setLegendBorderColor(FAINT).setLegendPadding(12);
    style
        .setAnnotationTextPanelFont(new Font(FONT, Font.PLAIN, 14))
        .setAnnotationTextPanelPadding(3);
    style.setAnnotationTextPanelFontColor(INK).setAnnotationTextPanelBackgroundColor(Color.WHITE);
    style.setAnnotationTextPanelBorderColor(Color.WHITE);
    style.setMarkerSize(11).setAntiAlias(true);
  }

  private static String plain(double number) {
    return number >= 1
        ? String.format(Locale.ROOT, "%,.0f", number)
        : String.format(Locale.ROOT, "%s", number);
  }

  /** A slope for every level of memory, up to the peak. */
  private void roofs(XYChart chart, double left, double right, double low) {
    double label = low * LABEL_STEP;
    for (Bandwidth bandwidth : bandwidths) {
      double speed = bandwidth.gbPerSecond();
      double from = Math.max(left, low / speed);
      double knee = Math.min(right, peak / speed);
      if (from < knee) {
        line(chart, bandwidth.level(), from, knee, from * speed, knee * speed);
        double at = Math.max(label, left * LABEL_STEP * speed);
        label(
            chart,
            String.format(Locale.ROOT, "%s  %.0f GB/s", bandwidth.level(), speed),
            at / speed,
            at);
      }
    }
    line(chart, "peak", left, right, peak, peak);
    label(chart, String.format(Locale.ROOT, "peak  %.0f GFLOP/s", peak), left * LABEL_STEP, peak);
  }

  private static void line(
      XYChart chart, String name, double fromX, double toX, double fromY, double toY) {
    XYSeries series = chart.addSeries(name, new double[] {fromX, toX}, new double[] {fromY, toY});
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE).setLineColor(ROOF).setLineWidth(2f);
    series.setShowInLegend(false);
  }

  private static void label(XYChart chart, String text, double x, double y) {
    chart.addAnnotation(new AnnotationTextPanel(text, x, y, false));
  }

  private void scatter(XYChart chart, Kind kind, List<LayerRow> rows) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    rows.forEach(
        layer -> {
          x.add(intensity(layer));
          y.add(layer.gflops());
        });
    double share = rows.stream().mapToDouble(LayerRow::share).sum();
    String title = String.format(Locale.ROOT, "%s  (%.0f %% of the time)", kind.title, 100 * share);
    XYSeries series = chart.addSeries(title, x, y);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(kind.marker).setMarkerColor(kind.color);
  }
}
