package dev.convoy.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.graph.Graph;
import dev.convoy.models.Catalog;
import dev.convoy.plan.Backends;
import dev.convoy.plan.Plan;
import dev.convoy.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The program of a fresh JVM that {@code bench start} watches: it loads a network from a file as a
 * service would, computes some batches, says {@value #ANSWERED} after the first one and its peak
 * memory after the last.
 */
final class FirstAnswer {
  static final String ANSWERED = "answered";
  private static final int RUNS = 3;

  private FirstAnswer() {}

  /** Arguments: whose (ours: a backend), the network's name, file, images of a batch, threads. */
  public static void main(String... args) throws IOException, OrtException {
    Path file = Path.of(args[2]);
    int batch = Integer.parseInt(args[3]);
    int threads = Integer.parseInt(args[4]);
    if (args[0].equals(Peer.ONNXRUNTIME.toString())) {
      onnxRuntime(file, batch, threads);
    } else {
      convoy(Backends.named(args[0]), args[1], file, batch, threads);
    }
    System.out.println(peakKilobytes());
  }

  private static void convoy(Backend backend, String network, Path file, int batch, int threads) {
    Graph graph = Catalog.find(network).network().graph();
    CompileOptions options = new CompileOptions(batch, Mode.FAST, threads);
    try (Plan plan = Plan.compile(graph, Weights.load(file).matching(graph), backend, options)) {
      float[][] in = {new float[size(graph, graph.inputs().get(0), batch)]};
      float[][] out = {new float[size(graph, graph.outputs().get(0), batch)]};
      for (int run = 0; run < RUNS; run++) {
        plan.run(batch, in, out);
        answered(run);
      }
    }
  }

  private static int size(Graph graph, int id, int batch) {
    return graph.node(id).shape().batch(batch).intSize();
  }

  private static void onnxRuntime(Path file, int batch, int threads) throws OrtException {
    try (OrtSession.SessionOptions options = OnnxRuntimeRunner.options(batch, threads);
        OrtSession session =
            OrtEnvironment.getEnvironment().createSession(file.toString(), options)) {
      NodeInfo input = session.getInputInfo().values().iterator().next();
      long[] shape = ((TensorInfo) input.getInfo()).getShape();
      int floats = 1;
      for (long dim : shape) {
        floats = Math.multiplyExact(floats, (int) dim);
      }
      FloatBuffer numbers =
          ByteBuffer.allocateDirect(floats * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      try (OnnxTensor in =
          OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), numbers, shape)) {
        for (int run = 0; run < RUNS; run++) {
          try (OrtSession.Result result = session.run(Map.of(input.getName(), in))) {
            FloatBuffer out = ((OnnxTensor) result.get(0)).getFloatBuffer();
            if (out.remaining() % batch != 0) {
              throw new BenchException("ONNX Runtime gave " + out.remaining() + " numbers");
            }
          }
          answered(run);
        }
      }
    }
  }

  private static void answered(int run) {
    if (run == 0) {
      System.out.println(ANSWERED);
      System.out.flush();
    }
  }

  /** The most memory that this process ever had resident, heap and native together. */
  private static long peakKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow(() -> new BenchException("the system does not tell a process's peak memory"));
  }
}
