package dev.convoy.cpu;

import dev.convoy.backend.CompileOptions;
import dev.convoy.cpu.internal.Native;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import java.util.function.IntPredicate;

/**
 * The convolutions of a graph that go to our own algorithms by a preference: asked before memory is
 * planned and weights are packed, of a program that has neither. Threads have no say, nor has what
 * is computed in bands afterwards, so that the answer, and with it every bit, is the same for any.
 */
final class OurConvolutions implements IntPredicate, AutoCloseable {
  /** What a program may have at most; it takes none before it is executed. */
  private static final long ROOM = 1L << 44;

  /** Offsets are multiples of it. */
  private static final int BLOCK = 16;

  private static final int NO_VALUE = -1;

  private final Graph graph;
  private final int batch;
  private final Native.convoy_program program;

  /** Where the value that is declared next may lie. */
  private long offset;

  OurConvolutions(Graph graph, Isa isa, CompileOptions options, String preference) {
    this.graph = graph;
    this.batch = options.maxBatch();
    this.program =
        NativeCall.present(
            Native.convoy_program_create(
                NativeCall.code(isa), NativeCall.code(options.mode()), batch, 0, ROOM));
    try {
      NativeCall.check(Native.convoy_program_prefer(program, preference));
    } catch (NativeException e) {
      close();
      throw e;
    }
  }

  @Override
  public boolean test(int id) {
    Node node = graph.node(id);
    if (!(node.op() instanceof Conv2d conv)) {
      return false;
    }
    try {
      return NativeCall.check(isOurs(node, conv)) == 1;
    } catch (NativeException e) {
      throw Lowering.unsupported(node, e.getMessage());
    }
  }

  private int isOurs(Node node, Conv2d conv) {
    offset = 0;
    int in = value(graph.node(node.inputs().get(0)));
    int out = value(node);
    int residual = conv.residual() ? value(node) : NO_VALUE;
    return Native.convoy_program_conv_is_ours(
        program,
        in,
        out,
        residual,
        Lowering.numbers(conv.window()),
        conv.groups(),
        NativeCall.code(conv.activation().kind()),
        conv.activation().alpha());
  }

  private int value(Node node) {
    int value =
        Native.convoy_program_value(
            program,
            NativeCall.code(node.layout()),
            node.shape().channels(),
            node.shape().height(),
            node.shape().width(),
            offset);
    offset += (batch * node.layout().floats(node.shape()) + BLOCK - 1) / BLOCK * BLOCK;
    return NativeCall.check(value);
  }

  @Override
  public void close() {
    Native.convoy_program_destroy(program);
  }
}
