package dev.convoy.bench;

import dev.convoy.ConvoyException;
import dev.convoy.backend.CompileOptions;
import dev.convoy.bench.onnx.OnnxExporter;
import dev.convoy.cpu.CpuBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures Convoy and its peers on single convolutions with bias and ReLU, or blocks of them, in
 * turns.
 */
record LayerComparison(CpuBackend backend, List<Peer> peers, double seconds) {
  /**
   * Measures the nodes of a network whose names begin with {@link LayerRunner#LAYER}.
   *
   * @throws BenchException if outputs differ by more than noise
   */
  ComparisonRow of(Workload workload, CompileOptions options) {
    try (TemporaryFolder folder = new TemporaryFolder();
        LayerTurns turns = new LayerTurns(workload, options.maxBatch())) {
      return compare(workload, options, folder.path(), turns);
    }
  }

  private ComparisonRow compare(
      Workload workload, CompileOptions options, Path folder, LayerTurns turns) {
    Map<Peer, PeerResult> results = new EnumMap<>(Peer.class);
    List<Peer> ready = new ArrayList<>();
    turns.add(set -> new ConvoyLayer(workload, backend, options));
    for (Peer peer : peers) {
      try {
        turns.add(set -> open(peer, workload, options, folder, set));
        ready.add(peer);
      } catch (ConvoyException e) {
        if (!Peer.isRefusal(e)) {
          throw e;
        }
        results.put(peer, PeerResult.refused(String.valueOf(e.getMessage())));
      }
    }
    List<float[][]> outputs = turns.warmUp();
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < ready.size(); i++) {
      differences.add(
          Difference.checked(
              workload.name(), ready.get(i).title(), outputs.get(0), outputs.get(1 + i)));
    }
    List<Measurement> speeds = turns.measure(seconds, options.threads() > 1);
    for (int i = 0; i < ready.size(); i++) {
      results.put(ready.get(i), PeerResult.of(speeds.get(1 + i), differences.get(i)));
    }
    return new ComparisonRow(
        "layer", workload.name(), options.maxBatch(), options.threads(), speeds.get(0), results);
  }

  private LayerRunner open(
      Peer peer, Workload workload, CompileOptions options, Path folder, int set) {
    return switch (peer) {
      case ONNXRUNTIME -> {
        Path file = folder.resolve("layer.onnx");
        OnnxExporter.write(workload.graph(), workload.parameters(), file);
        yield new OnnxRuntimeLayer(
            workload, file, options.maxBatch(), options.threads(), folder.resolve("profile" + set));
      }
      case ONEDNN ->
          new OneDnnLayer(workload, backend.isa(), options.maxBatch(), options.threads());
    };
  }
}
