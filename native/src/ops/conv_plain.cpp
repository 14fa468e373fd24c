// KxK on PLAIN, as images come: few channels, so that sixteen lanes of a pixel would be mostly empty. The taps of one
// kernel row at one output pixel, (kernel column, channel), become one run of floats, sixteen of them a time:
//
//   [phase][sixteen of the run][stored row][output column][16]        (stored_rows.h)
#include <algorithm>
#include <cstring>

#include "ops/stored_rows.h"
#include "ops/tap_conv.h"

namespace convoy {
namespace {

class DirectPlain final : public TapConv {
 public:
  DirectPlain(const Convolution& problem, const float* weights, const float* bias)
      : TapConv("direct-plain", problem, problem.out.h, problem.out.w, problem.out.pixels()),
        stored_(problem.window),
        widest_(std::min(kBlock, problem.in.c)),
        line_pixels_(int64_t{problem.out.w - 1} * window().stride_w + window().reach_w()) {
    prepare(weights, bias);
  }

 protected:
  int64_t slab_floats(int rows) const override {
    return int64_t{stored_.phases()} * pieces(widest_) * plane_floats(rows);
  }

  // sixteen floats more: a run is copied in whole pieces
  int64_t line_floats() const override { return ceil_div(line_pixels_ * widest_, kBlock) * kBlock + kBlock; }

  void slab_taps(int slab, int rows, std::vector<gemm::Tap>& taps) const override {
    const int64_t run = int64_t{window().kernel_w} * slab_channels(slab);
    for (int kh = 0; kh < window().kernel_h; ++kh) {
      for (int64_t piece = 0; piece * kBlock < run; ++piece) {
        const int64_t plane = stored_.phase(kh) * pieces(widest_) + piece;
        taps.push_back({plane * plane_floats(rows) + stored_.row(kh) * row_floats(),
                        std::min<int64_t>(kBlock, run - piece * kBlock)});
      }
    }
  }

  void pack(const float* image, int, int slab, int begin, int end, float* to, float* line) const override {
    stored_.each(begin, end, [&](int phase, int64_t row, int64_t y) {
      interleave(image, slab, y, line);
      spread(line, slab_channels(slab), to + phase * pieces(widest_) * plane_floats(block_rows()) + row * row_floats());
    });
  }

 private:
  const Window& window() const { return problem_.window; }
  int64_t pieces(int channels) const { return ceil_div(int64_t{window().kernel_w} * channels, kBlock); }
  int64_t row_floats() const { return int64_t{problem_.out.w} * kBlock; }
  int64_t plane_floats(int rows) const { return stored_.rows(rows) * row_floats() + kBlock; }

  // Input row y with its padding, channels of a pixel side by side.
  void interleave(const float* image, int slab, int64_t y, float* line) const {
    const Value& in = problem_.in;
    const int channels = slab_channels(slab);
    const int64_t left = std::min<int64_t>(window().left, line_pixels_);
    const int64_t inside = y < 0 || y >= in.h ? 0 : std::min<int64_t>(in.w, line_pixels_ - left);
    std::memset(line, 0, left * channels * sizeof(float));
    const float* plane = image + (int64_t{slab} * kBlock * in.h + y) * in.w;
    float* to = line + left * channels;
    if (channels == 3) {
      for (int64_t x = 0; x < inside; ++x) {
        to[3 * x] = plane[x];
        to[3 * x + 1] = plane[in.pixels() + x];
        to[3 * x + 2] = plane[2 * in.pixels() + x];
      }
    } else {
      for (int c = 0; c < channels; ++c, plane += in.pixels()) {
        for (int64_t x = 0; x < inside; ++x) {
          to[x * channels + c] = plane[x];
        }
      }
    }
    std::memset(to + inside * channels, 0, (line_pixels_ - left - inside) * channels * sizeof(float));
  }

  // The run of every output pixel of a row, piece by piece.
  void spread(const float* line, int channels, float* to) const {
    const int64_t step = int64_t{window().stride_w} * channels;
    const int64_t run = int64_t{window().kernel_w} * channels;
    if (window().dilation_w == 1) {
      for (int64_t begin = 0; begin < run; begin += kBlock, line += kBlock, to += plane_floats(block_rows())) {
        const int64_t floats = run - begin;  // of the piece; what lies behind them is never read
        floats <= 4    ? copy_pieces<4>(line, step, to)
        : floats <= 8  ? copy_pieces<8>(line, step, to)
        : floats <= 12 ? copy_pieces<12>(line, step, to)
                       : copy_pieces<kBlock>(line, step, to);
      }
      return;
    }
    for (int64_t x = 0; x < problem_.out.w; ++x) {
      for (int64_t i = 0; i < run; ++i) {
        to[i / kBlock * plane_floats(block_rows()) + x * kBlock + i % kBlock] =
            line[x * step + i / channels * window().dilation_w * channels + i % channels];
      }
    }
  }

  template <int kFloats>
  void copy_pieces(const float* line, int64_t step, float* to) const {
    for (int64_t x = 0; x < problem_.out.w; ++x, line += step, to += kBlock) {
      std::memcpy(to, line, kFloats * sizeof(float));
    }
  }

  const StoredRows stored_;
  const int widest_;  // channels of the widest slab
  const int64_t line_pixels_;
};

std::string refusal(const Convolution& problem) {
  if (problem.in.layout != CONVOY_PLAIN) {
    return "reads PLAIN only";
  }
  return problem.groups != 1 ? "groups" : "";
}

}  // namespace

const ConvAlgorithm kDirectPlain = {
    "direct-plain", true, refusal, [](const Convolution& problem, const float* weights, const float* bias) {
      return std::unique_ptr<Step>(std::make_unique<DirectPlain>(problem, weights, bias));
    }};

}  // namespace convoy
