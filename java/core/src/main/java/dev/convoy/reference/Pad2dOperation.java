package dev.convoy.reference;

import dev.convoy.graph.Pad2d;
import dev.convoy.tensor.Shape;
import java.util.List;

/** Extra pixels: each output pixel is looked up in the input, or constant. */
record Pad2dOperation(Pad2d op, Shape in, Shape out) implements Operation {
  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals map = inputs.get(0);
    workers.share(
        out.channels(),
        out.size(),
        c -> {
          int to = c * out.height() * out.width();
          for (int y = 0; y < out.height(); y++) {
            int fromY = source(y - op.top(), in.height());
            for (int x = 0; x < out.width(); x++) {
              int fromX = source(x - op.left(), in.width());
              boolean outside = fromY < 0 || fromX < 0;
              output.set(
                  to++,
                  outside ? op.value() : map.get((c * in.height() + fromY) * in.width() + fromX));
            }
          }
        });
  }

  /** The input's row or column for this one, which may lie outside; −1 for the constant. */
  private int source(int i, int size) {
    if (i >= 0 && i < size) {
      return i;
    }
    return switch (op.mode()) {
      case CONSTANT -> -1;
      case EDGE -> i < 0 ? 0 : size - 1;
      case REFLECT -> i < 0 ? -i : 2 * (size - 1) - i;
    };
  }
}
