// A matrix product with images as rows. Every task multiplies the same number of rows, so that an image's sums do not
// depend on how many came with it.
#include <algorithm>
#include <cstring>
#include <vector>

#include "blas.h"
#include "layers.h"

namespace convoy::openblas {
namespace {

constexpr int kRows = 8;        // images of a task, if as many can come: weights are read once for all of them
constexpr int kFeatures = 256;  // of a slice
constexpr int kMostSlices = 16;

class Linear final : public Layer {
 public:
  explicit Linear(const convoy_layer& layer)
      : layer_(layer),
        rows_(std::min(kRows, layer.max_batch)),
        slices_(std::clamp(layer.out_c / kFeatures, 1, kMostSlices)) {}

  void pack(const float* weights, const float* bias) override {
    weights_.resize(static_cast<size_t>(layer_.in_c) * layer_.out_c);
    for (int64_t o = 0; o < layer_.out_c; ++o) {
      for (int64_t i = 0; i < layer_.in_c; ++i) {
        weights_[i * layer_.out_c + o] = weights[o * layer_.in_c + i];
      }
    }
    bias_.assign(static_cast<size_t>(layer_.out_c), 0.0f);
    if (bias != nullptr) {
      std::copy_n(bias, layer_.out_c, bias_.begin());
    }
  }

  std::string algorithm() const override { return rows_ == 1 ? "sgemv" : "sgemm"; }
  int images() const override { return rows_; }
  int slices() const override { return slices_; }
  int64_t scratch_floats() const override { return rows_ == 1 ? 0 : rows_ * (in_row() + out_row()); }
  int64_t parameter_bytes() const override {
    return static_cast<int64_t>((weights_.size() + bias_.size()) * sizeof(float));
  }

  void run(int slice, int images, const float* in, const float*, float* out, float* scratch) const override {
    const int blocks = static_cast<int>(out_row() / kBlock);
    const int first = blocks * slice / slices_ * kBlock;
    const int last = std::min(layer_.out_c, blocks * (slice + 1) / slices_ * kBlock);
    const int row = static_cast<int>(out_row());
    if (rows_ == 1) {
      multiply_row(last - first, layer_.in_c, in, weights_.data() + first, layer_.out_c, out + first);
    } else {
      const float* rows = in;
      if (images < rows_) {
        std::memcpy(scratch, in, images * in_row() * sizeof(float));
        std::memset(scratch + images * in_row(), 0, (rows_ - images) * in_row() * sizeof(float));
        rows = scratch;
      }
      float* sums = images < rows_ ? scratch + rows_ * in_row() : out;
      multiply(rows_, last - first, layer_.in_c, rows, static_cast<int>(in_row()), weights_.data() + first,
               layer_.out_c, sums + first, row);
      for (int image = 0; sums != out && image < images; ++image) {
        std::memcpy(out + int64_t{image} * row + first, sums + int64_t{image} * row + first,
                    (last - first) * sizeof(float));
      }
    }
    for (int image = 0; image < images; ++image) {
      float* to = out + int64_t{image} * row;
      finish(to + first, last - first, bias_.data() + first, nullptr, layer_.activation, layer_.alpha);
      if (last == layer_.out_c) {
        std::memset(to + last, 0, (row - last) * sizeof(float));
      }
    }
  }

 private:
  int64_t in_row() const { return padded(layer_.in_c); }
  int64_t out_row() const { return padded(layer_.out_c); }

  const convoy_layer layer_;
  const int rows_, slices_;
  std::vector<float> weights_, bias_;
};

}  // namespace

std::unique_ptr<Layer> describe_linear(const convoy_layer& layer) { return std::make_unique<Linear>(layer); }

}  // namespace convoy::openblas
