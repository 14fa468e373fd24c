// Counts every malloc of the process while a program runs: there must be none.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "convoy/convoy.h"
#include "counting_malloc.h"

namespace {

using convoy::test::allocations;
using convoy::test::counting;

TEST(Allocation, RunsAllocateNothing) {
  ASSERT_EQ(convoy_pool_start(3), CONVOY_OK);
  convoy_program* p = convoy_program_create(convoy_isa_detected(), CONVOY_FAST, 4, 0, 1 << 20);
  ASSERT_EQ(convoy_program_begin_segment(p, 2, 0), 1);
  const int image = convoy_program_value(p, CONVOY_PLAIN, 3, 17, 17, 0);
  const int stem = convoy_program_value(p, CONVOY_BLOCKED16, 32, 9, 9, 16384);
  const int depthwise = convoy_program_value(p, CONVOY_BLOCKED16, 32, 9, 9, 65536);
  const int winograd = convoy_program_value(p, CONVOY_BLOCKED16, 32, 9, 9, 393216);
  const int direct = convoy_program_value(p, CONVOY_BLOCKED16, 40, 9, 9, 131072);
  const int grouped = convoy_program_value(p, CONVOY_BLOCKED16, 20, 1, 1, 196608);
  const int vector = convoy_program_value(p, CONVOY_BLOCKED16, 10, 1, 1, 262144);
  const int result = convoy_program_value(p, CONVOY_PLAIN, 10, 1, 1, 327680);
  std::vector<float> w(1 << 20, 0.01f);
  auto conv = [&](int in, int out, std::vector<int32_t> window, int groups, int64_t count) {
    EXPECT_GE(
        convoy_program_conv(p, in, out, -1, window.data(), groups, CONVOY_HARD_SWISH, 0, w.data(), count, nullptr, 0),
        0)
        << convoy_last_error();
  };
  conv(image, stem, {3, 3, 2, 2, 1, 1, 1, 1, 1, 1}, 1, 32 * 3 * 9);
  conv(stem, depthwise, {3, 3, 1, 1, 1, 1, 1, 1, 1, 1}, 32, 32 * 9);
  conv(depthwise, winograd, {3, 3, 1, 1, 1, 1, 1, 1, 1, 1}, 1, 32 * 32 * 9);
  EXPECT_EQ(std::string(convoy_program_algorithm(p, 2)).rfind("winograd-4x4 ", 0), 0u);
  conv(winograd, direct, {1, 1, 1, 1, 1, 1, 0, 0, 0, 0}, 1, 32 * 40);
  conv(direct, grouped, {9, 9, 1, 1, 1, 1, 0, 0, 0, 0}, 4, 20 * 10 * 81);
  ASSERT_GE(convoy_program_linear(p, grouped, vector, CONVOY_RELU, 0, w.data(), 200, nullptr, 0), 0);
  ASSERT_GE(convoy_program_reorder(p, vector, result), 0);
  ASSERT_EQ(convoy_program_seal(p), CONVOY_OK);
  convoy_execution* e = convoy_execution_create(p);
  ASSERT_NE(e, nullptr);
  for (int batch : {1, 4}) {
    convoy_execution_run(e, batch);
    counting = true;
    for (int round = 0; round < 20; ++round) {
      convoy_execution_run(e, batch);
    }
    counting = false;
    EXPECT_EQ(allocations.exchange(0), 0) << "batch " << batch;
  }
  convoy_execution_destroy(e);
  convoy_program_destroy(p);
}

}  // namespace
