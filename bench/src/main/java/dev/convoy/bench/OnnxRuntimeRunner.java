package dev.convoy.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.convoy.bench.onnx.OnnxExporter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime at its best: all optimisations, shapes known when the session is made, inputs and
 * outputs in direct buffers that are bound once.
 */
final class OnnxRuntimeRunner implements Runner {
  private final List<AutoCloseable> owned = new ArrayList<>();
  private final List<FloatBuffer> buffers = new ArrayList<>();
  private final OrtSession session;
  private final float[][] values;
  private final List<FloatBuffer> inputBuffers;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;

  /**
   * @param file the workload's graph as {@link OnnxExporter} wrote it
   * @param threads of ONNX Runtime's own pool, the caller included
   */
  OnnxRuntimeRunner(Workload workload, Path file, int batch, int threads) {
    this(workload, file, batch, threads, null);
  }

  /**
   * One that measures its nodes.
   *
   * @param profile how the name of the profile begins
   */
  static OnnxRuntimeRunner profiled(
      Workload workload, Path file, int batch, int threads, Path profile) {
    return new OnnxRuntimeRunner(workload, file, batch, threads, profile);
  }

  private OnnxRuntimeRunner(
      Workload workload, Path file, int batch, int threads, @Nullable Path profile) {
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      SessionOptions options = own(options(batch, threads));
      if (profile != null) {
        options.enableProfiling(profile.toString());
      }
      this.session = own(environment.createSession(file.toString(), options));
      this.values = workload.inputs(batch);
      this.inputs =
          tensors(
              environment,
              OnnxExporter.inputNames(workload.graph()),
              workload.inputShapes(batch),
              values);
      this.inputBuffers = List.copyOf(buffers);
      this.outputs =
          tensors(
              environment,
              OnnxExporter.outputNames(workload.graph()),
              workload.outputShapes(batch),
              workload.outputs(batch));
    } catch (OrtException e) {
      closeAll();
      throw new BenchException(
          "ONNX Runtime refuses " + workload.name() + ": " + e.getMessage(), e);
    }
  }

  /** All optimisations, shapes known, as many threads as we have. */
  static SessionOptions options(int batch, int threads) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setOptimizationLevel(OptLevel.ALL_OPT);
    options.setExecutionMode(ExecutionMode.SEQUENTIAL);
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setSymbolicDimensionValue(OnnxExporter.BATCH, batch);
    return options;
  }

  private <T extends AutoCloseable> T own(T resource) {
    owned.add(resource);
    return resource;
  }

  private Map<String, OnnxTensor> tensors(
      OrtEnvironment environment, List<String> names, List<long[]> shapes, float[][] values)
      throws OrtException {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      FloatBuffer buffer =
          ByteBuffer.allocateDirect(values[i].length * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      buffer.put(values[i]).flip();
      buffers.add(buffer);
      tensors.put(names.get(i), own(OnnxTensor.createTensor(environment, buffer, shapes.get(i))));
    }
    return tensors;
  }

  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public void run() {
    try (OrtSession.Result result = session.run(inputs, outputs)) {
      if (result.size() != outputs.size()) {
        throw new BenchException("ONNX Runtime gave " + result.size() + " outputs");
      }
    } catch (OrtException e) {
      throw new BenchException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  /** Writes the inputs again, so that they are in cache. */
  void rewriteInputs() {
    for (int i = 0; i < values.length; i++) {
      inputBuffers.get(i).put(0, values[i]);
    }
  }

  /** Ends the profile and returns its file. */
  Path endProfiling() {
    try {
      return Path.of(session.endProfiling());
    } catch (OrtException e) {
      throw new BenchException("ONNX Runtime gives no profile: " + e.getMessage(), e);
    }
  }

  @Override
  public float[][] outputs() {
    return outputs.values().stream()
        .map(
            tensor -> {
              FloatBuffer buffer = tensor.getFloatBuffer();
              float[] values = new float[buffer.remaining()];
              buffer.get(values);
              return values;
            })
        .toArray(float[][]::new);
  }

  @Override
  public void close() {
    closeAll();
  }

  private void closeAll() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      try {
        owned.get(i).close();
      } catch (Exception e) {
        throw new BenchException("ONNX Runtime cannot close " + owned.get(i), e);
      }
    }
    owned.clear();
  }
}
