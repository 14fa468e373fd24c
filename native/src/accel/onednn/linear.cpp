// A matrix product with images as rows, cut into slices of output features. Every task multiplies the same number of
// rows, so that an image's sums do not depend on how many came with it: a task of fewer images goes through scratch
// memory.
#include <algorithm>
#include <cstring>

#include "activation.h"
#include "layers.h"
#include "packed_primitive.h"

namespace convoy::onednn {
namespace {

constexpr int kRows = 8;            // images of a task, if as many can come: weights are read once for all of them
constexpr int64_t kFeatures = 256;  // of a slice
constexpr int kMostSlices = 16;

class Linear final : public Layer {
 public:
  explicit Linear(const convoy_layer& layer) : layer_(layer), rows_(std::min(kRows, layer.max_batch)) {
    const int64_t blocks = padded(layer.out_c) / kBlock;
    const int64_t count = std::clamp<int64_t>(layer.out_c / kFeatures, 1, kMostSlices);
    for (int64_t i = 0; i < count; ++i) {
      const int64_t first = blocks * i / count * kBlock;
      const int64_t end = std::min<int64_t>(layer.out_c, blocks * (i + 1) / count * kBlock);
      slices_.push_back({PackedPrimitive(describe(end - first)), first, end - first});
    }
  }

  void pack(const float* weights, const float* bias) override {
    for (Slice& slice : slices_) {
      slice.primitive.weights(strided({layer_.in_c, slice.features}, {1, layer_.in_c}),
                              weights + slice.first * layer_.in_c);
      if (layer_.bias != 0) {
        slice.primitive.vector(DNNL_ARG_BIAS, bias + slice.first, static_cast<size_t>(slice.features));
      }
      slice.primitive.make();
    }
  }

  void run(int slice, int images, const float* in, const float*, float* out, float* scratch) const override {
    const Slice& s = slices_[slice];
    float* to = out + s.first;
    if (images == rows_) {
      s.primitive.run(in, nullptr, to, scratch);
    } else {
      float* rows = scratch + pad_floats();
      float* results = rows + rows_ * in_row();
      std::memcpy(rows, in, images * in_row() * sizeof(float));
      std::memset(rows + images * in_row(), 0, (rows_ - images) * in_row() * sizeof(float));
      s.primitive.run(rows, nullptr, results, scratch);
      for (int image = 0; image < images; ++image) {
        std::memcpy(to + image * out_row(), results + image * out_row(), s.features * sizeof(float));
      }
    }
    if (s.first + s.features == layer_.out_c) {
      for (int image = 0; image < images; ++image) {
        std::memset(out + image * out_row() + layer_.out_c, 0, (out_row() - layer_.out_c) * sizeof(float));
      }
    }
  }

  std::string algorithm() const override { return slices_[0].primitive.implementation(); }
  int images() const override { return rows_; }
  int slices() const override { return static_cast<int>(slices_.size()); }
  int64_t scratch_floats() const override { return pad_floats() + (rows_ == 1 ? 0 : rows_ * (in_row() + out_row())); }
  int64_t parameter_bytes() const override { return onednn::parameter_bytes(slices_); }

 private:
  struct Slice {
    PackedPrimitive primitive;
    int64_t first, features;
  };

  int64_t in_row() const { return padded(layer_.in_c); }
  int64_t out_row() const { return padded(layer_.out_c); }

  // oneDNN's own scratch memory comes first.
  int64_t pad_floats() const { return padded(onednn::scratch_floats(slices_)); }

  PrimitiveDesc describe(int64_t features) const {
    const MemoryDesc in = strided({rows_, layer_.in_c}, {in_row(), 1});
    const MemoryDesc out = strided({rows_, features}, {out_row(), 1});
    const MemoryDesc weights = tagged({layer_.in_c, features}, dnnl_format_tag_any);
    const MemoryDesc bias = layer_.bias != 0 ? tagged({1, features}, dnnl_ab) : MemoryDesc();
    const Attributes fused = attributes(layer_.activation, layer_.alpha, nullptr);
    PrimitiveDesc desc;
    check(dnnl_matmul_primitive_desc_create(desc.out(), engine(), in, weights, bias, out, fused), "matrix product");
    return desc;
  }

  const convoy_layer layer_;
  const int rows_;
  std::vector<Slice> slices_;
};

}  // namespace

std::unique_ptr<Layer> describe_linear(const convoy_layer& layer) { return std::make_unique<Linear>(layer); }

}  // namespace convoy::onednn
