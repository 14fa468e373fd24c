package dev.convoy.bench.onednn;

import dev.convoy.bench.onednn.Chain.Value;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Node;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.pooling_forward;

/** Poolings. */
final class PoolingOperations {
  private final Values values;

  PoolingOperations(Values values) {
    this.values = values;
  }

  Value pool(Node node, Pool2d pool) {
    Shape in = values.graph().inputShapes(node).get(0);
    Shape out = node.shape();
    Window w = pool.window();
    int bottom = (out.height() - 1) * w.strideH() + w.spanH() - in.height() - w.top();
    int right = (out.width() - 1) * w.strideW() + w.spanW() - in.width() - w.left();
    boolean roundedUp = bottom > w.bottom() || right > w.right();
    boolean include = pool.countIncludePad() && w.hasPadding();
    int algorithm =
        switch (pool.kind()) {
          case MAX -> dnnl.dnnl_pooling_max;
          case MIN -> throw Values.refusal(node, "it has no minimum pooling");
          case AVERAGE -> {
            if (include && roundedUp) {
              throw Values.refusal(node, "what rounding up adds would count in the average");
            }
            yield include
                ? dnnl.dnnl_pooling_avg_include_padding
                : dnnl.dnnl_pooling_avg_exclude_padding;
          }
        };
    return pool(
        node,
        algorithm,
        w.padding(w.top(), w.left(), Math.max(w.bottom(), bottom), Math.max(w.right(), right)));
  }

  Value adaptivePool(Node node, AdaptivePool2d pool) {
    Shape in = values.graph().inputShapes(node).get(0);
    if (in.height() % pool.height() != 0 || in.width() % pool.width() != 0) {
      throw Values.refusal(node, "its windows differ in size");
    }
    int h = in.height() / pool.height();
    int w = in.width() / pool.width();
    int algorithm =
        switch (pool.kind()) {
          case MAX -> dnnl.dnnl_pooling_max;
          case MIN -> throw Values.refusal(node, "it has no minimum pooling");
          case AVERAGE -> dnnl.dnnl_pooling_avg_exclude_padding;
        };
    return pool(node, algorithm, Window.of(h, w).stride(h, w));
  }

  private Value pool(Node node, int algorithm, Window w) {
    Value in = values.first(node);
    pooling_forward.primitive_desc how =
        values
            .chain()
            .own(
                new pooling_forward.primitive_desc(
                    values.processor(),
                    OneDnnOperations.INFERENCE,
                    algorithm,
                    in.format(),
                    values.any(node.shape()),
                    new long[] {w.strideH(), w.strideW()},
                    new long[] {w.kernelH(), w.kernelW()},
                    new long[] {w.dilationH() - 1L, w.dilationW() - 1L},
                    new long[] {w.top(), w.left()},
                    new long[] {w.bottom(), w.right()}));
    return values.run(node, new pooling_forward(how), how.dst_desc(), in);
  }
}
