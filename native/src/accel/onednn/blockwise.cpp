// Layers without a matrix product: pooling, scale and shift, activations and sums, which treat every block of channels
// alone, so that an image is cut into slices of whole blocks; LRN and softmax, which look at all channels of an image.
#include <algorithm>

#include "activation.h"
#include "convoy/convoy.h"
#include "layers.h"
#include "packed_primitive.h"

namespace convoy::onednn {
namespace {

constexpr int64_t kLeastFloats = 1 << 15;  // of a slice: below, a task costs more to hand over than to compute
constexpr int kLrnSize = 5;                // what oneDNN has a kernel for

PrimitiveDesc describe_pool(const convoy_layer& layer, const MemoryDesc& in, const MemoryDesc& out) {
  const int32_t* w = layer.window;
  if (layer.pooling == CONVOY_POOL_MIN) {
    throw Refusal{"oneDNN has no minimum"};
  }
  if (layer.pooling == CONVOY_POOL_MAX) {
    throw Refusal{"oneDNN's maximum passes over NaN"};
  }
  // oneDNN lets the bottom and right padding follow from the output's size
  const dnnl_dim_t bottom = (layer.out_h - 1) * dnnl_dim_t{w[2]} + w[0] - layer.in_h - w[6];
  const dnnl_dim_t right = (layer.out_w - 1) * dnnl_dim_t{w[3]} + w[1] - layer.in_w - w[7];
  const bool padded = w[6] > 0 || w[7] > 0 || bottom > 0 || right > 0;
  if (padded && layer.include_pad != 0 && (bottom > w[8] || right > w[9])) {
    throw Refusal{"the size is rounded up: oneDNN would divide by pixels beyond the padding too"};
  }
  const dnnl_dim_t kernel[] = {w[0], w[1]}, strides[] = {w[2], w[3]}, dilations[] = {0, 0};
  const dnnl_dim_t before[] = {w[6], w[7]}, after[] = {bottom, right};
  PrimitiveDesc desc;
  check(dnnl_pooling_forward_primitive_desc_create(
            desc.out(), engine(), dnnl_forward_inference,
            layer.include_pad != 0 ? dnnl_pooling_avg_include_padding : dnnl_pooling_avg_exclude_padding, in, out,
            strides, kernel, dilations, before, after, attributes(CONVOY_IDENTITY, 0, nullptr)),
        "pooling");
  return desc;
}

// A batch norm of variance 0 and epsilon 1, which change nothing: lanes beyond the channels divide by 1 too.
PrimitiveDesc describe_scale_shift(const convoy_layer& layer, const MemoryDesc& in, const MemoryDesc& out) {
  PrimitiveDesc desc;
  check(dnnl_batch_normalization_forward_primitive_desc_create(desc.out(), engine(), dnnl_forward_inference, in, out, 1,
                                                               dnnl_use_global_stats | dnnl_use_scale | dnnl_use_shift,
                                                               attributes(layer.activation, layer.alpha, nullptr)),
        "batch norm");
  return desc;
}

PrimitiveDesc describe_lrn(const convoy_layer& layer, const MemoryDesc& in, const MemoryDesc& out) {
  if (layer.size != kLrnSize) {
    throw Refusal{"oneDNN's kernel is for five channels"};
  }
  PrimitiveDesc desc;
  check(dnnl_lrn_forward_primitive_desc_create(desc.out(), engine(), dnnl_forward_inference, dnnl_lrn_across_channels,
                                               in, out, layer.size, layer.alpha, layer.beta, layer.k,
                                               attributes(CONVOY_IDENTITY, 0, nullptr)),
        "LRN");
  return desc;
}

PrimitiveDesc describe_softmax(const convoy_layer& layer, const MemoryDesc& in, const MemoryDesc& out) {
  PrimitiveDesc desc;
  check(dnnl_softmax_forward_primitive_desc_create(desc.out(), engine(), dnnl_forward_inference,
                                                   layer.log != 0 ? dnnl_softmax_log : dnnl_softmax_accurate, in, out,
                                                   1, attributes(CONVOY_IDENTITY, 0, nullptr)),
        "softmax");
  return desc;
}

PrimitiveDesc describe_activation(const convoy_layer& layer, const MemoryDesc& in, const MemoryDesc& out) {
  const Eltwise function = eltwise(layer.activation, layer.alpha);
  PrimitiveDesc desc;
  check(dnnl_eltwise_forward_primitive_desc_create(desc.out(), engine(), dnnl_forward_inference, function.kind, in, out,
                                                   function.alpha, function.beta,
                                                   attributes(CONVOY_IDENTITY, 0, nullptr)),
        "activation");
  return desc;
}

PrimitiveDesc describe_sum(const convoy_layer& layer, const MemoryDesc& in, const MemoryDesc& out) {
  PrimitiveDesc desc;
  check(dnnl_binary_primitive_desc_create(desc.out(), engine(), dnnl_binary_add, in, out, out,
                                          attributes(layer.activation, layer.alpha, nullptr)),
        "sum");
  return desc;
}

PrimitiveDesc describe(const convoy_layer& layer, int channels) {
  const MemoryDesc in = tagged({1, channels, layer.in_h, layer.in_w}, dnnl_aBcd16b);
  const MemoryDesc out = tagged({1, channels, layer.out_h, layer.out_w}, dnnl_aBcd16b);
  switch (layer.kind) {
    case CONVOY_LAYER_POOL:
      return describe_pool(layer, in, out);
    case CONVOY_LAYER_SCALE_SHIFT:
      return describe_scale_shift(layer, in, out);
    case CONVOY_LAYER_LRN:
      return describe_lrn(layer, in, out);
    case CONVOY_LAYER_SOFTMAX:
      return describe_softmax(layer, in, out);
    case CONVOY_LAYER_ACTIVATE:
      return describe_activation(layer, in, out);
    case CONVOY_LAYER_ADD:
      return describe_sum(layer, in, out);
    default:
      throw Refusal{"a kind of layer that the plug-in does not know"};
  }
}

class Blockwise final : public Layer {
 public:
  explicit Blockwise(const convoy_layer& layer) : layer_(layer) {
    const bool alone = layer.kind != CONVOY_LAYER_LRN && layer.kind != CONVOY_LAYER_SOFTMAX;
    const int blocks = static_cast<int>(padded(layer.in_c) / kBlock);
    const int64_t floats = padded(layer.in_c) * layer.in_h * layer.in_w;
    const int most = std::min(blocks, std::max(1, layer.pool_threads));
    const int count = alone ? static_cast<int>(std::clamp<int64_t>(floats / kLeastFloats, 1, most)) : 1;
    const int second = layer.kind == CONVOY_LAYER_ADD ? DNNL_ARG_SRC_1 : 0;
    for (int i = 0; i < count; ++i) {
      const int first = blocks * i / count * kBlock;
      const int end = std::min(layer.in_c, blocks * (i + 1) / count * kBlock);
      slices_.push_back({PackedPrimitive(describe(layer, end - first), second), first, end - first});
    }
  }

