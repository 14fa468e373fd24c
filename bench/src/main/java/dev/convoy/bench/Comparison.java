package dev.convoy.bench;

import dev.convoy.ConvoyException;
import dev.convoy.cpu.CpuBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Measures Convoy and its peers on whole networks, in turns. */
record Comparison(CpuBackend backend, List<Peer> peers, double seconds) {
  /**
   * Measures one case.
   *
   * @param folder where a peer finds the network in its own format, or writes it
   * @throws BenchException if outputs differ by more than noise
   */
  ComparisonRow of(WorkOptions.Case one, Path folder) {
    List<Runner> runners = new ArrayList<>();
    Map<Peer, PeerResult> results = new EnumMap<>(Peer.class);
    try {
      runners.add(new ConvoyRunner(one.workload(), backend, one.options()));
      List<Peer> ready = new ArrayList<>();
      for (Peer peer : peers) {
        try {
          runners.add(peer.open(one, backend.isa(), folder));
          ready.add(peer);
        } catch (ConvoyException e) {
          if (!Peer.isRefusal(e)) {
            throw e;
          }
          results.put(peer, PeerResult.refused(String.valueOf(e.getMessage())));
        }
      }
      runners.forEach(Runner::run);
      float[][] ours = runners.get(0).outputs();
      List<Difference> differences = new ArrayList<>();
      for (int i = 0; i < ready.size(); i++) {
        differences.add(
            Difference.checked(
                one.toString(), ready.get(i).title(), ours, runners.get(1 + i).outputs()));
      }
      List<Measurement> speeds = Measurement.of(runners, one.batch(), seconds);
      for (int i = 0; i < ready.size(); i++) {
        results.put(ready.get(i), PeerResult.of(speeds.get(1 + i), differences.get(i)));
      }
      return new ComparisonRow(
          "network", one.workload().name(), one.batch(), one.threads(), speeds.get(0), results);
    } finally {
      runners.forEach(Runner::close);
    }
  }
}
