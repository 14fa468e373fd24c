// convoy.h from outside: what it computes, and that it refuses whatever breaks its contract.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "convoy/convoy.h"

namespace {

using Program = std::unique_ptr<convoy_program, void (*)(convoy_program*)>;
using Execution = std::unique_ptr<convoy_execution, void (*)(convoy_execution*)>;

Program make_program(int max_batch = 2, int64_t floats = 1 << 16) {
  return Program(convoy_program_create(convoy_isa_detected(), CONVOY_EXACT, max_batch, 0, floats),
                 convoy_program_destroy);
}

#define EXPECT_REFUSED(call, part)                                            \
  do {                                                                        \
    EXPECT_EQ(call, CONVOY_INVALID);                                          \
    EXPECT_NE(std::string(convoy_last_error()).find(part), std::string::npos) \
        << "the message is: " << convoy_last_error();                         \
  } while (false)

#define EXPECT_NULL(call, part)                                               \
  do {                                                                        \
    EXPECT_EQ(call, nullptr);                                                 \
    EXPECT_NE(std::string(convoy_last_error()).find(part), std::string::npos) \
        << "the message is: " << convoy_last_error();                         \
  } while (false)

TEST(Api, KnowsItsInstructionSets) {
  EXPECT_EQ(convoy_abi(), CONVOY_ABI);
  EXPECT_STREQ(convoy_isa_name(CONVOY_ISA_PORTABLE), "portable");
  EXPECT_STREQ(convoy_isa_name(CONVOY_ISA_AVX2), "avx2");
  EXPECT_STREQ(convoy_isa_name(CONVOY_ISA_AVX512), "avx512");
  EXPECT_EQ(convoy_isa_name(3), nullptr);
  EXPECT_EQ(convoy_isa_name(-1), nullptr);
  EXPECT_GE(convoy_isa_detected(), CONVOY_ISA_PORTABLE);
  EXPECT_FALSE(std::string(convoy_cpu_description()).empty());
}

// ctest runs these three with CONVOY_MAX_ISA set (native/test/CMakeLists.txt).
TEST(MaxIsa, CapsTheDefault) {
  const char* cap = std::getenv("CONVOY_MAX_ISA");
  if (cap == nullptr || std::string(cap) == "banana") {
    EXPECT_EQ(convoy_isa_default(), cap == nullptr ? convoy_isa_detected() : CONVOY_INVALID);
    return;
  }
  int named = 0;
  while (std::string(cap) != convoy_isa_name(named)) {
    ++named;
  }
  EXPECT_EQ(convoy_isa_default(), std::min(named, convoy_isa_detected()));
  EXPECT_GE(convoy_isa_detected(), convoy_isa_default());
}

TEST(MaxIsa, RefusesAnUnknownName) {
  const char* cap = std::getenv("CONVOY_MAX_ISA");
  if (cap == nullptr || std::string(cap) != "banana") {
    GTEST_SKIP() << "CONVOY_MAX_ISA is not banana";
  }
  EXPECT_REFUSED(convoy_isa_default(), "portable, avx2 or avx512");
  EXPECT_NE(std::string(convoy_last_error()).find("banana"), std::string::npos);
}

TEST(Api, MeasuresKernels) {
  const int isa = convoy_isa_detected();
  EXPECT_GT(convoy_measure_peak(isa, 0), 0);
  ASSERT_GT(convoy_kernel_count(isa), 0);
  EXPECT_NE(convoy_kernel_name(isa, 0), nullptr);
  double speed[3] = {};
  ASSERT_EQ(convoy_measure_kernel(isa, 0, 20, 0, speed), CONVOY_OK);
  EXPECT_GT(speed[0], 0);
  EXPECT_GT(speed[1], 0);
  EXPECT_GT(speed[2], 0);
  EXPECT_REFUSED(convoy_measure_peak(17, 0), "17");
  EXPECT_REFUSED(convoy_measure_peak(isa, NAN), "seconds");
  EXPECT_GT(convoy_measure_reading(isa, 1 << 14, 0), 0);
  EXPECT_REFUSED(convoy_measure_reading(isa, 100, 0), "not 100");
  EXPECT_REFUSED(convoy_kernel_count(-1), "-1");
  EXPECT_NULL(convoy_kernel_name(isa, 1000), "1000");
  EXPECT_REFUSED(convoy_measure_kernel(isa, -1, 16, 0, speed), "kernel -1");
  EXPECT_REFUSED(convoy_measure_kernel(isa, 0, 0, 0, speed), "k must");
  EXPECT_REFUSED(convoy_measure_kernel(isa, 0, 16, 0, nullptr), "speed");
}

TEST(Api, RefusesBadProgramsAndValues) {
  EXPECT_NULL(convoy_program_create(9, 0, 1, 0, 0), "instruction set number 9");
  EXPECT_NULL(convoy_program_create(0, 7, 1, 0, 0), "mode");
  EXPECT_NULL(convoy_program_create(0, 0, 0, 0, 0), "max_batch");
  EXPECT_NULL(convoy_program_create(0, 0, 1, -1, 0), "threads");
  EXPECT_NULL(convoy_program_create(0, 0, 1, 0, -5), "arena_floats");
  EXPECT_NULL(convoy_program_create(0, 0, 1, 0, INT64_MAX), "arena_floats");
  EXPECT_REFUSED(convoy_program_value(nullptr, 0, 1, 1, 1, 0), "program is NULL");
  Program p = make_program(2, 1000);
  EXPECT_REFUSED(convoy_program_value(p.get(), 2, 1, 1, 1, 0), "layout");
  EXPECT_REFUSED(convoy_program_value(p.get(), 0, 0, 1, 1, 0), "no elements");
  EXPECT_REFUSED(convoy_program_value(p.get(), 0, 1, -1, 1, 0), "no elements");
  EXPECT_REFUSED(convoy_program_value(p.get(), 0, 1, 1, 1, 8), "multiple of 16");
  EXPECT_REFUSED(convoy_program_value(p.get(), 0, 1, 1, 1, -16), "multiple of 16");
  EXPECT_REFUSED(convoy_program_value(p.get(), 0, 501, 1, 1, 0), "beyond the arena");
  EXPECT_REFUSED(convoy_program_value(p.get(), 0, INT32_MAX, INT32_MAX, INT32_MAX, 0), "beyond the arena");
  EXPECT_REFUSED(convoy_program_value(p.get(), 1, INT32_MAX, INT32_MAX, 1, INT64_MAX - 15), "beyond the arena");
  EXPECT_EQ(convoy_program_value(p.get(), 0, 500, 1, 1, 0), 0);
  EXPECT_EQ(convoy_program_value(p.get(), 1, 20, 2, 2, 496), 1);
  EXPECT_REFUSED(convoy_program_image_stride(nullptr, 1, 128), "program is NULL");
  EXPECT_REFUSED(convoy_program_image_stride(p.get(), 0, 512), "not the one declared last");
  EXPECT_REFUSED(convoy_program_image_stride(p.get(), 2, 512), "not the one declared last");
  EXPECT_REFUSED(convoy_program_image_stride(p.get(), 1, 112), "128 floats cannot lie 112 floats apart");
  EXPECT_REFUSED(convoy_program_image_stride(p.get(), 1, 136), "multiple of 16");
  EXPECT_REFUSED(convoy_program_image_stride(p.get(), 1, 384), "end beyond the memory");
  EXPECT_REFUSED(convoy_program_image_stride(p.get(), 1, INT64_MAX - 15), "end beyond the memory");
  EXPECT_EQ(convoy_program_image_stride(p.get(), 1, 368), CONVOY_OK);
}

class Steps : public testing::Test {
 protected:
  Program p = make_program();
  int in = convoy_program_value(p.get(), CONVOY_BLOCKED16, 3, 5, 5, 0);
  int out = convoy_program_value(p.get(), CONVOY_BLOCKED16, 4, 5, 5, 1024);
  int plain = convoy_program_value(p.get(), CONVOY_PLAIN, 4, 5, 5, 2048);
  int vector = convoy_program_value(p.get(), CONVOY_BLOCKED16, 7, 1, 1, 4096);
  int result = convoy_program_value(p.get(), CONVOY_BLOCKED16, 2, 1, 1, 4160);
  std::vector<float> weights = std::vector<float>(4 * 3 * 9, 1.0f), bias = {1, 2, 3, 4};
  std::vector<int32_t> window = {3, 3, 1, 1, 1, 1, 1, 1, 1, 1};

