package dev.convoy.models;

import static dev.convoy.graph.Activation.RELU;
import static dev.convoy.graph.Pooling.MAX;

import dev.convoy.graph.Conv2d;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Window;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;

/**
 * AlexNet, twice: torchvision's (Krizhevsky's "one weird trick" version, 61.1 M parameters) and the
 * original as it is taught (96-256-384-384-256 filters on one device, local response normalisation,
 * 227×227 images, 62.4 M).
 *
 * @see <a href="https://papers.nips.cc/paper/4824">Krizhevsky, Sutskever, Hinton: ImageNet
 *     Classification with Deep Convolutional Neural Networks</a>
 * @see <a href="https://arxiv.org/abs/1404.5997">Krizhevsky: One weird trick for parallelizing
 *     CNNs</a>
 */
final class AlexNet {
  private static final Pool2d POOL = Pool2d.of(MAX, Window.of(3).stride(2));

  /** The paper's n = 5, k = 2, alpha = 1e-4, beta = 0.75; its alpha is not divided by n. */
  private static final LocalResponseNorm NORM = new LocalResponseNorm(5, 5 * 1e-4, 0.75, 2);

  private AlexNet() {}

  static Network alexnet(Shape input, int classes) {
    return Network.of(
        input,
        net ->
            net.scope(
                    "features",
                    f ->
                        f.conv("0", Conv2d.of(64, 11).stride(4).padding(2))
                            .activate("1", RELU)
                            .pool("2", POOL)
                            .conv("3", Conv2d.of(192, 5).padding(2))
                            .activate("4", RELU)
                            .pool("5", POOL)
                            .conv("6", Conv2d.of(384, 3).padding(1))
                            .activate("7", RELU)
                            .conv("8", Conv2d.of(256, 3).padding(1))
                            .activate("9", RELU)
                            .conv("10", Conv2d.of(256, 3).padding(1))
                            .activate("11", RELU)
                            .pool("12", POOL))
                .adaptiveAveragePool("avgpool", 6, 6)
                .flatten()
                .scope(
                    "classifier",
                    c ->
                        c.dropout("0", 0.5)
                            .linear("1", 4096)
                            .activate("2", RELU)
                            .dropout("3", 0.5)
                            .linear("4", 4096)
                            .activate("5", RELU)
                            .linear("6", classes)));
  }

  /** Section 3.5 of the paper, without its split over two GPUs. */
  static Network original(Shape input, int classes) {
    return Network.of(
        input,
        net ->
            net.conv("conv1", Conv2d.of(96, 11).stride(4))
                .relu()
                .layer("norm1", NORM)
                .pool("pool1", POOL)
                .conv("conv2", Conv2d.of(256, 5).padding(2))
                .relu()
                .layer("norm2", NORM)
                .pool("pool2", POOL)
                .conv("conv3", Conv2d.of(384, 3).padding(1))
                .relu()
                .conv("conv4", Conv2d.of(384, 3).padding(1))
                .relu()
                .conv("conv5", Conv2d.of(256, 3).padding(1))
                .relu()
                .pool("pool5", POOL)
                .flatten()
                .dropout(0.5)
                .linear("fc6", 4096)
                .relu()
                .dropout(0.5)
                .linear("fc7", 4096)
                .relu()
                .linear("fc8", classes)
                .softmax());
  }
}
