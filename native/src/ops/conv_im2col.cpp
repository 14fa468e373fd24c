// Every convolution: im2col of one block of rows at a time, [kernel row, kernel column][output pixel][16 channels],
// never of a whole image. Groups may begin at any channel, the input may have either layout.
#include <algorithm>
#include <cstring>

#include "ops/tap_conv.h"

namespace convoy {
namespace {

class Im2colGemm final : public TapConv {
 public:
  Im2colGemm(const Convolution& problem, const float* weights, const float* bias)
      : TapConv("im2col-gemm", problem, problem.out.h, problem.out.w, problem.out.pixels()) {
    prepare(weights, bias);
  }

 protected:
  int64_t slab_floats(int rows) const override {
    return int64_t{window().kernel_h} * window().kernel_w * plane_floats(rows);
  }

  void slab_taps(int slab, int rows, std::vector<gemm::Tap>& taps) const override {
    for (int64_t tap = 0; tap < int64_t{window().kernel_h} * window().kernel_w; ++tap) {
      taps.push_back({tap * plane_floats(rows), slab_channels(slab)});
    }
  }

  void pack(const float* image, int group, int slab, int begin, int end, float* to) const override {
    const Value& in = problem_.in;
    const int first = group * problem_.group_in() + slab * kBlock, channels = slab_channels(slab);
    for (int kh = 0; kh < window().kernel_h; ++kh) {
      for (int kw = 0; kw < window().kernel_w; ++kw, to += plane_floats(block_rows())) {
        float* pixel = to;
        for (int y = begin; y < end; ++y) {
          const int64_t in_y = int64_t{y} * window().stride_h + int64_t{kh} * window().dilation_h - window().top;
          for (int x = 0; x < problem_.out.w; ++x, pixel += kBlock) {
            const int64_t in_x = int64_t{x} * window().stride_w + int64_t{kw} * window().dilation_w - window().left;
            if (in_y < 0 || in_y >= in.h || in_x < 0 || in_x >= in.w) {
              std::memset(pixel, 0, kBlock * sizeof(float));
            } else {
              fetch(image, in_y * in.w + in_x, first, channels, pixel);
            }
          }
        }
      }
    }
  }

 private:
  const Window& window() const { return problem_.window; }
  int64_t plane_floats(int rows) const { return int64_t{rows} * problem_.out.w * kBlock + kBlock; }

  // `channels` channels of an input pixel from `first` on, at most sixteen.
  void fetch(const float* image, int64_t pixel, int first, int channels, float* to) const {
    const int64_t pixels = problem_.in.pixels();
    if (problem_.in.layout == CONVOY_PLAIN) {
      for (int c = 0; c < channels; ++c) {
        to[c] = image[(first + c) * pixels + pixel];
      }
      return;
    }
    const int lane = first % kBlock;
    const float* from = image + (first / kBlock * pixels + pixel) * kBlock + lane;
    const int here = std::min(channels, kBlock - lane);
    std::memcpy(to, from, here * sizeof(float));
    if (here < channels) {
      std::memcpy(to + here, from - lane + pixels * kBlock, (channels - here) * sizeof(float));
    }
  }
};

std::string refusal(const Convolution&) { return ""; }

}  // namespace

const ConvAlgorithm kIm2colGemm = {"im2col-gemm", false, refusal,
                                   [](const Convolution& problem, const float* weights, const float* bias) {
                                     return std::unique_ptr<Step>(std::make_unique<Im2colGemm>(problem, weights, bias));
                                   }};

}  // namespace convoy
