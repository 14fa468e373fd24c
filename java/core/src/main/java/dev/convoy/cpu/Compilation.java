package dev.convoy.cpu;

import dev.convoy.ConvoyException;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.RunSignature;
import dev.convoy.cpu.internal.Native;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.graph.Node;
import dev.convoy.graph.ParameterSource;
import dev.convoy.optimize.AssignLayout;
import dev.convoy.optimize.BatchSlicing;
import dev.convoy.optimize.DropIdentities;
import dev.convoy.optimize.MemoryPlan;
import dev.convoy.optimize.PartsInPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A graph laid out and its memory planned, of which programs with one or another choice of
 * algorithms are built.
 */
final class Compilation {
  private final Isa isa;
  private final ParameterSource parameters;
  private final CompileOptions options;
  private final RunSignature signature;
  private final Graph graph;
  private final PartsInPlace parts;
  private final BatchSlicing slicing;
  private final MemoryPlan memory;

  /**
   * @param preference as convoy_program_prefer takes it: what it gives to accelerators is computed
   *     image by image, and passes in no bands
   */
  Compilation(
      Isa isa,
      Graph graph,
      ParameterSource parameters,
      CompileOptions options,
      String preference,
      CpuBackend.Slicer slicer) {
    this.isa = isa;
    this.parameters = parameters;
    this.options = options;
    this.signature = RunSignature.of(graph, options);
    this.graph = new AssignLayout().apply(new DropIdentities().apply(graph));
    this.parts = PartsInPlace.of(this.graph);
    try (OurConvolutions ours = new OurConvolutions(this.graph, isa, options, preference)) {
      this.slicing =
          slicer.slice(this.graph, options.maxBatch(), CpuBackend.threads(options), ours);
    }
    this.memory = MemoryPlan.of(this.graph, parts, options.maxBatch(), slicing);
  }

  Graph graph() {
    return graph;
  }

  RunSignature signature() {
    return signature;
  }

  CompileOptions options() {
    return options;
  }

  /** The nodes that are steps of the program, in its order. */
  List<Node> steps() {
    return graph.nodes().stream().filter(node -> !(node.op() instanceof Input)).toList();
  }

  /** For each of {@link #steps}: all that its speed depends on beside the machine. */
  List<String> layers() {
    List<String> layers = new ArrayList<>();
    for (BatchSlicing.Segment segment : slicing.segments()) {
      for (int id = segment.begin(); id < segment.end(); id++) {
        Node node = graph.node(id);
        if (!(node.op() instanceof Input)) {
          String inputs =
              node.inputs().stream()
                  .map(graph::node)
                  .map(input -> input.shape() + " " + input.layout())
                  .toList()
                  .toString();
          layers.add(
              String.format(
                  Locale.ROOT,
                  "%s, %s, batch %d, %d at a time%s: %s of %s",
                  node.shape(),
                  options.mode(),
                  options.maxBatch(),
                  segment.images(),
                  slicing.rows(id) == 0 ? "" : ", in bands",
                  node.op(),
                  inputs));
        }
      }
    }
    return layers;
  }

  /**
   * The algorithms of a plan, by node.
   *
   * @throws ConvoyException if it is the plan of another network
   */
  Map<String, String> planned(Tuning plan) {
    Map<String, String> algorithms = new HashMap<>();
    for (Node node : steps()) {
      String key = Tuning.key(node.name(), operation(node));
      String algorithm = plan.algorithms().get(key);
      if (algorithm == null) {
        throw new ConvoyException(
            plan.title() + " is of another network: it has no layer '" + key + "'");
      }
      if (!algorithm.isEmpty()) {
        algorithms.put(node.name(), algorithm);
      }
    }
    return algorithms;
  }

  /** A node's operation and shape as {@link dev.convoy.backend.Choice} shows them. */
  static String operation(Node node) {
    return node.op() + " : " + node.shape();
  }

  /**
   * A program.
   *
   * @param preference as convoy_program_prefer takes it
   * @param required algorithms that nodes, by name, must take whatever is preferred
   */
  NativeExecutable build(String preference, Map<String, String> required) {
    Native.convoy_program program =
        NativeCall.present(
            Native.convoy_program_create(
                NativeCall.code(isa),
                NativeCall.code(options.mode()),
                options.maxBatch(),
                Math.min(options.threads(), Native.CONVOY_MAX_THREADS),
                memory.arenaFloats()));
    try {
      NativeCall.check(Native.convoy_program_prefer(program, preference));
      new Lowering(graph, parameters, slicing, memory, program, required).run();
      return new NativeExecutable(graph, parts, slicing, signature, program);
    } catch (RuntimeException | Error e) {
      Native.convoy_program_destroy(program);
      throw e;
    }
  }
}
