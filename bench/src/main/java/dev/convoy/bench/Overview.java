package dev.convoy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A comparison with one line a network, one column a batch and number of threads. */
final class Overview {
  private static final String TITLE = "Images a second, and in brackets how many times %s";

  private final List<Peer> peers;
  private final List<ComparisonRow> rows;
  private final Set<Column> columns = new LinkedHashSet<>();

  /** What is measured alike. */
  private record Column(int batch, int threads) {
    Column(ComparisonRow row) {
      this(row.batch(), row.threads());
    }

    String heading() {
      return ">batch %d, %d thread%s".formatted(batch, threads, threads == 1 ? "" : "s");
    }
  }

  /** A network's figures, or their geometric means; a column without one has a dash. */
  private record Line(String network, List<String> cells, List<Map<String, Object>> figures)
      implements Report.Row {
    @Override
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("network", network);
      json.put("figures", figures);
      return json;
    }
  }

  private Overview(List<Peer> peers, List<ComparisonRow> rows) {
    this.peers = peers;
    this.rows = rows;
    rows.forEach(row -> columns.add(new Column(row)));
  }

  static Report of(List<Peer> peers, List<ComparisonRow> rows, Machine machine) {
    Overview overview = new Overview(peers, rows);
    List<String> headings = new ArrayList<>(List.of("network"));
    overview.columns.forEach(column -> headings.add(column.heading()));
    String whom = peers.stream().map(Peer::titleAndVersion).collect(Collectors.joining(" and "));
    return new Report(
        "compare-overview", TITLE.formatted(whom), machine, headings, overview.lines());
  }

  private List<Line> lines() {
    List<String> networks = rows.stream().map(ComparisonRow::name).distinct().toList();
    return Stream.concat(networks.stream().map(this::line), Stream.of(means())).toList();
  }

  private Line line(String network) {
    List<String> cells = new ArrayList<>(List.of(network));
    List<Map<String, Object>> figures = new ArrayList<>();
    for (Column column : columns) {
      ComparisonRow row =
          in(column).filter(one -> one.name().equals(network)).findFirst().orElse(null);
      if (row == null) {
        cells.add("-");
      } else {
        double[] ratios = peers.stream().mapToDouble(row::ratio).toArray();
        cells.add(Report.figure(row.convoy().median()) + " " + bracketed(ratios));
        Map<String, Object> figure = figures(column, ratios);
        figure.put("convoy", row.convoy().median());
        figures.add(figure);
      }
    }
    return new Line(network, cells, figures);
  }

  private Line means() {
    List<String> cells = new ArrayList<>(List.of("geometric mean"));
    List<Map<String, Object>> figures = new ArrayList<>();
    for (Column column : columns) {
      double[] means =
          peers.stream()
              .mapToDouble(
                  peer ->
                      Statistics.geometricMean(
                          in(column).mapToDouble(row -> row.ratio(peer)).toArray()))
              .toArray();
      cells.add(bracketed(means));
      figures.add(figures(column, means));
    }
    return new Line(cells.get(0), cells, figures);
  }

  private Stream<ComparisonRow> in(Column column) {
    return rows.stream().filter(row -> new Column(row).equals(column));
  }

  private static String bracketed(double... ratios) {
    return Arrays.stream(ratios)
        .mapToObj(Report::figure)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private Map<String, Object> figures(Column column, double... ratios) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("batch", column.batch());
    figures.put("threads", column.threads());
    for (int i = 0; i < ratios.length; i++) {
      figures.put("ratio " + peers.get(i).title(), ratios[i]);
    }
    return figures;
  }
}
