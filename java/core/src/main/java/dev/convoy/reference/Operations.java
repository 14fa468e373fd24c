package dev.convoy.reference;

import dev.convoy.graph.Activate;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Add;
import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Conv2d;
import dev.convoy.graph.LayerNorm;
import dev.convoy.graph.LayerScale;
import dev.convoy.graph.Linear;
import dev.convoy.graph.LocalResponseNorm;
import dev.convoy.graph.Multiply;
import dev.convoy.graph.Op;
import dev.convoy.graph.Pad2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Resize2d;
import dev.convoy.graph.SelectChannels;
import dev.convoy.graph.Softmax;
import dev.convoy.tensor.Shape;
import java.util.List;

/** The class that computes each operation of the graph. */
final class Operations {
  private Operations() {}

  /**
   * What computes this operation on values of these shapes.
   *
   * @param inputs shapes of what the node reads
   * @param parameters as {@link Op#parameters} orders them
   */
  static Operation of(
      Op op, List<Shape> inputs, Shape out, List<Reals> parameters, Precision precision) {
    if (op instanceof Conv2d conv) {
      Reals bias = conv.bias() ? parameters.get(1) : null;
      return new Conv2dOperation(conv, inputs.get(0), out, parameters.get(0), bias, precision);
    }
    if (op instanceof Linear linear) {
      Reals bias = linear.bias() ? parameters.get(1) : null;
      return new LinearOperation(parameters.get(0), bias, linear.activation(), precision);
    }
    if (op instanceof Pool2d pool) {
      return PoolOperation.of(pool, inputs.get(0), out, precision);
    }
    if (op instanceof AdaptivePool2d pool) {
      return PoolOperation.of(pool, inputs.get(0), precision);
    }
    if (op instanceof BatchNorm norm) {
      return new BatchNormOperation(
          norm,
          parameters.get(0),
          parameters.get(1),
          parameters.get(2),
          parameters.get(3),
          precision);
    }
    if (op instanceof LayerNorm norm) {
      return new LayerNormOperation(norm.eps(), parameters.get(0), parameters.get(1), precision);
    }
    if (op instanceof LayerScale) {
      return new LayerScaleOperation(parameters.get(0), out.height() * out.width());
    }
    if (op instanceof LocalResponseNorm norm) {
      return new LocalResponseNormOperation(norm, out.channels(), precision);
    }
    if (op instanceof Activate activate) {
      return new ActivateOperation(new ActivationFunction(activate.activation(), precision));
    }
    if (op instanceof Softmax softmax) {
      return new SoftmaxOperation(softmax.log(), out.channels());
    }
    if (op instanceof Add add) {
      return new AddOperation(new ActivationFunction(add.activation(), precision), precision);
    }
    if (op instanceof Multiply) {
      return new MultiplyOperation(out.height() * out.width());
    }
    if (op instanceof SelectChannels select) {
      return new SelectChannelsOperation(select.channels(), out.height() * out.width());
    }
    if (op instanceof Pad2d pad) {
      return new Pad2dOperation(pad, inputs.get(0), out);
    }
    if (op instanceof Resize2d resize) {
      return new Resize2dOperation(resize, inputs.get(0), out);
    }
    // Concat; and Flatten, Identity, Reorder, Dropout, which copy one input. An Input is filled by
    // the run instead.
    return new CopyOperation();
  }
}
