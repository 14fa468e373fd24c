// Convolutions image by image, each cut into slices of whole blocks of output channels: in CONVOY_BLOCKED16 a slice of
// the output (and, where groups are cut, of the input) is a dense tensor of its own, so that every slice is an ordinary
// primitive. How many there are follows from the layer and the machine's threads, never from how many a run uses.
#include <algorithm>

#include "activation.h"
#include "layers.h"
#include "packed_primitive.h"

namespace convoy::onednn {
namespace {

constexpr int kMostSlices = 8;      // each costs: a layer in one piece is up to a tenth faster on small maps
constexpr int kLeastChannels = 64;  // of a slice: below, the input is read too often for too little work
constexpr int kLeastOfImages = 16;  // likewise, of an image as it comes: it has few channels

struct Slice {
  PackedPrimitive primitive;
  int first, channels;  // of the output
  int in_first, in_channels;
  int groups;
};

class Convolution final : public Layer {
 public:
  explicit Convolution(const convoy_layer& layer) : layer_(layer) {
    const int in_group = layer.in_c / layer.groups, out_group = layer.out_c / layer.groups;
    // Slices begin at blocks; of groups, only whole ones whose channels fill blocks can be cut off.
    const bool whole_groups = layer.groups > 1;
    const bool depthwise = in_group == 1 && out_group == 1;
    const int unit = depthwise ? kBlock : whole_groups ? out_group : kBlock;
    const bool divisible = !whole_groups || depthwise || (in_group % kBlock == 0 && out_group % kBlock == 0);
    const int units = divisible ? (layer.out_c + unit - 1) / unit : 1;
    const int least = std::max(1, (layer.in_layout == CONVOY_PLAIN ? kLeastOfImages : kLeastChannels) / unit);
    const int count = divisible ? std::clamp(units / least, 1, std::clamp(layer.pool_threads, 1, kMostSlices)) : 1;
    for (int i = 0; i < count; ++i) {
      const int first = divisible ? units * i / count * unit : 0;
      const int end = divisible ? std::min(layer.out_c, units * (i + 1) / count * unit) : layer.out_c;
      const int groups = whole_groups ? (end - first) / out_group : 1;
      const int in_first = whole_groups ? first / out_group * in_group : 0;
      const int in_channels = whole_groups ? groups * in_group : layer.in_c;
      const int residual = layer.residual != 0 ? DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1 : 0;
      slices_.push_back({PackedPrimitive(describe(end - first, in_channels, groups), residual), first, end - first,
                         in_first, in_channels, groups});
    }
  }

  void pack(const float* weights, const float* bias) override {
    const int64_t filter = int64_t{layer_.in_c} / layer_.groups * layer_.window[0] * layer_.window[1];
    for (Slice& slice : slices_) {
      slice.primitive.weights(tagged(weight_dims(slice.channels, slice.in_channels, slice.groups),
                                     layer_.groups == 1 ? dnnl_abcd : dnnl_abcde),
                              weights + slice.first * filter);
      if (layer_.bias != 0) {
        slice.primitive.vector(DNNL_ARG_BIAS, bias + slice.first, slice.channels);
      }
      slice.primitive.make();
    }
  }

  void run(int slice, int, const float* in, const float* residual, float* out, float* scratch) const override {
    const Slice& s = slices_[slice];
    const int64_t out_offset = int64_t{s.first} * layer_.out_h * layer_.out_w;
    s.primitive.run(in + int64_t{s.in_first} * layer_.in_h * layer_.in_w,
                    residual == nullptr ? nullptr : residual + out_offset, out + out_offset, scratch);
  }

  std::string algorithm() const override { return slices_[0].primitive.implementation(); }
  int images() const override { return 1; }
  int slices() const override { return static_cast<int>(slices_.size()); }
  int64_t scratch_floats() const override { return onednn::scratch_floats(slices_); }
  int64_t parameter_bytes() const override { return onednn::parameter_bytes(slices_); }

 private:
  Dims weight_dims(int out_channels, int in_channels, int groups) const {
    const int32_t* window = layer_.window;
    return layer_.groups == 1 ? Dims{out_channels, in_channels, window[0], window[1]}
                              : Dims{groups, out_channels / groups, in_channels / groups, window[0], window[1]};
  }

  PrimitiveDesc describe(int out_channels, int in_channels, int groups) const {
    const int32_t* w = layer_.window;
    const MemoryDesc in =
        tagged({1, in_channels, layer_.in_h, layer_.in_w}, layer_.in_layout == CONVOY_PLAIN ? dnnl_abcd : dnnl_aBcd16b);
    const MemoryDesc out = tagged({1, out_channels, layer_.out_h, layer_.out_w}, dnnl_aBcd16b);
    const MemoryDesc weights = tagged(weight_dims(out_channels, in_channels, groups), dnnl_format_tag_any);
    const MemoryDesc bias = layer_.bias != 0 ? tagged({out_channels}, dnnl_a) : MemoryDesc();
    const Attributes fused = attributes(layer_.activation, layer_.alpha,
                                        layer_.residual != 0 ? static_cast<dnnl_memory_desc_t>(out) : nullptr);
    // oneDNN counts a dilation of 1 as 0, and lets the bottom and right padding follow from the output's size
    const dnnl_dim_t strides[] = {w[2], w[3]}, dilations[] = {w[4] - 1, w[5] - 1};
    const dnnl_dim_t before[] = {w[6], w[7]};
    const dnnl_dim_t after[] = {
        (layer_.out_h - 1) * dnnl_dim_t{w[2]} + (w[0] - 1) * dnnl_dim_t{w[4]} + 1 - layer_.in_h - w[6],
        (layer_.out_w - 1) * dnnl_dim_t{w[3]} + (w[1] - 1) * dnnl_dim_t{w[5]} + 1 - layer_.in_w - w[7]};
    PrimitiveDesc desc;
    check(dnnl_convolution_forward_primitive_desc_create(desc.out(), engine(), dnnl_forward_inference,
                                                         dnnl_convolution_direct, in, weights, bias, out, strides,
                                                         dilations, before, after, fused),
          "convolution");
    return desc;
  }

  const convoy_layer layer_;
  std::vector<Slice> slices_;
};

}  // namespace

std::unique_ptr<Layer> describe_convolution(const convoy_layer& layer) { return std::make_unique<Convolution>(layer); }

}  // namespace convoy::onednn
