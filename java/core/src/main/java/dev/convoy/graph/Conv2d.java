package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cross-correlation with OIHW filters, zero padding, and optionally a residual and an activation
 * behind it.
 *
 * <p>{@code y = activation(conv(x) + bias [+ residual])}. With a residual the node has two inputs,
 * the second of the output's shape. Passes set the last two components; people leave them alone.
 *
 * @param groups channels and filters are split in this many parts; as many as channels = depthwise
 */
public record Conv2d(
    int outChannels,
    Window window,
    int groups,
    boolean bias,
    boolean residual,
    Activation activation)
    implements Op {

  public Conv2d {
    if (outChannels < 1 || groups < 1 || outChannels % groups != 0) {
      throw new ShapeException(
          "%d output channels cannot be split in %d groups".formatted(outChannels, groups));
    }
  }

  /** A square kernel, stride 1, no padding, one group, with bias. */
  public static Conv2d of(int outChannels, int kernel) {
    return of(outChannels, Window.of(kernel));
  }

  public static Conv2d of(int outChannels, Window window) {
    return new Conv2d(outChannels, window, 1, true, false, Activation.IDENTITY);
  }

  public Conv2d stride(int stride) {
    return withWindow(window.stride(stride));
  }

  public Conv2d padding(int padding) {
    return withWindow(window.padding(padding));
  }

  public Conv2d dilation(int dilation) {
    return withWindow(window.dilation(dilation));
  }

  public Conv2d withWindow(Window other) {
    return new Conv2d(outChannels, other, groups, bias, residual, activation);
  }

  public Conv2d groups(int count) {
    return new Conv2d(outChannels, window, count, bias, residual, activation);
  }

  public Conv2d noBias() {
    return withBias(false);
  }

  public Conv2d withBias(boolean present) {
    return new Conv2d(outChannels, window, groups, present, residual, activation);
  }

  public Conv2d withResidual() {
    return new Conv2d(outChannels, window, groups, bias, true, activation);
  }

  public Conv2d with(Activation function) {
    return new Conv2d(outChannels, window, groups, bias, residual, function);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = inputs.isEmpty() ? Op.only(inputs) : Op.onlyMap(inputs.subList(0, 1));
    if (in.channels() % groups != 0) {
      throw new ShapeException(
          "%d input channels cannot be split in %d groups".formatted(in.channels(), groups));
    }
    Shape out =
        Shape.chw(outChannels, window.outputHeight(in.height()), window.outputWidth(in.width()));
    if (inputs.size() != (residual ? 2 : 1)) {
      throw new ShapeException(
          "expected %d inputs, got %d".formatted(residual ? 2 : 1, inputs.size()));
    }
    if (residual && !inputs.get(1).equals(out)) {
      throw new ShapeException(
          "the residual must have the output's shape " + out + ", got " + inputs.get(1));
    }
    return out;
  }

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    List<ParameterSpec> specs = new ArrayList<>(2);
    specs.add(
        ParameterSpec.trainable(
            "weight",
            outChannels,
            inputs.get(0).channels() / groups,
            window.kernelH(),
            window.kernelW()));
    if (bias) {
      specs.add(ParameterSpec.trainable("bias", outChannels));
    }
    return List.copyOf(specs);
  }

  @Override
  public long macs(List<Shape> inputs, Shape output) {
    return Op.product(
        output.size(), inputs.get(0).channels() / groups, window.kernelH(), window.kernelW());
  }

  @Override
  public String toString() {
    return "conv2d "
        + outChannels
        + " "
        + window
        + (groups == 1 ? "" : " groups " + groups)
        + (bias ? " bias" : "")
        + (residual ? " + residual" : "")
        + activation.suffix();
  }
}
