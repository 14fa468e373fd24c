#include "ops/estimate.h"

#include "convoy/convoy.h"

namespace convoy {
namespace {

// Multiply-adds of direct convolution a second, in parts of what the registers allow; small: maps of less than
// kSmallMap pixels. One thread of a Zen 4 machine with AVX-512, 26 November 2026:
// convoy_algorithms_bench --rounds 5 --accelerator ... bench/shapes/resnet50.txt bench/shapes/mobilenet_v2.txt
struct Rate {
  const char* algorithm;
  double large, small;
};

constexpr int64_t kSmallMap = 100;
constexpr int64_t kLargeDepthwiseMap = 784;

constexpr Rate kOurs[] = {{"depthwise", 0.50, 0.31},    {"pointwise", 0.93, 0.84},  {"winograd-4x4", 2.40, 2.00},
                          {"winograd-2x2", 1.60, 1.50}, {"direct", 0.90, 0.86},     {"direct-plain", 0.86, 0.80},
                          {"linear", 0.90, 0.90},       {"im2col-gemm", 0.60, 0.50}};
constexpr double kNew = 0.95;  // of an algorithm of ours that nobody has entered: it stands in the list for a reason

constexpr Rate kOneDnnPlain = {"onednn", 0.96, 0.90}, kOneDnnPointwise = {"onednn", 0.92, 0.78},
               kOneDnnStrided = {"onednn", 0.83, 0.79}, kOneDnnSpatial = {"onednn", 0.94, 0.76},
               kOneDnnLinear = {"onednn", 0.85, 0.85}, kOpenBlas = {"openblas", 0.62, 0.40};
constexpr double kOneDnnDepthwise = 0.58, kOneDnnDepthwiseElse = 0.29;

// Layers without a matrix product wait for memory, whoever computes them: what oneDNN's take, ours being 1.
constexpr double kOneDnnElse = 1.2;

double onednn(const convoy_layer& layer, bool small) {
  const auto of = [&](const Rate& rate) { return small ? rate.small : rate.large; };
  const int32_t* window = layer.window;
  const bool strided = window[2] > 1 || window[3] > 1;
  if (layer.kind == CONVOY_LAYER_LINEAR) {
    return of(kOneDnnLinear);
  }
  if (layer.groups == layer.in_c && layer.groups > 1) {
    const bool large = int64_t{layer.out_h} * layer.out_w >= kLargeDepthwiseMap;
    return large && !strided ? kOneDnnDepthwise : kOneDnnDepthwiseElse;
  }
  if (layer.in_layout == CONVOY_PLAIN) {
    return of(kOneDnnPlain);
  }
  if (window[0] == 1 && window[1] == 1) {
    return of(strided ? kOneDnnStrided : kOneDnnPointwise);
  }
  return of(kOneDnnSpatial);
}

double rate(const std::string& algorithm, const convoy_layer& layer) {
  const bool small = int64_t{layer.out_h} * layer.out_w < kSmallMap;
  if (algorithm == "onednn") {
    return onednn(layer, small);
  }
  if (algorithm == "openblas") {
    return small ? kOpenBlas.small : kOpenBlas.large;
  }
  // a GEMM whose groups fill a part of its lanes
  const int64_t group = layer.out_c / layer.groups;
  const double full = algorithm != "depthwise" && layer.groups > 1 && group < 16 ? static_cast<double>(group) / 16 : 1;
  for (const Rate& ours : kOurs) {
    if (algorithm == ours.algorithm) {
      return full * (small ? ours.small : ours.large);
    }
  }
  return kNew;
}

}  // namespace

double estimated_cost(const std::string& algorithm, const convoy_layer& layer) {
  if (layer.kind != CONVOY_LAYER_CONV && layer.kind != CONVOY_LAYER_LINEAR) {
    return algorithm == "onednn" ? kOneDnnElse : 1;
  }
  const double multiplications = static_cast<double>(layer.out_c) * layer.out_h * layer.out_w *
                                 (layer.in_c / layer.groups) * layer.window[0] * layer.window[1];
  return multiplications / rate(algorithm, layer);
}

}  // namespace convoy
