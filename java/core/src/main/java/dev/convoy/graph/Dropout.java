package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;

/**
 * Dropout: in training, zeroes elements with this probability; in inference, the identity.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al.: Dropout</a>
 */
public record Dropout(double probability) implements Op {
  public Dropout {
    if (!(probability >= 0 && probability < 1)) {
      throw new ShapeException("a dropout probability lies in [0, 1), got " + probability);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.only(inputs);
  }

  @Override
  public String toString() {
    return "dropout " + probability;
  }
}
