package dev.convoy.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Backends on one network or layer, measured in turns.
 *
 * @param kind {@code network} or {@code layer}
 * @param singles names of the backends that prefer one library
 * @param speeds of those, and of the choices among them, by name
 * @param choice the algorithm that was chosen by estimate; of a network, how many layers went to
 *     accelerators: by estimate, tuned, of all
 */
record BackendsRow(
    String kind,
    String name,
    int batch,
    int threads,
    List<String> singles,
    Map<String, Measurement> speeds,
    String choice)
    implements Report.Row {
  BackendsRow {
    singles = List.copyOf(singles);
    speeds = new LinkedHashMap<>(speeds);
  }

  private boolean isLayer() {
    return kind.equals("layer");
  }

  private List<String> choices() {
    return speeds.keySet().stream().filter(backend -> !singles.contains(backend)).toList();
  }

  private Measurement speed(String backend) {
    Measurement speed = speeds.get(backend);
    if (speed == null) {
      throw new IllegalArgumentException(backend);
    }
    return speed;
  }

  private String best() {
    return singles.stream()
        .max(Comparator.comparingDouble(single -> speed(single).median()))
        .orElseThrow();
  }

  /** The median over rounds of how many times faster a choice was than the best single backend. */
  double ratio(String choice) {
    return Statistics.median(speed(choice).ratios(speed(best())));
  }

  /** Of all rows of a report. */
  List<String> headings() {
    List<String> headings = new ArrayList<>(List.of(kind, ">batch", ">threads"));
    singles.forEach(single -> headings.add(">" + single + " images/s"));
    headings.add("best");
    if (isLayer()) {
      headings.addAll(List.of("choice", ">ratio"));
    } else {
      choices().forEach(made -> headings.addAll(List.of(">" + made + " images/s", ">ratio")));
      headings.add(">accelerated layers");
    }
    headings.add(">rounds");
    return headings;
  }

  @Override
  public List<String> cells() {
    List<String> cells =
        new ArrayList<>(List.of(name, Integer.toString(batch), Integer.toString(threads)));
    singles.forEach(single -> cells.add(Report.figure(speed(single).median())));
    cells.add(best());
    if (isLayer()) {
      cells.addAll(List.of(choice, ratioText(BackendComparison.AUTO)));
    } else {
      choices()
          .forEach(
              made -> cells.addAll(List.of(Report.figure(speed(made).median()), ratioText(made))));
      cells.add(choice);
    }
    cells.add(Integer.toString(speed(best()).rounds()));
    return cells;
  }

  /** With three decimals: it is about some percent. */
  private String ratioText(String made) {
    return String.format(Locale.ROOT, "%.3f", ratio(made));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(kind, name);
    json.put("batch", batch);
    json.put("threads", threads);
    json.put("precision", "fp32");
    singles.forEach(single -> json.put(single, speed(single).median()));
    json.put("best", best());
    json.put(isLayer() ? "choice" : "accelerated", choice);
    for (String made : choices()) {
      json.put(made, speed(made).median());
      json.put(
          "ratio" + made.substring(0, 1).toUpperCase(Locale.ROOT) + made.substring(1), ratio(made));
    }
    json.put("rounds", speed(best()).rounds());
    return json;
  }
}
