package dev.convoy.models;

import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * LeNet-5 for 32×32 grey images, with full connections in the second convolution: 61,706
 * parameters.
 *
 * @see <a href="http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf">LeCun, Bottou, Bengio, Haffner:
 *     Gradient-Based Learning Applied to Document Recognition</a>
 */
final class LeNet {
  private static final Pool2d AVERAGE = Pool2d.of(Pooling.AVERAGE, 2);

  private LeNet() {}

  static Network lenet5(Shape input, int classes) {
    return Network.of(
        input,
        net ->
            net.conv("conv1", 6, 5)
                .tanh()
                .pool("pool1", AVERAGE)
                .conv("conv2", 16, 5)
                .tanh()
                .pool("pool2", AVERAGE)
                .conv("conv3", 120, 5)
                .tanh()
                .flatten()
                .linear("fc1", 84)
                .tanh()
                .linear("fc2", classes)
                .softmax());
  }
}
