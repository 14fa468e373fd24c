// im2col of a band of output rows, [output pixel][kernel row, kernel column, channel], times the weights; then a
// pixel's channels go to their blocks. Bands and parts of the output channels follow from the layer alone.
#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <vector>

#include "blas.h"
#include "layers.h"

namespace convoy::openblas {
namespace {

constexpr int64_t kBandFloats = 1 << 20;  // of the unrolled input: OpenBLAS packs the weights anew for every band
constexpr int kPartChannels = 128;        // of the output, where a single band would leave threads without work

class Convolution final : public Layer {
 public:
  explicit Convolution(const convoy_layer& layer)
      : layer_(layer),
        in_group_(layer.in_c / layer.groups),
        out_group_(layer.out_c / layer.groups),
        depth_(checked_depth(layer)) {
    const int64_t band_pixels = std::max<int64_t>(1, kBandFloats / depth_);
    band_rows_ = static_cast<int>(std::clamp<int64_t>(band_pixels / layer.out_w, 1, layer.out_h));
    bands_ = (layer.out_h + band_rows_ - 1) / band_rows_;
    parts_ = bands_ == 1 && layer.groups == 1 ? std::clamp(layer.out_c / kPartChannels, 1, 8) : 1;
  }

  void pack(const float* weights, const float* bias) override {
    // [group][kernel row, kernel column, channel][output channel]
    weights_.resize(static_cast<size_t>(layer_.groups) * depth_ * out_group_);
    const int taps = depth_ / in_group_;
    for (int64_t o = 0; o < layer_.out_c; ++o) {
      float* to = weights_.data() + o / out_group_ * depth_ * out_group_ + o % out_group_;
      for (int c = 0; c < in_group_; ++c) {
        for (int tap = 0; tap < taps; ++tap) {
          to[(int64_t{tap} * in_group_ + c) * out_group_] = weights[(o * in_group_ + c) * taps + tap];
        }
      }
    }
    bias_.assign(static_cast<size_t>(padded(layer_.out_c)), 0.0f);
    if (bias != nullptr) {
      std::copy_n(bias, layer_.out_c, bias_.begin());
    }
  }

  std::string algorithm() const override { return "im2col-sgemm"; }
  int images() const override { return 1; }
  int slices() const override { return bands_ * parts_; }
  int64_t scratch_floats() const override {
    return padded(int64_t{band_rows_} * layer_.out_w * (int64_t{depth_} + padded(layer_.out_c)));
  }
  int64_t parameter_bytes() const override {
    return static_cast<int64_t>((weights_.size() + bias_.size()) * sizeof(float));
  }

  void run(int slice, int, const float* in, const float* residual, float* out, float* scratch) const override {
    const int begin = slice / parts_ * band_rows_, end = std::min(layer_.out_h, begin + band_rows_);
    const int part = slice % parts_, blocks = static_cast<int>(padded(layer_.out_c) / kBlock);
    const int first = blocks * part / parts_ * kBlock;
    const int last = std::min(layer_.out_c, blocks * (part + 1) / parts_ * kBlock);
    const int pixels = (end - begin) * layer_.out_w;
    float* sums = scratch + int64_t{pixels} * depth_;  // [pixel][channel of the part]
    const int row = static_cast<int>(padded(last - first));
    for (int group = 0; group < layer_.groups; ++group) {
      unroll(in, group, begin, end, scratch);
      const int columns = layer_.groups == 1 ? last - first : out_group_;
      multiply(pixels, columns, depth_, scratch, depth_,
               weights_.data() + int64_t{group} * depth_ * out_group_ + (layer_.groups == 1 ? first : 0), out_group_,
               sums + (layer_.groups == 1 ? 0 : group * out_group_), row);
    }
    scatter(sums, row, first, last, int64_t{begin} * layer_.out_w, pixels, residual, out);
  }

 private:
  // Of a row of the unrolled input. OpenBLAS counts in int.
  static int checked_depth(const convoy_layer& layer) {
    const int64_t taps = int64_t{layer.window[0]} * layer.window[1], channels = layer.in_c / layer.groups;
    if (taps > std::numeric_limits<int>::max() / channels) {
      throw std::length_error("a window of more numbers than OpenBLAS can count");
    }
    return static_cast<int>(taps * channels);
  }

  void unroll(const float* in, int group, int begin, int end, float* to) const {
    const int32_t* w = layer_.window;
    for (int y = begin; y < end; ++y) {
      for (int x = 0; x < layer_.out_w; ++x) {
        for (int kh = 0; kh < w[0]; ++kh) {
          const int64_t in_y = int64_t{y} * w[2] + int64_t{kh} * w[4] - w[6];
          for (int kw = 0; kw < w[1]; ++kw, to += in_group_) {
            const int64_t in_x = int64_t{x} * w[3] + int64_t{kw} * w[5] - w[7];
            if (in_y < 0 || in_y >= layer_.in_h || in_x < 0 || in_x >= layer_.in_w) {
              std::memset(to, 0, in_group_ * sizeof(float));
            } else {
              fetch(in, in_y * layer_.in_w + in_x, group * in_group_, to);
            }
          }
        }
      }
    }
  }

  // A group's channels of one pixel, from channel `first` on.
  void fetch(const float* in, int64_t pixel, int first, float* to) const {
    const int64_t pixels = int64_t{layer_.in_h} * layer_.in_w;
    if (layer_.in_layout == CONVOY_PLAIN) {
      for (int c = 0; c < in_group_; ++c) {
        to[c] = in[(first + c) * pixels + pixel];
      }
      return;
    }
    for (int c = 0; c < in_group_;) {
      const int lane = (first + c) % kBlock, count = std::min(kBlock - lane, in_group_ - c);
      const float* from = in + ((first + c) / kBlock * pixels + pixel) * kBlock + lane;
      if (count == kBlock) {
        std::memcpy(to + c, from, kBlock * sizeof(float));
      } else {
        std::memcpy(to + c, from, count * sizeof(float));
      }
      c += count;
    }
  }

  void scatter(float* sums, int row, int first, int last, int64_t pixel, int pixels, const float* residual,
               float* out) const {
    const int64_t map = int64_t{layer_.out_h} * layer_.out_w;
    for (int channel = first; channel < last; channel += kBlock) {
      const int lanes = std::min(kBlock, last - channel);
      const int64_t place = (channel / kBlock * map + pixel) * kBlock;
      for (int p = 0; p < pixels; ++p) {
        float* to = out + place + int64_t{p} * kBlock;
        std::memcpy(to, sums + int64_t{p} * row + channel - first, lanes * sizeof(float));
        finish(to, lanes, bias_.data() + channel,
               residual == nullptr ? nullptr : residual + place + int64_t{p} * kBlock, layer_.activation, layer_.alpha);
        std::memset(to + lanes, 0, (kBlock - lanes) * sizeof(float));
      }
    }
  }

  const convoy_layer layer_;
  const int in_group_, out_group_, depth_;
  int band_rows_, bands_, parts_;
  std::vector<float> weights_, bias_;
};

}  // namespace

std::unique_ptr<Layer> describe_convolution(const convoy_layer& layer) { return std::make_unique<Convolution>(layer); }

}  // namespace convoy::openblas
