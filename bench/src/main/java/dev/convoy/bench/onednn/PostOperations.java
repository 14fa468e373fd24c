package dev.convoy.bench.onednn;

import dev.convoy.graph.Activation;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;

/** What a primitive does to its result before it writes it. */
final class PostOperations {
  private PostOperations() {}

  /** An element-wise function as oneDNN has it. */
  record Function(int algorithm, float alpha, float beta) {}

  static Function function(Activation activation) {
    float alpha = activation.alpha();
    return switch (activation.kind()) {
      case IDENTITY -> new Function(dnnl.dnnl_eltwise_linear, 1, 0);
      case RELU -> new Function(dnnl.dnnl_eltwise_relu, 0, 0);
      case RELU6 -> new Function(dnnl.dnnl_eltwise_clip_v2, 0, 6);
      case LEAKY_RELU -> new Function(dnnl.dnnl_eltwise_relu, alpha, 0);
      case HARD_SIGMOID -> new Function(dnnl.dnnl_eltwise_hardsigmoid, 1f / 6, 0.5f);
      case HARD_SWISH -> new Function(dnnl.dnnl_eltwise_hardswish, 1f / 6, 0.5f);
      case SIGMOID -> new Function(dnnl.dnnl_eltwise_logistic, 0, 0);
      case TANH -> new Function(dnnl.dnnl_eltwise_tanh, 0, 0);
      case SILU -> new Function(dnnl.dnnl_eltwise_swish, 1, 0);
      case ELU -> new Function(dnnl.dnnl_eltwise_elu, alpha, 0);
      case GELU -> new Function(dnnl.dnnl_eltwise_gelu_erf, 0, 0);
      case SOFTPLUS -> new Function(dnnl.dnnl_eltwise_soft_relu, 1, 0);
      case MISH -> new Function(dnnl.dnnl_eltwise_mish, 0, 0);
    };
  }

  /**
   * Attributes of a primitive.
   *
   * @param sum whether what the result's memory holds is added first
   */
  static primitive_attr attributes(boolean sum, Activation activation) {
    try (post_ops operations = new post_ops()) {
      if (sum) {
        operations.append_sum();
      }
      if (!activation.isIdentity()) {
        Function f = function(activation);
        operations.append_eltwise(f.algorithm(), f.alpha(), f.beta());
      }
      primitive_attr attributes = new primitive_attr();
      attributes.set_post_ops(operations);
      return attributes;
    }
  }
}
