package dev.convoy.nn;

import dev.convoy.graph.Activate;
import dev.convoy.graph.Activation;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Concat;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.Dropout;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.LayerNorm;
import dev.convoy.graph.LayerScale;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Resize2d;
import dev.convoy.graph.SelectChannels;
import dev.convoy.graph.Softmax;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The network so far: the value that the next layer reads. Each layer method appends a layer and
 * returns the network with it; the receiver stays valid, so that branches are plain variables:
 *
 * <pre>{@code
 * Net shortcut = net;
 * Net residual = net.conv("conv1", Conv2d.of(64, 3).padding(1)).relu().conv("conv2", Conv2d.of(64, 3).padding(1));
 * return residual.add(shortcut).relu();
 * }</pre>
 *
 * <p>Every method throws {@link ShapeException} naming the layer, what it expected and what it got.
 * Names are relative to the enclosing {@link #scope scopes}; layers without parameters may be left
 * unnamed. Not thread-safe.
 */
public final class Net {
  private final Scopes scopes;
  private final int id;

  Net(Scopes scopes, int id) {
    this.scopes = scopes;
    this.id = id;
  }

  /** The shape of this value for one image: C×H×W, or F. */
  public Shape shape() {
    return scopes.builder().node(id).shape();
  }

  /** Layers that {@code body} adds are named {@code name + "." + …}. */
  public Net scope(String name, UnaryOperator<Net> body) {
    scopes.push(name);
    try {
      return body.apply(this);
    } finally {
      scopes.pop();
    }
  }

  /** Any operation of one input; the general form of the methods below. */
  public Net layer(String name, Op op) {
    return new Net(scopes, scopes.add(name, op, List.of(id)));
  }

  private Net unnamed(String kind, Op op) {
    return new Net(scopes, scopes.addUnnamed(kind, op, List.of(id)));
  }

  /** A convolution with a square kernel, stride 1, no padding and a bias. */
  public Net conv(String name, int outChannels, int kernel) {
    return conv(name, Conv2d.of(outChannels, kernel));
  }

  public Net conv(String name, Conv2d conv) {
    return layer(name, conv);
  }

  /** A fully connected layer with bias, on a vector (see {@link #flatten}). */
  public Net linear(String name, int outFeatures) {
    return layer(name, Linear.of(outFeatures));
  }

  /**
   * A fully connected layer with bias over the channels of every pixel of a map: a 1×1 convolution
   * whose weight is stored as [out, in].
   */
  public Net pointwiseLinear(String name, int outChannels) {
    return new Net(scopes, scopes.addPointwiseLinear(name, outChannels, id));
  }

  /** Batch normalisation with PyTorch's default eps of 1e-5. */
  public Net batchNorm(String name) {
    return batchNorm(name, 1e-5);
  }

  public Net batchNorm(String name, double eps) {
    return layer(name, new BatchNorm(eps));
  }

  public Net localResponseNorm(int size, double alpha, double beta, double k) {
    return unnamed("lrn", new LocalResponseNorm(size, alpha, beta, k));
  }

  /**
   * Layer normalisation over the channels of every pixel, or over a vector's features.
   *
   * @param eps PyTorch's default is 1e-5, torchvision's ConvNeXt has 1e-6
   */
  public Net layerNorm(String name, double eps) {
    return layer(name, new LayerNorm(eps));
  }

  /** A learned factor a channel, stored under the name itself. */
  public Net layerScale(String name) {
    return layer(name, new LayerScale());
  }

  /** Max pooling; the stride is the kernel's size. */
  public Net maxPool(int kernel) {
    return pool(Pool2d.of(Pooling.MAX, kernel));
  }

  /** Min pooling; the stride is the kernel's size. */
  public Net minPool(int kernel) {
    return pool(Pool2d.of(Pooling.MIN, kernel));
  }

  /** Average pooling; the stride is the kernel's size. */
  public Net averagePool(int kernel) {
    return pool(Pool2d.of(Pooling.AVERAGE, kernel));
  }

  public Net pool(Pool2d pool) {
    return unnamed("pool", pool);
  }

  public Net pool(String name, Pool2d pool) {
    return layer(name, pool);
  }

  public Net globalAveragePool(String name) {
    return adaptiveAveragePool(name, 1, 1);
  }

  public Net globalMaxPool(String name) {
    return adaptiveMaxPool(name, 1, 1);
  }

  public Net adaptiveAveragePool(String name, int height, int width) {
    return layer(name, new AdaptivePool2d(Pooling.AVERAGE, height, width));
  }

  public Net adaptiveMaxPool(String name, int height, int width) {
    return layer(name, new AdaptivePool2d(Pooling.MAX, height, width));
  }

  public Net activate(Activation activation) {
    return unnamed(
        activation.kind().name().toLowerCase(java.util.Locale.ROOT), new Activate(activation));
  }

  public Net activate(String name, Activation activation) {
    return layer(name, new Activate(activation));
  }

  public Net relu() {
    return activate(Activation.RELU);
  }

  public Net relu6() {
    return activate(Activation.RELU6);
  }

  public Net leakyRelu(double slope) {
    return activate(Activation.leakyRelu(slope));
  }

  public Net sigmoid() {
    return activate(Activation.SIGMOID);
  }

  public Net tanh() {
    return activate(Activation.TANH);
  }

  /** x Φ(x), with the error function itself and not its tanh approximation. */
  public Net gelu() {
    return activate(Activation.GELU);
  }

  public Net elu(double alpha) {
    return activate(Activation.elu(alpha));
  }

  public Net softplus() {
    return activate(Activation.SOFTPLUS);
  }

  public Net mish() {
    return activate(Activation.MISH);
  }

  public Net silu() {
    return activate(Activation.SILU);
  }

  public Net hardSwish() {
    return activate(Activation.HARD_SWISH);
  }

  public Net hardSigmoid() {
    return activate(Activation.HARD_SIGMOID);
  }

  /** A map as a vector, channels outermost. */
  public Net flatten() {
    return unnamed("flatten", new Flatten());
  }

  /** A map as a vector, channels outermost. */
  public Net flatten(String name) {
    return layer(name, new Flatten());
  }

  /** Does nothing in inference. */
  public Net dropout(double probability) {
    return unnamed("dropout", new Dropout(probability));
  }

  /** Does nothing in inference. */
  public Net dropout(String name, double probability) {
    return layer(name, new Dropout(probability));
  }

  /** Over the channels. */
  public Net softmax() {
    return unnamed("softmax", new Softmax(false));
  }

  /** Over the channels. */
  public Net logSoftmax() {
    return unnamed("log_softmax", new Softmax(true));
  }

  /** The element-wise sum with a value of the same shape. */
  public Net add(Net other) {
    return new Net(scopes, scopes.addUnnamed("add", Add.PLAIN, List.of(id, idOf(other))));
  }

  /** This map times a factor a channel, which {@code factors} has in its one pixel. */
  public Net multiply(Net factors) {
    return new Net(
        scopes, scopes.addUnnamed("multiply", new Multiply(), List.of(id, idOf(factors))));
  }

  /** This value's channels, then the others'. */
  public Net concat(Net... others) {
    return new Net(scopes, scopes.addUnnamed("concat", new Concat(), with(others)));
  }

  /** This value's channels, then the others'. */
  public Net concat(String name, Net... others) {
    return new Net(scopes, scopes.add(name, new Concat(), with(others)));
  }

  private List<Integer> with(Net... others) {
    List<Integer> inputs = new ArrayList<>(List.of(id));
    for (Net other : others) {
      inputs.add(idOf(other));
    }
    return inputs;
  }

  /** Channels {@code from} to {@code end - 1}. */
  public Net channels(int from, int end) {
    return unnamed("channels", SelectChannels.range(from, end));
  }

  /** The first channel of each group, then the second of each, and so on. */
  public Net shuffleChannels(int groups) {
    return unnamed("shuffle", SelectChannels.shuffle(shape().channels(), groups));
  }

  /** The position of a value of this same network. */
  int idOf(Net other) {
    if (other.scopes != scopes) {
      throw new ShapeException(
          "the value '%s' belongs to another network: a network is described by one Network.of"
              .formatted(other.scopes.builder().node(other.id).name()));
    }
    return other.id;
  }

  /** Zeros around the map. */
  public Net pad(int top, int left, int bottom, int right) {
    return pad(new Pad2d(Pad2d.Mode.CONSTANT, 0, top, left, bottom, right));
  }

  public Net pad(Pad2d pad) {
    return unnamed("pad", pad);
  }

  public Net resizeNearest(int height, int width) {
    return unnamed("resize", new Resize2d(Resize2d.Mode.NEAREST, false, height, width));
  }

  public Net resizeBilinear(int height, int width) {
    return unnamed("resize", new Resize2d(Resize2d.Mode.BILINEAR, false, height, width));
  }
}
