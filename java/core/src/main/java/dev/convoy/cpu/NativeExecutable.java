package dev.convoy.cpu;

import dev.convoy.backend.Choice;
import dev.convoy.backend.Executable;
import dev.convoy.backend.Execution;
import dev.convoy.backend.RunSignature;
import dev.convoy.cpu.internal.Native;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.graph.Node;
import dev.convoy.optimize.BatchSlicing;
import dev.convoy.optimize.PartsInPlace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sealed native program. Owns it; counts its executions so that it is never freed under one. */
final class NativeExecutable implements Executable {
  private final Graph graph;
  private final PartsInPlace parts;
  private final BatchSlicing slicing;
  private final RunSignature signature;
  private final Native.convoy_program program;
  private final int steps;
  private final long bytes;
  private @Nullable List<Choice> choices;
  private int open;
  private boolean closed;

  NativeExecutable(
      Graph graph,
      PartsInPlace parts,
      BatchSlicing slicing,
      RunSignature signature,
      Native.convoy_program program) {
    this.graph = graph;
    this.parts = parts;
    this.slicing = slicing;
    this.signature = signature;
    this.program = program;
    this.steps = graph.nodes().size() - graph.inputs().size();
    this.bytes = Native.convoy_program_parameter_bytes(program);
  }

  Graph graph() {
    return graph;
  }

  RunSignature signature() {
    return signature;
  }

  @Override
  public synchronized Execution open() {
    if (closed) {
      throw new IllegalStateException("the executable was closed: it cannot be used any more");
    }
    Native.convoy_execution execution = NativeCall.present(Native.convoy_execution_create(program));
    NativeExecution opened;
    try {
      opened = new NativeExecution(this, execution);
    } catch (RuntimeException | Error e) {
      Native.convoy_execution_destroy(execution);
      throw e;
    }
    open++;
    return opened;
  }

  synchronized void executionClosed() {
    open--;
  }

  /** The algorithms that accept a step, the chosen one first. */
  List<String> candidates(int step) {
    return lines(Native.convoy_program_candidates(program, step).getString());
  }

  private static List<String> lines(String text) {
    return Arrays.stream(text.split("\n", -1)).filter(line -> !line.isEmpty()).toList();
  }

  int steps() {
    return steps;
  }

  /** Put in words when somebody asks: a service that starts does not. */
  @Override
  public synchronized List<Choice> choices() {
    if (choices == null) {
      choices = choices(graph, parts, slicing, program);
    }
    return choices;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    if (open > 0) {
      throw new IllegalStateException(open + " executions are still open: close them first");
    }
    closed = true;
    choices(); // of which the program will not be there to tell
    Native.convoy_program_destroy(program);
  }

  private static List<Choice> choices(
      Graph graph, PartsInPlace parts, BatchSlicing slicing, Native.convoy_program program) {
    List<Choice> choices = new ArrayList<>();
    for (BatchSlicing.Segment segment : slicing.segments()) {
      for (int id = segment.begin(); id < segment.end(); id++) {
        Node node = graph.node(id);
        if (!(node.op() instanceof Input)) {
          int step = choices.size();
          String refusals = Native.convoy_program_refusals(program, step).getString();
          String candidates = Native.convoy_program_candidates(program, step).getString();
          choices.add(
              new Choice(
                  node.name(),
                  Compilation.operation(node),
                  Native.convoy_program_algorithm(program, step).getString(),
                  candidates.split("\n", 2)[0],
                  lines(refusals),
                  node.op().macs(graph.inputShapes(node), node.shape()),
                  parts.copiesNothing(graph, id) ? 0 : bytes(graph, node),
                  segment.images(),
                  slicing.rows(id)));
        }
      }
    }
    return List.copyOf(choices);
  }

  private static long bytes(Graph graph, Node node) {
    long floats = node.layout().floats(node.shape());
    for (int input : node.inputs()) {
      floats += graph.node(input).layout().floats(graph.node(input).shape());
    }
    floats += node.parameters().stream().mapToLong(p -> p.shape().size()).sum();
    return floats * Float.BYTES;
  }
}