  int conv(int from, int to, int residual = -1, int groups = 1, int activation = 0) {
    return convoy_program_conv(p.get(), from, to, residual, window.data(), groups, activation, 0, weights.data(),
                               static_cast<int64_t>(weights.size()), bias.data(), 4);
  }
};

TEST_F(Steps, RefuseBadConvolutions) {
  const float* w = weights.data();
  EXPECT_REFUSED(convoy_program_conv(nullptr, in, out, -1, window.data(), 1, 0, 0, w, 108, nullptr, 0), "program");
  EXPECT_REFUSED(convoy_program_conv(p.get(), in, out, -1, nullptr, 1, 0, 0, w, 108, nullptr, 0), "window is NULL");
  EXPECT_REFUSED(convoy_program_conv(p.get(), in, out, -1, window.data(), 1, 0, 0, nullptr, 108, nullptr, 0),
                 "weights is NULL");
  EXPECT_REFUSED(convoy_program_conv(p.get(), in, out, -1, window.data(), 1, 0, 0, w, 107, nullptr, 0), "108");
  EXPECT_REFUSED(convoy_program_conv(p.get(), in, out, -1, window.data(), 1, 0, 0, w, 108, nullptr, 4), "bias");
  EXPECT_REFUSED(convoy_program_conv(p.get(), in, out, -1, window.data(), 1, 0, 0, w, 108, bias.data(), 3), "bias");
  EXPECT_REFUSED(conv(99, out), "in is value 99");
  EXPECT_REFUSED(conv(in, -1), "out is value -1");
  EXPECT_REFUSED(conv(in, out, 77), "residual is value 77");
  EXPECT_REFUSED(conv(in, out, in), "the residual is 3 x 5 x 5");
  EXPECT_REFUSED(conv(in, out, out), "share memory");
  EXPECT_REFUSED(conv(in, plain), "out must be BLOCKED16");
  EXPECT_REFUSED(conv(out, out), "share memory");
  EXPECT_REFUSED(conv(in, out, -1, 2), "2 groups");
  EXPECT_REFUSED(conv(in, out, -1, 0), "0 groups");
  EXPECT_REFUSED(conv(in, out, -1, 1, 13), "activation number 13");
  EXPECT_REFUSED(conv(in, out, -1, 1, -1), "activation number -1");
  for (float bad : {NAN, INFINITY}) {
    EXPECT_REFUSED(convoy_program_conv(p.get(), in, out, -1, window.data(), 1, 0, bad, w, 108, nullptr, 0),
                   "alpha must be finite");
    EXPECT_REFUSED(convoy_program_linear(p.get(), vector, result, 0, bad, w, 14, nullptr, 0), "alpha must be finite");
  }
  for (int i = 0; i < 10; ++i) {
    for (int bad : {-1, INT32_MAX, INT32_MIN}) {
      std::vector<int32_t> good = window;
      window[i] = bad;
      EXPECT_REFUSED(conv(in, out), "window[" + std::to_string(i) + "]");
      window = good;
    }
  }
  window[2] = 2;
  EXPECT_REFUSED(conv(in, out), "gives 3 x 5");
  window = {9, 3, 1, 1, 1, 1, 1, 1, 1, 1};
  EXPECT_REFUSED(conv(in, out), "larger than the padded input");
}

// Whose product is no 64-bit number.
TEST(Api, RefusesMoreWeightsThanCanBeCounted) {
  Program p = make_program(1, int64_t{1} << 44);
  const int in = convoy_program_value(p.get(), CONVOY_BLOCKED16, 1 << 30, 1, 1, 0);
  const int out = convoy_program_value(p.get(), CONVOY_BLOCKED16, 1 << 30, 1, 1, int64_t{1} << 40);
  const int32_t k = 1 << 15, window[] = {k, k, 1, 1, 1, 1, k - 1, k - 1, 0, 0};
  const float weight = 1;
  EXPECT_REFUSED(convoy_program_conv(p.get(), in, out, -1, window, 1, 0, 0, &weight, 0, nullptr, 0), "more than 2^44");
}

TEST_F(Steps, AConvolutionIsOursBeforeItIsAStep) {
  auto is_ours = [&](convoy_program* program) {
    return convoy_program_conv_is_ours(program, in, out, -1, window.data(), 1, CONVOY_RELU, 0);
  };
  EXPECT_EQ(is_ours(p.get()), 1);
  EXPECT_REFUSED(is_ours(nullptr), "program is NULL");
  window[2] = 2;
  EXPECT_REFUSED(is_ours(p.get()), "gives 3 x 5");
}

TEST_F(Steps, RefuseBadLinearsAndReorders) {
  const float* w = weights.data();
  EXPECT_REFUSED(convoy_program_linear(nullptr, vector, result, 0, 0, w, 14, nullptr, 0), "program");
  EXPECT_REFUSED(convoy_program_linear(p.get(), vector, result, 0, 0, w, 13, nullptr, 0), "14");
  EXPECT_REFUSED(convoy_program_linear(p.get(), vector, result, 0, 0, nullptr, 14, nullptr, 0), "NULL");
  EXPECT_REFUSED(convoy_program_linear(p.get(), in, result, 0, 0, w, 14, nullptr, 0), "vectors");
  EXPECT_REFUSED(convoy_program_linear(p.get(), vector, result, 44, 0, w, 14, nullptr, 0), "activation");
  EXPECT_REFUSED(convoy_program_linear(p.get(), vector, 50, 0, 0, w, 14, nullptr, 0), "out is value 50");
  EXPECT_REFUSED(convoy_program_linear(p.get(), vector, vector, 0, 0, w, 49, nullptr, 0), "share memory");
  EXPECT_REFUSED(convoy_program_reorder(nullptr, plain, out), "program");
  EXPECT_REFUSED(convoy_program_reorder(p.get(), plain, in), "keeps the shape");
  EXPECT_REFUSED(convoy_program_reorder(p.get(), out, out), "share memory");
}

TEST_F(Steps, RefuseAfterTheSeal) {
  EXPECT_NULL(convoy_execution_create(p.get()), "sealed");
  EXPECT_EQ(convoy_program_seal(p.get()), CONVOY_OK);
  EXPECT_REFUSED(convoy_program_seal(p.get()), "sealed already");
  EXPECT_REFUSED(conv(in, out), "sealed");
  EXPECT_REFUSED(convoy_program_value(p.get(), 0, 1, 1, 1, 0), "sealed");
  EXPECT_REFUSED(convoy_program_local_value(p.get(), 0, 1, 1, 1, 0), "sealed");
  EXPECT_REFUSED(convoy_program_rolling_value(p.get(), 1, 1, 1, 1), "sealed");
  EXPECT_REFUSED(convoy_program_begin_segment(p.get(), 1, 0), "sealed");
  EXPECT_REFUSED(convoy_program_image_stride(p.get(), result, 64), "sealed");
  EXPECT_REFUSED(convoy_program_prefer(p.get(), "native"), "sealed");
  EXPECT_REFUSED(convoy_program_require(p.get(), "direct"), "sealed");
  EXPECT_NULL(convoy_program_staging(p.get(), 16), "sealed");
  EXPECT_REFUSED(convoy_program_reorder(p.get(), out, plain), "sealed");
  EXPECT_REFUSED(convoy_program_seal(nullptr), "NULL");
}

// A step has taken the value as it was.
TEST_F(Steps, FixTheImagesOfTheirValues) {
  ASSERT_EQ(convoy_program_linear(p.get(), vector, result, 0, 0, weights.data(), 14, nullptr, 0), 0);
  EXPECT_REFUSED(convoy_program_image_stride(p.get(), result, 64), "a step was added behind it");
  const int later = convoy_program_value(p.get(), CONVOY_BLOCKED16, 2, 1, 1, 8192);
  EXPECT_EQ(convoy_program_image_stride(p.get(), later, 64), CONVOY_OK);
}

TEST_F(Steps, RunAndTellWhatTheyAre) {
  ASSERT_EQ(conv(in, out, -1, 1, CONVOY_RELU), 0) << convoy_last_error();
  ASSERT_EQ(convoy_program_reorder(p.get(), out, plain), 1);
  EXPECT_EQ(std::string(convoy_program_algorithm(p.get(), 0)).rfind("direct ", 0), 0u);
  EXPECT_NE(std::string(convoy_program_refusals(p.get(), 0)).find("pointwise: the kernel is not 1x1"),
            std::string::npos);
  EXPECT_STREQ(convoy_program_refusals(p.get(), 1), "");
  EXPECT_NULL(convoy_program_algorithm(p.get(), 2), "no step 2");
  EXPECT_NULL(convoy_program_refusals(p.get(), -1), "no step -1");
  EXPECT_GE(convoy_program_parameter_bytes(p.get()), 108 * 4);
  ASSERT_EQ(convoy_program_seal(p.get()), CONVOY_OK);
  Execution e(convoy_execution_create(p.get()), convoy_execution_destroy);
  ASSERT_NE(e, nullptr);
  EXPECT_GE(convoy_execution_bytes(e.get()), 4 << 16);
  float* x = convoy_execution_value(e.get(), in);
  for (int pixel = 0; pixel < 2 * 25; ++pixel) {
    for (int c = 0; c < 3; ++c) x[pixel * 16 + c] = static_cast<float>(pixel / 25 + 1);
  }
  ASSERT_EQ(convoy_execution_run(e.get(), 2), CONVOY_OK);
  const float* y = convoy_execution_value(e.get(), plain);
  EXPECT_EQ(y[0], 13);            // a corner: 4 taps * 3 channels + 1
  EXPECT_EQ(y[12], 28);           // inside: 27 + 1
  EXPECT_EQ(y[3 * 25 + 12], 31);  // the last channel
  EXPECT_EQ(y[100 + 12], 55);     // the second image: 2 * 27 + 1
  double seconds[2] = {-1, -1};
  EXPECT_EQ(convoy_execution_profile(e.get(), 1, seconds, 2), CONVOY_OK);
  EXPECT_GE(seconds[0], 0);
  EXPECT_GE(seconds[1], 0);
  EXPECT_REFUSED(convoy_execution_run(e.get(), 0), "batch must be 1 to 2");
  EXPECT_REFUSED(convoy_execution_run(e.get(), 3), "batch must be 1 to 2");
  EXPECT_REFUSED(convoy_execution_profile(e.get(), 1, seconds, 3), "2 steps");
  EXPECT_REFUSED(convoy_execution_profile(e.get(), 1, nullptr, 2), "seconds is NULL");
  EXPECT_NULL(convoy_execution_value(e.get(), 12), "12");
}

// Each name that a step's candidates have can be required, and is then the chosen one's.
TEST(Api, CandidatesCanBeRequired) {
  std::vector<float> weights(1 << 20);
  int several = 0;
  for (const std::vector<int32_t>& window : std::vector<std::vector<int32_t>>{{1, 7, 1, 1, 1, 1, 0, 3, 0, 3},
                                                                              {7, 1, 1, 1, 1, 1, 3, 0, 3, 0},
                                                                              {3, 3, 1, 1, 1, 1, 1, 1, 1, 1},
                                                                              {5, 5, 1, 1, 1, 1, 2, 2, 2, 2},
                                                                              {1, 1, 1, 1, 1, 1, 0, 0, 0, 0}}) {
    std::vector<std::string> names = {""};
    for (size_t i = 0; i < names.size(); ++i) {
      Program p(convoy_program_create(convoy_isa_detected(), CONVOY_FAST, 1, 0, 1 << 17), convoy_program_destroy);
      const int in = convoy_program_value(p.get(), CONVOY_BLOCKED16, 128, 17, 17, 0);
      const int out = convoy_program_value(p.get(), CONVOY_BLOCKED16, 128, 17, 17, 1 << 16);
      ASSERT_EQ(convoy_program_prefer(p.get(), "auto:native"), CONVOY_OK);
      if (i > 0) {
        ASSERT_EQ(convoy_program_require(p.get(), names[i].c_str()), CONVOY_OK);
      }
      ASSERT_EQ(convoy_program_conv(p.get(), in, out, -1, window.data(), 1, 0, 0, weights.data(),
                                    128 * 128 * window[0] * window[1], nullptr, 0),
                0)
          << convoy_last_error();
      std::stringstream candidates(convoy_program_candidates(p.get(), 0));
      for (std::string name; i == 0 && std::getline(candidates, name);) {
        names.push_back(name);
      }
      if (i > 0) {
        EXPECT_EQ(convoy_program_candidates(p.get(), 0), names[i]);
      }
    }
    several += names.size() > 2;
  }
  EXPECT_GE(several, 4);
}

TEST_F(Steps, WithoutAChoiceTakeNoRequiredAlgorithm) {
  ASSERT_EQ(convoy_program_require(p.get(), "direct"), CONVOY_OK);
  EXPECT_REFUSED(convoy_program_reorder(p.get(), out, plain),
                 "no choice of algorithms for this step, direct was asked");
  ASSERT_EQ(conv(in, out), 0);
  EXPECT_STREQ(convoy_program_candidates(p.get(), 0), "direct");
  ASSERT_EQ(convoy_program_reorder(p.get(), out, plain), 1);
  EXPECT_STREQ(convoy_program_candidates(p.get(), 1), "");
}

TEST(Api, RefusesNullHandles) {
  EXPECT_NULL(convoy_program_algorithm(nullptr, 0), "NULL");
  EXPECT_NULL(convoy_program_refusals(nullptr, 0), "NULL");
  EXPECT_NULL(convoy_execution_create(nullptr), "NULL");
  EXPECT_NULL(convoy_execution_value(nullptr, 0), "NULL");
  EXPECT_REFUSED(convoy_execution_run(nullptr, 1), "NULL");
  EXPECT_REFUSED(convoy_execution_profile(nullptr, 1, nullptr, 0), "NULL");
  EXPECT_EQ(convoy_execution_bytes(nullptr), CONVOY_INVALID);
  EXPECT_EQ(convoy_program_parameter_bytes(nullptr), CONVOY_INVALID);
  EXPECT_REFUSED(convoy_pool_start(0), "pool");
  EXPECT_REFUSED(convoy_pool_start(100000), "pool");
  convoy_program_destroy(nullptr);
  convoy_execution_destroy(nullptr);
}

TEST(Api, ErrorsBelongToTheirThread) {
  EXPECT_EQ(convoy_pool_start(-3), CONVOY_INVALID);
  std::string other = "unset";
  std::thread([&] { other = convoy_last_error(); }).join();
  EXPECT_EQ(other, "");
  EXPECT_NE(std::string(convoy_last_error()), "");
}

// As many runs at once as there are threads would otherwise take memory for the square of them.
TEST_F(Steps, AnExecutionHasMemoryForOneThread) {
  ASSERT_EQ(conv(in, out), 0);
  ASSERT_EQ(convoy_program_seal(p.get()), CONVOY_OK);
  convoy_pool_start(2);
  Execution few(convoy_execution_create(p.get()), convoy_execution_destroy);
  convoy_pool_start(16);
  Execution many(convoy_execution_create(p.get()), convoy_execution_destroy);
  EXPECT_GT(convoy_execution_bytes(few.get()), (1 << 16) * 4) << "a direct convolution has scratch memory";
  EXPECT_EQ(convoy_execution_bytes(few.get()), convoy_execution_bytes(many.get()));
}

TEST_F(Steps, ManyExecutionsShareAProgram) {
  convoy_pool_start(4);
  ASSERT_EQ(conv(in, out), 0);
  ASSERT_EQ(convoy_program_seal(p.get()), CONVOY_OK);
  std::vector<std::thread> callers;
  std::atomic<int> wrong{0};
  for (int caller = 0; caller < 64; ++caller) {
    callers.emplace_back([&, caller] {
      Execution e(convoy_execution_create(p.get()), convoy_execution_destroy);
      float* x = convoy_execution_value(e.get(), in);
      for (int i = 0; i < 2 * 25 * 16; ++i) x[i] = i % 16 < 3 ? static_cast<float>(caller) : 0;
      for (int round = 0; round < 10; ++round) {
        wrong += convoy_execution_run(e.get(), 2) != CONVOY_OK;
        wrong += convoy_execution_value(e.get(), out)[12 * 16] != 27.0f * static_cast<float>(caller) + 1;
      }
    });
  }
  for (std::thread& caller : callers) {
    caller.join();
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
