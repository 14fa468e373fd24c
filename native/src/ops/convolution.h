// A convolution as a problem, and the algorithms that may solve it.
//
// Every algorithm that accepts CONVOY_EXACT adds in this order: start from the bias (+0 if there is none), then for
// each block of sixteen input channels of the group, each kernel row, each kernel column, each channel of the block,
// ascending: acc = fma(weight, x, acc), where x is 0 on padding. Then + residual, then the activation.
#ifndef CONVOY_OPS_CONVOLUTION_H
#define CONVOY_OPS_CONVOLUTION_H

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "program/bands.h"
#include "program/program.h"

namespace convoy {

struct Window {
  int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, top, left, bottom, right;

  // Rows and columns from the first to the last tap.
  int64_t reach_h() const { return int64_t{kernel_h - 1} * dilation_h + 1; }
  int64_t reach_w() const { return int64_t{kernel_w - 1} * dilation_w + 1; }
  bool padded() const { return top != 0 || left != 0 || bottom != 0 || right != 0; }
};

struct Convolution {
  Isa isa;
  convoy_mode mode;
  int max_batch;  // of a run: what the choice of an algorithm may look at, since that decides bits
  int slice;      // images at a time: what blocks are cut for
  Value in;
  Value out;
  bool has_residual;
  Value residual;
  Window window;
  int groups;
  int32_t activation;
  float alpha;

  int group_in() const { return in.c / groups; }
  int group_out() const { return out.c / groups; }
  bool rolling() const { return in.rolling() || out.rolling(); }
  // Rows of the input that these of the output meet.
  Rows needs(Rows rows) const {
    const int64_t begin = int64_t{rows.begin} * window.stride_h - window.top;
    const int64_t end = int64_t{rows.end - 1} * window.stride_h - window.top + window.reach_h();
    return {static_cast<int>(std::clamp<int64_t>(begin, 0, in.h)), static_cast<int>(std::clamp<int64_t>(end, 0, in.h))};
  }
  // Multiply-accumulates of an image, counted as direct convolution.
  int64_t macs() const { return weight_count() * out.pixels(); }
  int64_t weight_count() const { return int64_t{out.c} * group_in() * window.kernel_h * window.kernel_w; }
};

struct ConvAlgorithm {
  const char* name;
  bool bands;  // its steps are BandSteps
  // Empty: it can. Otherwise a sentence that says why not.
  std::string (*refusal)(const Convolution& problem);
  // weights: OIHW; bias: one number per output channel, or null.
  std::unique_ptr<Step> (*make)(const Convolution& problem, const float* weights, const float* bias);
};

// The algorithms, best first; the last one takes everything. conv_list.cpp.
const std::vector<const ConvAlgorithm*>& conv_algorithms();

// The first one that accepts; throws CONVOY_UNSUPPORTED with every refusal if none does. only: the name of the single
// one to ask, or null.
std::unique_ptr<Step> make_convolution(const Convolution& problem, const float* weights, const float* bias,
                                       const char* only = nullptr);

// The same over the lists of the preferred families: ours and accelerators'.
std::unique_ptr<Step> make_convolution(const Convolution& problem, const float* weights, const float* bias,
                                       const Preference& preference);

// Whether that would be one of ours.
bool is_ours(const Convolution& problem, const Preference& preference);

// Why a convolution is not a product of matrices as it stands, but for a stride; empty: it is.
std::string refusal_of_pointwise(const Convolution& problem);

extern const ConvAlgorithm kStrassen, kPointwise, kDirect, kDepthwise, kPlanar, kDirectPlain, kConvLinear, kIm2colGemm,
    kWinograd4, kWinograd3, kWinograd2;

}  // namespace convoy

#endif
