#include <algorithm>
#include <iterator>

#include "ops/accelerators.h"
#include "ops/convolution.h"
#include "ops/estimate.h"

namespace convoy {
namespace {

Offer offer_of(const Convolution& p, const float* weights, const float* bias) {
  const Window& w = p.window;
  const int32_t window[] = {w.kernel_h,   w.kernel_w, w.stride_h, w.stride_w, w.dilation_h,
                            w.dilation_w, w.top,      w.left,     w.bottom,   w.right};
  Offer offer(CONVOY_LAYER_CONV, p.isa, p.mode, p.max_batch, p.in, p.out);
  std::copy(std::begin(window), std::end(window), offer.layer.window);
  offer.layer.groups = p.groups;
  offer.layer.residual = p.has_residual;
  offer.layer.activation = p.activation;
  offer.layer.alpha = p.alpha;
  offer.residual = p.residual;
  offer.weights = weights;
  offer.bias = bias;
  return offer;
}

constexpr const char* kNoBands = "computes whole images only, not bands";

std::string refusal(const ConvAlgorithm& algorithm, const Convolution& problem) {
  return problem.rolling() && !algorithm.bands ? kNoBands : algorithm.refusal(problem);
}

// They read offer, problem and their parameters when they are asked.
std::vector<Candidate> candidates_for(const Convolution& problem, const Offer& offer, const Preference& preference) {
  std::vector<Candidate> ours;
  for (const ConvAlgorithm* algorithm : conv_algorithms()) {
    ours.push_back({algorithm->name, [=, &problem] { return refusal(*algorithm, problem); },
                    [=, &offer] { return estimated_cost(algorithm->name, offer.layer); },
                    [=, &problem, &offer] { return algorithm->make(problem, offer.weights, offer.bias); }, true});
  }
  std::vector<Candidate> all = candidates(preference, offer, ours);
  for (Candidate& candidate : all) {
    if (problem.rolling() && !candidate.ours) {
      candidate.refusal = [] { return std::string(kNoBands); };
    }
  }
  return all;
}

}  // namespace

// The order is the policy.
const std::vector<const ConvAlgorithm*>& conv_algorithms() {
  static const std::vector<const ConvAlgorithm*> algorithms = {
      &kDepthwise,    // vector per pixel: no tile of it would fill a register of output channels
      &kConvLinear,   // nothing but weights to read
      &kStrassen,     // seven eighths of the multiplications
      &kPointwise,    // BLOCKED16 already is the left operand of the GEMM
      &kWinograd4,    // a quarter of the multiplications; of a stem of stride 2, a third
      &kWinograd3,    // of stride 2: a phase of every second pixel after the other
      &kWinograd2,    // fewer bytes of filters: two fifths of 4x4's
      &kDirect,       // kernel columns side by side, kernel rows shared
      &kPlanar,       // so few output channels that their lanes would be empty
      &kDirectPlain,  // few channels, as images come
      &kIm2colGemm,   // anything
  };
  return algorithms;
}

std::unique_ptr<Step> make_convolution(const Convolution& problem, const float* weights, const float* bias,
                                       const char* only) {
  Preference preference;
  preference.required = only == nullptr ? "" : only;
  return make_convolution(problem, weights, bias, preference);
}

std::unique_ptr<Step> make_convolution(const Convolution& problem, const float* weights, const float* bias,
                                       const Preference& preference) {
  const Offer offer = offer_of(problem, weights, bias);
  return preference.choose(candidates_for(problem, offer, preference), "convolution");
}

bool is_ours(const Convolution& problem, const Preference& preference) {
  const Offer offer = offer_of(problem, nullptr, nullptr);
  return preference.chooses_ours(candidates_for(problem, offer, preference));
}

}  // namespace convoy
