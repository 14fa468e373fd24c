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
  const double square = estimated_cost("winograd-4x4", layer(3, 3)) / 9;
  EXPECT_GT(estimated_cost("winograd-4x4", layer(1, 7)) / 7, 1.2 * square);
  EXPECT_GT(estimated_cost("winograd-4x4", layer(7, 1)) / 7, 1.2 * square);
  EXPECT_LT(estimated_cost("winograd-4x4", layer(5, 5)) / 25, square);
  EXPECT_DOUBLE_EQ(estimated_cost("direct", layer(1, 7)) / 7, estimated_cost("direct", layer(3, 3)) / 9);
}

}  // namespace
}  // namespace convoy
