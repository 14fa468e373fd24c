#include "ops/estimate.h"

#include <algorithm>

#include "base/block.h"
#include "convoy/convoy.h"

namespace convoy {
namespace {

// What decides how fast an algorithm is, beside the size of the map.
enum class Like { any, image, strided_image, depthwise, wide_depthwise, pointwise, row, column, wide, vector };

Like like(const convoy_layer& layer) {
  const int32_t height = layer.window[0], width = layer.window[1];
  const bool strided = layer.window[2] > 1 || layer.window[3] > 1;
  if (layer.kind == CONVOY_LAYER_LINEAR || (layer.in_h == 1 && layer.in_w == 1)) {
    return Like::vector;
  }
  if (layer.in_layout == CONVOY_PLAIN) {
    return strided ? Like::strided_image : Like::image;
  }
  if (layer.groups == layer.in_c && layer.groups > 1) {
    return height * width > 9 ? Like::wide_depthwise : Like::depthwise;
  }
  if (height == 1 && width == 1) {
    return Like::pointwise;
  }
  if (height == 1 || width == 1) {
    return height == 1 ? Like::row : Like::column;
  }
  return height > 3 && width > 3 ? Like::wide : Like::any;
}

// Multiply-adds of direct convolution a second, in parts of what the registers allow: of maps of kSmallMap pixels or
// more, and of smaller ones. Medians over bench/shapes, one thread of a Zen 4 machine, 26 November 2026:
// convoy_algorithms_bench --rounds 7 --accelerator ... --isa avx512|avx2, and for oneDNN convoy bench backends
// --layers, because it suffers where values do not lie in the cache. With AVX2 it has no kernel for sixteen channels a
// block. An algorithm's first line that is like the layer counts.
//
// twice: AVX-512 where a core multiplies sixteen floats twice a cycle (machine.h). Near the medians of what convoy plan
// MODEL --tune --backend auto --threads 1 --batch 1|8 measured inside of resnet50, googlenet, inception_v3,
// densenet121, vgg16 and others on an Intel Xeon (Emerald Rapids), 27 November 2026. Winograd's are set by hand above
// them, because the medians include layers that it refuses; OpenBLAS' leave out kTwice.openblas_element below. What has
// no figure of its own has that of Zen 4: depthwise kernels, linear layers, most of images. Strassen's is a guess, a
// little above pointwise.
struct Rate {
  const char* algorithm;
  Like layers;
  double avx512[2], avx2[2], twice[2];
};

constexpr int64_t kSmallMap = 100;

constexpr Rate kRates[] = {
    {"depthwise", Like::wide_depthwise, {0.88, 0.81}, {0.68, 0.63}, {0.88, 0.81}},
    {"depthwise", Like::any, {0.77, 0.55}, {0.54, 0.39}, {0.77, 0.55}},
    {"linear", Like::any, {0.90, 0.90}, {0.90, 0.90}, {0.90, 0.90}},
    {"strassen", Like::any, {1.02, 1.00}, {1.03, 1.01}, {0.99, 0.92}},
    {"pointwise", Like::any, {0.94, 0.94}, {0.94, 0.93}, {0.95, 0.88}},
    {"winograd-4x4", Like::strided_image, {2.20, 2.00}, {1.70, 1.60}, {1.35, 1.30}},
    {"winograd-4x4", Like::wide, {3.80, 3.00}, {3.80, 3.00}, {3.20, 3.00}},
    {"winograd-4x4", Like::row, {2.10, 1.79}, {1.88, 1.60}, {2.00, 1.10}},
    {"winograd-4x4", Like::column, {2.12, 1.75}, {1.94, 1.67}, {2.00, 1.10}},
    {"winograd-4x4", Like::any, {2.67, 2.00}, {2.60, 2.00}, {2.30, 2.00}},
    {"winograd-3x3", Like::any, {1.19, 1.10}, {1.18, 1.10}, {1.10, 1.00}},
    {"winograd-2x2", Like::any, {1.60, 1.50}, {1.55, 1.47}, {1.60, 1.10}},
    {"direct", Like::any, {0.93, 0.88}, {0.92, 0.87}, {0.96, 0.90}},
    {"planar", Like::any, {0.40, 0.40}, {0.30, 0.30}, {0.40, 0.40}},
    {"direct-plain", Like::any, {0.82, 0.80}, {0.80, 0.80}, {0.82, 0.80}},
    {"im2col-gemm", Like::any, {0.60, 0.50}, {0.60, 0.50}, {0.60, 0.50}},
    {"onednn", Like::strided_image, {0.90, 0.85}, {0.10, 0.10}, {0.90, 0.85}},
    {"onednn", Like::image, {0.80, 0.80}, {0.10, 0.10}, {0.80, 0.80}},
    {"onednn", Like::depthwise, {0.48, 0.44}, {0.10, 0.10}, {0.48, 0.44}},
    {"onednn", Like::wide_depthwise, {0.64, 0.60}, {0.10, 0.10}, {0.64, 0.60}},
    {"onednn", Like::pointwise, {0.91, 0.87}, {0.10, 0.10}, {0.87, 0.72}},
    {"onednn", Like::vector, {0.80, 0.80}, {0.80, 0.80}, {0.80, 0.80}},
    {"onednn", Like::any, {0.92, 0.85}, {0.10, 0.10}, {0.93, 0.68}},
    {"openblas", Like::strided_image, {0.30, 0.30}, {0.30, 0.30}, {0.06, 0.06}},
    {"openblas", Like::image, {0.21, 0.21}, {0.21, 0.21}, {0.21, 0.21}},
    {"openblas", Like::pointwise, {0.63, 0.59}, {0.66, 0.51}, {0.47, 0.36}},
    {"openblas", Like::vector, {0.60, 0.60}, {0.60, 0.60}, {0.60, 0.60}},
    {"openblas", Like::any, {0.66, 0.48}, {0.69, 0.48}, {0.75, 0.45}},
};
constexpr double kNew = 0.95;  // of an algorithm of ours that nobody has entered: it stands in the list for a reason

// Ours on the portable instruction set: fused multiply-adds in software, for the sake of their bits.
constexpr double kSoftwareFma = 1.0 / 28;

// What a fused activation with an exponential takes of an element, in multiply-adds from registers; comparisons and
// products are lost in the writing. Of EfficientNet-B0's layers beside the same with ReLU, in the network.
constexpr double kCurve = 8, kOneDnnCurve = 20, kOpenBlasCurve = 140;

// Layers without a matrix product wait for memory, whoever computes them: what oneDNN's take, ours being 1.
constexpr double kOneDnnElse = 1.2;

// A task of an accelerator costs about a microsecond beside its arithmetic, and OpenBLAS rearranges what a filter
// meets. twice: convoy bench backends --layers bench/shapes/odd.txt, an Intel Xeon (Emerald Rapids), 27 November 2026:
// without them it took layers for which it needs two to four times as long as ours. Set by hand.
struct Overhead {
  double task, openblas_task, openblas_element;
};
constexpr Overhead kOnce = {60'000, 60'000, 0}, kTwice = {60'000, 150'000, 60};

bool is_accelerator(const std::string& algorithm) { return algorithm == "onednn" || algorithm == "openblas"; }

double rate(const std::string& algorithm, const convoy_layer& layer, bool twice) {
  const Like kind = like(layer);
  const int size = int64_t{layer.out_h} * layer.out_w < kSmallMap ? 1 : 0;
  for (const Rate& entry : kRates) {
    if (algorithm == entry.algorithm && (entry.layers == kind || entry.layers == Like::any)) {
      const double portable = layer.isa == CONVOY_ISA_PORTABLE && !is_accelerator(algorithm) ? kSoftwareFma : 1;
      const double(&rates)[2] = twice ? entry.twice : layer.isa == CONVOY_ISA_AVX512 ? entry.avx512 : entry.avx2;
      return portable * rates[size];
    }
  }
  return kNew;
}

// elements: of a matrix of what the filter meets at each pixel
double overhead(const std::string& algorithm, bool twice, double elements) {
  const Overhead& of = twice ? kTwice : kOnce;
  return algorithm == "onednn"     ? of.task
         : algorithm == "openblas" ? of.openblas_task + of.openblas_element * elements
                                   : 0;
}

double activation_cost(const std::string& algorithm, const convoy_layer& layer) {
  if (layer.activation < CONVOY_SIGMOID) {
    return 0;
  }
  const double elements = static_cast<double>(layer.out_c) * layer.out_h * layer.out_w;
  const double ours = layer.isa == CONVOY_ISA_PORTABLE ? kCurve / kSoftwareFma : kCurve;
  return elements * (algorithm == "onednn" ? kOneDnnCurve : algorithm == "openblas" ? kOpenBlasCurve : ours);
}

// The part of the lanes that output channels fill, which is a matrix product's loss.
double filled(const std::string& algorithm, const convoy_layer& layer) {
  const int channels = layer.out_c / layer.groups;
  const bool any = algorithm == "depthwise" || algorithm == "planar" || algorithm == "openblas";
  return any || like(layer) == Like::depthwise || like(layer) == Like::wide_depthwise
             ? 1
             : static_cast<double>(channels) / ((channels + kBlock - 1) / kBlock * kBlock);
}

// How much longer a layer takes than if all threads had work: oneDNN's is cut by channels alone, ours by pixels too.
double idle_threads(const std::string& algorithm, const convoy_layer& layer) {
  constexpr int kMostSlices = 8, kSliceChannels = 64, kSliceOfImage = 16;
  if (algorithm != "onednn" || layer.kind != CONVOY_LAYER_CONV) {
    return 1;
  }
  const int slice = layer.in_layout == CONVOY_PLAIN ? kSliceOfImage : kSliceChannels;
  const int64_t tasks = int64_t{layer.max_batch} * std::clamp(layer.out_c / slice, 1, kMostSlices);
  const int64_t threads = std::max(1, layer.pool_threads);
  return static_cast<double>(threads) / static_cast<double>(std::min(tasks, threads));
}

}  // namespace

std::vector<std::string> rated_algorithms() {
  std::vector<std::string> names;
  for (const Rate& entry : kRates) {
    names.push_back(entry.algorithm);
  }
  return names;
}

double estimated_cost(const std::string& algorithm, const convoy_layer& layer) {
  return estimated_cost(algorithm, layer, machine(static_cast<Isa>(layer.isa)));
}

double estimated_cost(const std::string& algorithm, const convoy_layer& layer, const Machine& machine) {
  if (layer.kind != CONVOY_LAYER_CONV && layer.kind != CONVOY_LAYER_LINEAR) {
    return algorithm == "onednn" ? kOneDnnElse : 1;
  }
  const double products = static_cast<double>(layer.in_c / layer.groups) * layer.window[0] * layer.window[1];
  const double pixels = static_cast<double>(layer.out_h) * layer.out_w;
  const double arithmetic =
      pixels * layer.out_c * products / (rate(algorithm, layer, machine.twice) * filled(algorithm, layer)) +
      activation_cost(algorithm, layer);
  return arithmetic * idle_threads(algorithm, layer) +
         overhead(algorithm, machine.twice, pixels * products * layer.groups);
}

}  // namespace convoy
