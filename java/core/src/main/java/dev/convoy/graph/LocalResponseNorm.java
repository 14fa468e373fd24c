package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;

/**
 * Local response normalisation across channels: {@code y = x / (k + alpha/size * sum of x² over
 * channels c-size/2 .. c-size/2+size-1)^beta}.
 *
 * <p>AlexNet's paper writes its alpha without the division: pass {@code alpha * size} for it.
 *
 * @see <a href="https://papers.nips.cc/paper/4824">Krizhevsky, Sutskever, Hinton: ImageNet
 *     Classification, 3.3</a>
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k) implements Op {
  public LocalResponseNorm {
    if (size < 1) {
      throw new ShapeException("local response norm needs a size of at least 1, got " + size);
    }
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return Op.onlyMap(inputs);
  }

  @Override
  public String toString() {
    return "local-response-norm " + size + " alpha " + alpha + " beta " + beta + " k " + k;
  }
}
