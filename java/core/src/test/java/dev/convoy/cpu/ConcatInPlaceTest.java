package dev.convoy.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.convoy.backend.Backend;
import dev.convoy.backend.Choice;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.ParameterSource;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.optimize.BatchSlicing;
import dev.convoy.optimize.BatchSlicing.Segment;
import dev.convoy.optimize.CacheSizes;
import dev.convoy.optimize.RandomGraphs;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parts that are computed where their concatenation has them. */
class ConcatInPlaceTest {
  private static final int BATCH = 5;

  /** The reference copies every part; segments and slices fall anywhere. */
  @Test
  void givesTheBitsOfCopies() {
    NativeTests.assumePresent();
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      Graph graph = RandomGraphs.withConcats(random);
      CpuBackend sliced =
          CpuBackend.of(
              Isa.best(), (g, batch, threads, ours) -> slicing(random, g.nodes().size(), batch));
      float[][] expected = run(ReferenceBackend.float32(), graph, BATCH);
      float[][] actual = run(sliced, graph, BATCH);
      for (int output = 0; output < expected.length; output++) {
        assertArrayEquals(expected[output], actual[output], 0, "seed " + seed + "\n" + graph);
      }
    }
  }

  /** A dense block of inverted residuals: bands read a part of the whole and write the next. */
  @Test
  void bandsWriteParts() {
    NativeTests.assumePresent();
    Graph graph =
        Network.of(
                Shape.chw(20, 19, 17),
                net -> {
                  Net first = inverted(net, "first");
                  Net both = first.concat(inverted(first, "second"));
                  return both.concat(inverted(both, "third"));
                })
            .graph();
    List<Integer> rolling = new ArrayList<>();
    CpuBackend banded =
        CpuBackend.of(
            Isa.best(),
            (g, batch, threads, ours) -> {
              BatchSlicing slicing =
                  BatchSlicing.of(g, batch, 1, new CacheSizes(4096, 1 << 20), ours);
              rolling.add(slicing.bands().size());
              return slicing;
            });
    float[][] actual = run(banded, graph, BATCH);
    assertEquals(List.of(3), rolling);
    assertArrayEquals(run(ReferenceBackend.float32(), graph, BATCH)[0], actual[0], 0);
  }

  private static Net inverted(Net net, String name) {
    return net.conv(name + ".expand", 96, 1)
        .conv(name + ".depthwise", Conv2d.of(96, 3).padding(1).groups(96))
        .conv(name + ".project", 16, 1);
  }

  @Test
  void theChoiceSaysSo() {
    NativeTests.assumePresent();
    Graph graph =
        Network.of(
                Shape.chw(3, 8, 8),
                net -> {
                  var a = net.conv("a", 16, 1);
                  var b = net.conv("b", 20, 1);
                  var c = net.conv("c", 16, 1);
                  return a.concat(b).concat(c);
                })
            .graph();
    List<String> concats = new ArrayList<>();
    try (var network =
        CpuBackend.create().compile(graph, parameters(graph), CompileOptions.DEFAULT)) {
      for (Choice choice : network.choices()) {
        if (choice.operation().startsWith(new Concat().toString())) {
          concats.add(choice.algorithm() + ", " + (choice.bytes() > 0));
        }
      }
    }
    assertEquals(List.of("in place, false", "shuffle-copy " + Isa.best() + ", true"), concats);
  }

  private static ParameterSource parameters(Graph graph) {
    return GoldenNumbers.of(graph, 1, Map.of());
  }

  private static float[][] run(Backend backend, Graph graph, int batch) {
    float[][] outputs =
        graph.outputs().stream()
            .map(graph::node)
            .map(Node::shape)
            .map(shape -> new float[shape.batch(batch).intSize()])
            .toArray(float[][]::new);
    Shape in = graph.node(graph.inputs().get(0)).shape();
    float[][] inputs = {GoldenNumbers.signed("in", in.batch(batch).intSize())};
    CompileOptions options = CompileOptions.DEFAULT.mode(Mode.EXACT).maxBatch(batch);
    try (var network = backend.compile(graph, parameters(graph), options);
        var execution = network.open()) {
      execution.run(batch, inputs, outputs);
    }
    return outputs;
  }

  private static BatchSlicing slicing(Random random, int nodes, int batch) {
    List<Segment> segments = new ArrayList<>();
    for (int begin = 0; begin < nodes; begin = segments.get(segments.size() - 1).end()) {
      int end = begin + 1 + random.nextInt(nodes - begin);
      segments.add(new Segment(begin, end, 1 + random.nextInt(batch)));
    }
    return new BatchSlicing(segments);
  }
}
