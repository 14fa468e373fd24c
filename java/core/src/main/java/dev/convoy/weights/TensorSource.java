package dev.convoy.weights;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import java.nio.FloatBuffer;

/** One tensor of {@link Weights}: on the heap, or still where it is stored. */
sealed interface TensorSource {
  Shape shape();

  /** Reads it if it is still in its file. */
  Tensor tensor();

  /** Puts its values into a buffer, from its position on. */
  void read(FloatBuffer into);

  /** The same values in another shape of the same size. */
  TensorSource reshaped(Shape shape);

  /** A tensor on the heap. */
  record Held(Tensor tensor) implements TensorSource {
    @Override
    public Shape shape() {
      return tensor.shape();
    }

    @Override
    public void read(FloatBuffer into) {
      into.put(tensor.values());
    }

    @Override
    public TensorSource reshaped(Shape shape) {
      return new Held(new Tensor(shape, tensor.values()));
    }
  }

  /**
   * A tensor in an open file, read whenever it is asked for.
   *
   * @param source the file, for messages
   * @param what the tensor, for messages
   */
  record Unread(String source, String what, TensorView view, Shape shape) implements TensorSource {
    @Override
    public Tensor tensor() {
      return Checkpoints.reading(source, () -> new Tensor(shape, view.read(what)));
    }

    @Override
    public void read(FloatBuffer into) {
      Checkpoints.reading(
          source,
          () -> {
            view.read(what, into);
            return into;
          });
    }

    @Override
    public TensorSource reshaped(Shape other) {
      if (other.size() != shape.size()) {
        throw new ShapeException(what + " of " + shape + " has no shape " + other);
      }
      return new Unread(source, what, view, other);
    }
  }
}
