// Where Strassen's algorithm is taken: where an estimate says that its sums cost less than the products that it saves.
#include "ops/machine.h"
#include "ops/strassen_conv.h"

namespace convoy {
namespace {

// The part of the time of all products that must be saved at least: the estimate is no better.
constexpr double kWorth = 0.04;

// The time of Strassen's algorithm in that of all products.
double cost(const Convolution& problem, const Machine& m) {
  const Halves halves(problem);
  const double k = problem.in.c, columns = problem.out.blocks() * kBlock, pixels = halves.pixels;
  // lanes without an input channel are multiplied in halves only
  const double halved_k = 2.0 * halves.in * kBlock, halved_columns = 2.0 * halves.out * kBlock;
  const double products = (7.0 / 8 * halved_k + halves.odd_in) * halved_columns + k * (columns - halved_columns);
  const double more_bytes = 3.0 / 4 * halved_k * halved_columns * sizeof(float);
  return products / (k * columns) * (2 * halves.rows / pixels) + m.strassen_out / k + m.strassen_in / columns +
         more_bytes * m.strassen_byte / (2 * pixels * k * columns * problem.max_batch);
}

std::string refusal(const Convolution& problem) {
  if (problem.mode == CONVOY_EXACT) {
    return "its sums have another order than EXACT promises";
  }
  const std::string reason = refusal_of_pointwise(problem);
  if (!reason.empty()) {
    return reason;
  }
  if (problem.in.blocks() < 2 || problem.out.blocks() < 2 || problem.out.pixels() < 2) {
    return "nothing to halve";
  }
  if (problem.out.pixels() > INT32_MAX / 2) {
    return "too many pixels";
  }
  return cost(problem, machine(problem.isa)) > 1 - kWorth
             ? "sums and reading more filters would take nearly all of the time saved"
             : "";
}

}  // namespace

const ConvAlgorithm kStrassen = {"strassen", false, refusal,
                                 [](const Convolution& problem, const float* weights, const float* bias) {
                                   return std::unique_ptr<Step>(std::make_unique<StrassenConv>(problem, weights, bias));
                                 }};

}  // namespace convoy
