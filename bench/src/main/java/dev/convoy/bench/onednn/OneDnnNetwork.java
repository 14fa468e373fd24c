package dev.convoy.bench.onednn;

import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.graph.Node;
import dev.convoy.graph.ParameterSource;
import dev.convoy.optimize.Pass;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bytedeco.dnnl.memory;

/**
 * A network as a chain of oneDNN primitives, at oneDNN's best: our passes have folded and fused
 * what they can, activations and residuals are post-operations, every primitive chooses its
 * formats, weights are reordered once, buffers are used again. Belongs to the thread that made it.
 */
public final class OneDnnNetwork implements AutoCloseable {
  private final OneDnnLibrary library;
  private final int threads;
  private final Chain chain;
  private final List<Chain.Value> inputs = new ArrayList<>();
  private final List<Chain.Value> outputs = new ArrayList<>();

  /**
   * Translates a graph.
   *
   * @param threads of OpenMP's team, the caller included
   * @throws OneDnnException naming the layer that oneDNN cannot express
   */
  public OneDnnNetwork(
      OneDnnLibrary library, Graph graph, ParameterSource parameters, int batch, int threads) {
    this.library = library;
    this.threads = threads;
    library.setThreads(threads);
    this.chain = new Chain(library.processor());
    try {
      build(Pass.optimize(graph), parameters, batch);
    } catch (RuntimeException | Error e) {
      chain.close();
      throw e;
    }
  }

  private void build(Graph graph, ParameterSource parameters, int batch) {
    Values values = new Values(library.processor(), chain, graph, parameters, batch);
    OneDnnOperations operations = new OneDnnOperations(values);
    BitSet live = graph.live();
    for (int id = 0; id < graph.nodes().size(); id++) {
      Node node = graph.node(id);
      if (node.op() instanceof Input) {
        inputs.add(values.input(id));
      } else if (live.get(id)) {
        operations.add(id);
      }
    }
    for (int id : graph.outputs()) {
      outputs.add(values.output(id));
    }
    chain.seal();
  }

  /** Copies numbers into the inputs; for every input of the graph batch × size floats. */
  public void write(float[][] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      chain.write(inputs.get(i), numbers[i]);
    }
  }

  /** Computes the outputs from the inputs. */
  public void run() {
    library.setThreads(threads);
    chain.run();
  }

  /**
   * Does what {@link #run} does and returns the nanoseconds that some layers of it took.
   *
   * @param prefix of their names
   */
  public long profile(String prefix) {
    library.setThreads(threads);
    return chain.profile(prefix);
  }

  /** Copies the outputs of the last run. */
  public void read(float[][] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      chain.read(outputs.get(i), numbers[i]);
    }
  }

  @Override
  public void close() {
    chain.close();
  }

  static memory.desc desc(long[] dims, memory.format_tag tag) {
    return new memory.desc(dims, memory.data_type.f32, tag);
  }
}
