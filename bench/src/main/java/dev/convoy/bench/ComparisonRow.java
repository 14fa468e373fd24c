package dev.convoy.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Convoy and its peers on one network or layer, measured in turns.
 *
 * @param kind {@code network} or {@code layer}
 * @param peers those that were asked for
 */
record ComparisonRow(
    String kind,
    String name,
    int batch,
    int threads,
    Measurement convoy,
    Map<Peer, PeerResult> peers)
    implements Report.Row {
  private static final PeerResult NOT_ASKED = new PeerResult(null, null, null);

  ComparisonRow {
    peers = new EnumMap<>(peers);
  }

  /**
   * Names of the columns. A round of a layer is one run, of which the slowest says nothing: layers
   * have no lowest ratio.
   */
  static List<String> headings(String kind) {
    List<String> headings =
        new ArrayList<>(List.of(kind, ">batch", ">threads", ">Convoy images/s"));
    for (Peer peer : Peer.values()) {
      headings.add(">" + peer.title() + " images/s");
      headings.add(">ratio");
      if (hasLowest(kind)) {
        headings.add(">lowest ratio");
      }
    }
    headings.addAll(List.of(">rounds", ">max difference", ">of largest output"));
    return headings;
  }

  private static boolean hasLowest(String kind) {
    return kind.equals("network");
  }

  private PeerResult of(Peer peer) {
    return peers.getOrDefault(peer, NOT_ASKED);
  }

  /** How many times faster than a peer; NaN if that has no figure. */
  double ratio(Peer peer) {
    return of(peer).ratio(convoy);
  }

  /** The largest over the peers; NaN if no peer has a figure. */
  private double largest(ToDoubleFunction<Difference> part) {
    return peers.values().stream()
        .map(PeerResult::difference)
        .filter(Objects::nonNull)
        .mapToDouble(part)
        .max()
        .orElse(Double.NaN);
  }

  @Override
  public List<String> cells() {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(Integer.toString(batch));
    cells.add(Integer.toString(threads));
    cells.add(Report.figure(convoy.median()));
    for (Peer peer : Peer.values()) {
      PeerResult result = of(peer);
      cells.add(Report.figure(result.median()));
      cells.add(Report.figure(result.ratio(convoy)));
      if (hasLowest(kind)) {
        cells.add(Report.figure(result.minRatio(convoy)));
      }
    }
    cells.add(Integer.toString(convoy.rounds()));
    cells.add(scientific(largest(Difference::maxAbs)));
    cells.add(scientific(largest(Difference::relative)));
    return cells;
  }

  private static String scientific(double number) {
    return Double.isFinite(number) ? String.format(Locale.ROOT, "%.1e", number) : "-";
  }

  @Override
  public String note() {
    return peers.entrySet().stream()
        .filter(peer -> peer.getValue().refusal() != null)
        .map(
            peer ->
                "%s: no figure of %s: %s"
                    .formatted(name, peer.getKey().title(), peer.getValue().refusal()))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public Map<String, Object> json() {
    PeerResult onnxRuntime = of(Peer.ONNXRUNTIME);
    PeerResult oneDnn = of(Peer.ONEDNN);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(kind, name);
    json.put("batch", batch);
    json.put("threads", threads);
    json.put("precision", "fp32");
    json.put("convoy", convoy.median());
    json.put("onnxruntime", onnxRuntime.median());
    json.put("onednn", oneDnn.median());
    json.put("ratioOnnxRuntime", onnxRuntime.ratio(convoy));
    json.put("ratioOneDnn", oneDnn.ratio(convoy));
    if (hasLowest(kind)) {
      json.put("minRatioOnnxRuntime", onnxRuntime.minRatio(convoy));
      json.put("minRatioOneDnn", oneDnn.minRatio(convoy));
    }
    json.put("rounds", convoy.rounds());
    json.put("maxAbsDiff", largest(Difference::maxAbs));
    json.put("maxRelDiff", largest(Difference::relative));
    String note = note();
    if (!note.isEmpty()) {
      json.put("note", note);
    }
    return json;
  }
}
