package dev.convoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A layer as ONNX Runtime's own profile times it, to the microsecond; the nodes that reorder its
 * input and output are not counted.
 */
final class OnnxRuntimeLayer implements LayerRunner {
  private static final String NODE = "_kernel_time";

  private final OnnxRuntimeRunner runner;
  private int runs;

  /**
   * Makes a session that writes a profile.
   *
   * @param profile how the profile's name begins
   */
  OnnxRuntimeLayer(Workload workload, Path file, int batch, int threads, Path profile) {
    this.runner = OnnxRuntimeRunner.profiled(workload, file, batch, threads, profile);
  }

  @Override
  public String name() {
    return runner.name();
  }

  @Override
  public void run() {
    runner.rewriteInputs();
    runner.run();
    runs++;
  }

  @Override
  public double[] seconds() {
    List<Double> nodes = nodeSeconds(runner.endProfiling());
    if (runs == 0 || nodes.isEmpty() || nodes.size() % runs != 0) {
      throw new BenchException(
          "ONNX Runtime's profile of %d runs has %d nodes".formatted(runs, nodes.size()));
    }
    int perRun = nodes.size() / runs;
    double[] seconds = new double[runs];
    for (int i = 0; i < nodes.size(); i++) {
      seconds[i / perRun] += nodes.get(i);
    }
    return seconds;
  }

  /** What every node but reorders took, in order. */
  private static List<Double> nodeSeconds(Path profile) {
    List<Double> seconds = new ArrayList<>();
    try (JsonParser json =
        new JsonFactory().createParser(ObjectReadContext.empty(), Files.readString(profile))) {
      json.nextToken();
      while (json.nextToken() == JsonToken.START_OBJECT) {
        String name = "";
        String operator = "";
        long micros = 0;
        int depth = 1;
        while (depth > 0) {
          JsonToken token = json.nextToken();
          if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            depth++;
          } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
            depth--;
          } else if (token == JsonToken.PROPERTY_NAME) {
            switch (json.currentName()) {
              case "name" -> name = json.nextStringValue();
              case "op_name" -> operator = json.nextStringValue();
              case "dur" -> micros = json.nextLongValue(0);
              default -> {}
            }
          }
        }
        if (name.endsWith(NODE) && !operator.startsWith("Reorder")) {
          seconds.add(micros * 1e-6);
        }
      }
    } catch (IOException e) {
      throw new BenchException("ONNX Runtime's profile cannot be read: " + e, e);
    }
    return seconds;
  }

  @Override
  public float[][] outputs() {
    return runner.outputs();
  }

  @Override
  public void close() {
    runner.close();
  }
}
