// Where Strassen's algorithm is taken: where an estimate says that its sums cost less than the products that it saves.
#include "ops/machine.h"
#include "ops/strassen_conv.h"

namespace convoy {
namespace {

// Of the time of all products, what has to be saved: estimates are that good.
constexpr double kWorth = 0.04;

// The time of Strassen's algorithm in that of all products.
double cost(const Convolution& problem, const Machine& m) {
  const Halves halves(problem);
  const double in = problem.in.blocks(), out = problem.out.blocks(), pixels = halves.pixels;
  const double halved = 2 * halves.in / in * (2 * halves.out / out);
  const double more_bytes = 0.75 * in * kBlock * out * kBlock * sizeof(float);
  const double macs = pixels * in * kBlock * out * kBlock;
  return (7.0 / 8 * halved + 1 - halved) * (2 * halves.rows / pixels) + m.strassen_out / (in * kBlock) +
         m.strassen_in / (out * kBlock) + more_bytes * m.strassen_byte / (2 * macs * problem.max_batch);
}

std::string refusal(const Convolution& problem) {
  if (problem.mode == CONVOY_EXACT) {
    return "its sums have another order than EXACT promises";
  }
  const Window& w = problem.window;
  if (problem.in.layout != CONVOY_BLOCKED16) {
    return "reads BLOCKED16 only";
  }
  if (w.kernel_h != 1 || w.kernel_w != 1) {
    return "the kernel is not 1x1";
  }
  if (w.padded()) {
    return "padding";
  }
  if (problem.groups != 1) {
    return "groups";
  }
  if (problem.in.blocks() < 2 || problem.out.blocks() < 2 || problem.out.pixels() < 2) {
    return "nothing to halve";
  }
  if (problem.out.pixels() > INT32_MAX / 2) {
    return "more than 2^30 pixels";
  }
  return cost(problem, machine(problem.isa)) > 1 - kWorth
             ? "sums and reading more filters would take longer than the multiplications saved"
             : "";
}

}  // namespace

const ConvAlgorithm kStrassen = {"strassen", false, refusal,
                                 [](const Convolution& problem, const float* weights, const float* bias) {
                                   return std::unique_ptr<Step>(std::make_unique<StrassenConv>(problem, weights, bias));
                                 }};

}  // namespace convoy
