// A convolution whose kernel covers the whole input has one output pixel and is a linear layer: images, not pixels, are
// the rows of its tiles. Squeeze-and-excite consists of them, LeNet's last convolution is one.
#include <vector>

#include "ops/convolution.h"
#include "ops/linear.h"

namespace convoy {
namespace {

std::string refusal(const Convolution& problem) {
  const Window& w = problem.window;
  if (problem.in.layout != CONVOY_BLOCKED16) {
    return "reads BLOCKED16 only";
  }
  if (w.kernel_h != problem.in.h || w.kernel_w != problem.in.w || w.padded()) {
    return "the kernel does not cover the input exactly";
  }
  if (problem.in.pixels() > 1 && problem.in.c % kBlock != 0) {
    return "lanes without a channel between the pixels";
  }
  if (problem.groups != 1) {
    return "groups";
  }
  return problem.has_residual ? "residual" : "";
}

std::unique_ptr<Step> make(const Convolution& problem, const float* weights, const float* bias) {
  const int64_t pixels = problem.in.pixels();
  Value in = problem.in;
  in.c = static_cast<int>(in.c * pixels);
  in.h = in.w = 1;
  std::vector<float> ordered;
  if (pixels > 1) {  // as BLOCKED16 lies: block, pixel, channel of the block
    ordered.reserve(static_cast<size_t>(problem.weight_count()));
    for (int o = 0; o < problem.out.c; ++o) {
      for (int block = 0; block < problem.in.blocks(); ++block) {
        for (int64_t pixel = 0; pixel < pixels; ++pixel) {
          for (int c = block * kBlock; c < (block + 1) * kBlock; ++c) {
            ordered.push_back(weights[(int64_t{o} * problem.in.c + c) * pixels + pixel]);
          }
        }
      }
    }
    weights = ordered.data();
  }
  return make_linear(problem.isa, problem.slice, in, problem.out, problem.activation, problem.alpha, weights, bias);
}

}  // namespace

const ConvAlgorithm kConvLinear = {"linear", false, refusal, make};

}  // namespace convoy
