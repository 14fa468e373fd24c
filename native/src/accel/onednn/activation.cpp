#include "activation.h"

#include "convoy/convoy.h"

namespace convoy::onednn {

Eltwise eltwise(int activation, float alpha) {
  switch (activation) {
    case CONVOY_RELU:
      return {dnnl_eltwise_relu, 0, 0};
    case CONVOY_RELU6:
      return {dnnl_eltwise_clip, 0, 6};
    case CONVOY_LEAKY_RELU:
      return {dnnl_eltwise_relu, alpha, 0};
    case CONVOY_HARD_SIGMOID:
      return {dnnl_eltwise_hardsigmoid, 1.0f / 6, 0.5f};
    case CONVOY_HARD_SWISH:
      return {dnnl_eltwise_hardswish, 1.0f / 6, 0.5f};
    case CONVOY_SIGMOID:
      return {dnnl_eltwise_logistic, 0, 0};
    case CONVOY_TANH:
      return {dnnl_eltwise_tanh, 0, 0};
    case CONVOY_SILU:
      return {dnnl_eltwise_swish, 1, 0};
    case CONVOY_ELU:
      return {dnnl_eltwise_elu, alpha, 0};
    case CONVOY_GELU:
      return {dnnl_eltwise_gelu_erf, 0, 0};
    case CONVOY_SOFTPLUS:
      return {dnnl_eltwise_soft_relu, 1, 0};
    case CONVOY_MISH:
      return {dnnl_eltwise_mish, 0, 0};
    default:
      throw Refusal{"an activation that oneDNN lacks"};
  }
}

Attributes attributes(int activation, float alpha, const_dnnl_memory_desc_t residual) {
  Attributes attributes;
  check(dnnl_primitive_attr_create(attributes.out()), "attributes");
  check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "scratchpad");
  PostOps post_ops;
  check(dnnl_post_ops_create(post_ops.out()), "post-ops");
  if (residual != nullptr) {
    check(dnnl_post_ops_append_binary(post_ops, dnnl_binary_add, residual), "residual");
  }
  if (activation != CONVOY_IDENTITY) {
    const Eltwise function = eltwise(activation, alpha);
    check(dnnl_post_ops_append_eltwise(post_ops, function.kind, function.alpha, function.beta), "activation");
  }
  check(dnnl_primitive_attr_set_post_ops(attributes, post_ops), "post-ops");
  return attributes;
}

}  // namespace convoy::onednn
