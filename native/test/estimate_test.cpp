// What algorithms are expected to cost.
#include "ops/estimate.h"

#include <gtest/gtest.h>

#include <set>

#include "ops/convolution.h"

namespace convoy {
namespace {

convoy_layer layer(int kernel_h, int kernel_w) {
  convoy_layer layer{};
  layer.kind = CONVOY_LAYER_CONV;
  layer.isa = CONVOY_ISA_AVX512;
  layer.max_batch = 1;
  layer.pool_threads = 1;
  layer.in_layout = CONVOY_BLOCKED16;
  layer.in_c = layer.out_c = 128;
  layer.in_h = layer.in_w = layer.out_h = layer.out_w = 17;
  const int32_t window[] = {kernel_h, kernel_w, 1, 1, 1, 1, kernel_h / 2, kernel_w / 2, kernel_h / 2, kernel_w / 2};
  std::copy(std::begin(window), std::end(window), layer.window);
  layer.groups = 1;
  return layer;
}

// A speed under a name that no candidate has would never be looked up.
TEST(Estimate, EveryRateBelongsToACandidate) {
  std::set<std::string> candidates = {"linear", "onednn", "openblas"};
  for (const ConvAlgorithm* algorithm : conv_algorithms()) {
    candidates.insert(algorithm->name);
  }
  for (const std::string& name : rated_algorithms()) {
    EXPECT_EQ(candidates.count(name), 1u) << name;
  }
}

TEST(Estimate, KnowsThatWinogradSavesLessAlongOneAxis) {
  for (const bool twice : {false, true}) {
    auto cost = [twice](const char* algorithm, int h, int w) {
      return estimated_cost(algorithm, layer(h, w), machine(twice)) / (h * w);
    };
    const double square = cost("winograd-4x4", 3, 3), more = twice ? 1.1 : 1.2;
    EXPECT_GT(cost("winograd-4x4", 1, 7), more * square);
    EXPECT_GT(cost("winograd-4x4", 7, 1), more * square);
    EXPECT_LT(cost("winograd-4x4", 5, 5), square);
    EXPECT_LT(cost("winograd-4x4", 1, 7), cost("direct", 1, 7));
    EXPECT_DOUBLE_EQ(cost("direct", 1, 7), cost("direct", 3, 3));
  }
}

// Where a core multiplies twice as fast for what it loads and stores, OpenBLAS' rearranging decides over small layers.
TEST(Estimate, ASmallLayerIsNotOpenBlas) {
  convoy_layer small = layer(3, 3);
  small.in_c = 18;
  small.out_c = 20;
  EXPECT_GT(estimated_cost("openblas", small, machine(true)), 1.5 * estimated_cost("direct", small, machine(true)));
}

TEST(Estimate, InstructionsOfEightFloatsAreTheSameOnBothMachines) {
  EXPECT_FALSE(machine(Isa::avx2).twice);
  EXPECT_FALSE(machine(Isa::portable).twice);
  EXPECT_EQ(machine(Isa::avx512).twice, !splits_wide_vectors());
}

}  // namespace
}  // namespace convoy
