package dev.convoy.models;

import dev.convoy.graph.Activation;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Window;
import dev.convoy.nn.Net;

/**
 * The unit that most families since 2015 are made of: a convolution without bias that keeps the
 * map's size up to its stride, batch normalisation, an activation.
 *
 * @param eps of the batch normalisation
 */
record ConvNorm(double eps, Activation activation) {

  /** The same without an activation. */
  ConvNorm linear() {
    return new ConvNorm(eps, Activation.IDENTITY);
  }

  /** With torchvision's names: {@code name.0}, {@code name.1} and {@code name.2}. */
  Net append(Net x, String name, Conv2d conv) {
    return x.scope(name, s -> append(s, 0, conv));
  }

  /** Numbered on from the convolution's number, as torchvision does. */
  Net append(Net x, int number, Conv2d conv) {
    Net normed = normed(x, "" + number, conv, "" + (number + 1));
    return activation.isIdentity() ? normed : normed.activate("" + (number + 2), activation);
  }

  /** With the given keys inside the scope {@code name}. */
  Net append(Net x, String name, String convKey, Conv2d conv, String normKey) {
    return x.scope(name, s -> normed(s, convKey, conv, normKey).activate(activation));
  }

  private Net normed(Net x, String convKey, Conv2d conv, String normKey) {
    return x.conv(convKey, same(conv).noBias()).batchNorm(normKey, eps);
  }

  /** Padded by half the kernel. */
  static Conv2d same(Conv2d conv) {
    Window window = conv.window();
    return conv.withWindow(window.padding(window.spanH() / 2, window.spanW() / 2));
  }

  /** A filter a channel: {@code x}'s channels and as many groups. */
  static Conv2d depthwise(Net x, int kernel, int stride) {
    int channels = x.shape().channels();
    return Conv2d.of(channels, kernel).stride(stride).groups(channels);
  }
}
