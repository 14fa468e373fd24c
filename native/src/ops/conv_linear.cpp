// A convolution of single pixels is a linear layer: images, not pixels, are the rows of its tiles. Squeeze-and-excite
// consists of them.
#include "ops/convolution.h"
#include "ops/linear.h"

namespace convoy {
namespace {

std::string refusal(const Convolution& problem) {
  const Window& w = problem.window;
  if (problem.in.layout != CONVOY_BLOCKED16) {
    return "reads BLOCKED16 only";
  }
  if (problem.in.pixels() != 1 || w.kernel_h != 1 || w.kernel_w != 1 || w.padded()) {
    return "not one pixel under a 1x1 kernel";
  }
  if (problem.groups != 1) {
    return "groups";
  }
  return problem.has_residual ? "residual" : "";
}

}  // namespace

const ConvAlgorithm kConvLinear = {"linear", false, refusal,
                                   [](const Convolution& problem, const float* weights, const float* bias) {
                                     return make_linear(problem.isa, problem.slice, problem.in, problem.out,
                                                        problem.activation, problem.alpha, weights, bias);
                                   }};

}  // namespace convoy