  void pack(const float* weights, const float* bias) override {
    for (Slice& slice : slices_) {
      if (layer_.kind == CONVOY_LAYER_SCALE_SHIFT) {
        const std::vector<float> zeros(slice.channels, 0.0f);
        slice.primitive.vector(DNNL_ARG_SCALE, weights + slice.first, slice.channels);
        slice.primitive.vector(DNNL_ARG_SHIFT, bias + slice.first, slice.channels);
        slice.primitive.vector(DNNL_ARG_MEAN, zeros.data(), slice.channels);
        slice.primitive.vector(DNNL_ARG_VARIANCE, zeros.data(), slice.channels);
      }
      slice.primitive.make();
    }
  }

  void run(int slice, int, const float* in, const float* residual, float* out, float* scratch) const override {
    const Slice& s = slices_[slice];
    const int64_t at = int64_t{s.first} * layer_.in_h * layer_.in_w;
    s.primitive.run(in + at, residual == nullptr ? nullptr : residual + at,
                    out + int64_t{s.first} * layer_.out_h * layer_.out_w, scratch);
  }

  std::string algorithm() const override { return slices_[0].primitive.implementation(); }
  int images() const override { return 1; }
  int slices() const override { return static_cast<int>(slices_.size()); }
  int64_t scratch_floats() const override { return onednn::scratch_floats(slices_); }
  int64_t parameter_bytes() const override { return onednn::parameter_bytes(slices_); }

 private:
  struct Slice {
    PackedPrimitive primitive;
    int first, channels;
  };

  const convoy_layer layer_;
  std::vector<Slice> slices_;
};

}  // namespace

std::unique_ptr<Layer> describe_blockwise(const convoy_layer& layer) { return std::make_unique<Blockwise>(layer); }

}  // namespace convoy::onednn
