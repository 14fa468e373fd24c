package dev.convoy.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What many callers of one plan got.
 *
 * @param callers Java threads that ran it again and again at the same time
 * @param imagesPerSecond of all of them together
 * @param p50Millis of a run, waiting included
 * @param otherThreads of the process while they ran: the JVM's and those that compute
 */
record CallersRow(
    String network,
    int batch,
    int threads,
    int callers,
    double imagesPerSecond,
    double p50Millis,
    double p99Millis,
    int runs,
    long otherThreads)
    implements Report.Row {
  static final List<String> HEADINGS =
      List.of(
          "network",
          ">batch",
          ">threads",
          ">callers",
          ">images/s",
          ">p50 ms",
          ">p99 ms",
          ">runs",
          ">other threads");

  @Override
  public List<String> cells() {
    return List.of(
        network,
        Integer.toString(batch),
        Integer.toString(threads),
        Integer.toString(callers),
        Report.figure(imagesPerSecond),
        Report.figure(p50Millis),
        Report.figure(p99Millis),
        Integer.toString(runs),
        Long.toString(otherThreads));
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("network", network);
    json.put("batch", batch);
    json.put("threads", threads);
    json.put("precision", "fp32");
    json.put("callers", callers);
    json.put("imagesPerSecond", imagesPerSecond);
    json.put("p50Millis", p50Millis);
    json.put("p99Millis", p99Millis);
    json.put("runs", runs);
    json.put("otherThreads", otherThreads);
    return json;
  }
}
