// Segments: the same bits as without them, whatever the slice, the batch and the threads; and what the API refuses.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "convoy/convoy.h"

namespace {

using Program = std::unique_ptr<convoy_program, void (*)(convoy_program*)>;
using Execution = std::unique_ptr<convoy_execution, void (*)(convoy_execution*)>;

constexpr int kBatch = 7, kSide = 9, kImage = 32 * kSide * kSide;
constexpr int kPad1[] = {3, 3, 1, 1, 1, 1, 1, 1, 1, 1};

// in -> a -> b -> c -> out, four convolutions, the first with a ReLU, the third with a residual; in, b and out in the
// arena. slices: of the segments {a, b} and {c, out}; none: no segments at all.
class Chain {
 public:
  Chain(int threads, std::vector<int> slices) : program_(nullptr, convoy_program_destroy) {
    const int64_t whole = int64_t{kBatch} * kImage;
    program_.reset(convoy_program_create(convoy_isa_detected(), CONVOY_FAST, kBatch, threads, 5 * whole));
    in_ = convoy_program_value(program_.get(), CONVOY_BLOCKED16, 32, kSide, kSide, 0);
    const int a = begin(slices, 0, 3 * whole);
    const int b = convoy_program_value(program_.get(), CONVOY_BLOCKED16, 32, kSide, kSide, whole);
    conv(in_, a, -1, CONVOY_RELU);
    conv(a, b, -1, CONVOY_IDENTITY);
    const int c = begin(slices, 1, 4 * whole);
    out_ = convoy_program_value(program_.get(), CONVOY_BLOCKED16, 32, kSide, kSide, 2 * whole);
    conv(b, c, b, CONVOY_HARD_SWISH);
    conv(c, out_, -1, CONVOY_IDENTITY);
    EXPECT_EQ(convoy_program_seal(program_.get()), CONVOY_OK);
  }

  // Images 0 .. batch - 1 of a fixed sequence.
  std::vector<float> run(int batch) const {
    Execution execution(convoy_execution_create(program_.get()), convoy_execution_destroy);
    float* in = convoy_execution_value(execution.get(), in_);
    for (int i = 0; i < batch * kImage; ++i) {
      in[i] = std::sin(static_cast<float>(i));
    }
    float* out = convoy_execution_value(execution.get(), out_);
    std::fill_n(out, kBatch * kImage, NAN);
    double seconds[4] = {-1, -1, -1, -1};
    EXPECT_EQ(convoy_execution_profile(execution.get(), batch, seconds, 4), CONVOY_OK);
    for (double s : seconds) {
      EXPECT_GT(s, 0);
    }
    std::vector<float> profiled(out, out + batch * kImage);
    EXPECT_EQ(convoy_execution_run(execution.get(), batch), CONVOY_OK);
    EXPECT_EQ(std::memcmp(out, profiled.data(), profiled.size() * sizeof(float)), 0);
    EXPECT_TRUE(batch == kBatch || std::isnan(out[batch * kImage]));
    return profiled;
  }

 private:
  // The first value of a segment: its own, or the arena's.
  int begin(const std::vector<int>& slices, size_t segment, int64_t offset) {
    if (slices.empty()) {
      return convoy_program_value(program_.get(), CONVOY_BLOCKED16, 32, kSide, kSide, offset);
    }
    EXPECT_EQ(convoy_program_begin_segment(program_.get(), slices[segment], int64_t{slices[segment]} * kImage),
              static_cast<int>(segment) + 1);
    return convoy_program_local_value(program_.get(), CONVOY_BLOCKED16, 32, kSide, kSide, 0);
  }

  void conv(int in, int out, int residual, int activation) {
    std::vector<float> weights(32 * 32 * 9);
    for (size_t i = 0; i < weights.size(); ++i) {
      weights[i] = std::cos(static_cast<float>(i)) / 16;
    }
    EXPECT_GE(convoy_program_conv(program_.get(), in, out, residual, kPad1, 1, activation, 0, weights.data(),
                                  static_cast<int64_t>(weights.size()), nullptr, 0),
              0)
        << convoy_last_error();
  }

  Program program_;
  int in_ = 0, out_ = 0;
};

TEST(Segments, GiveTheBitsOfAWholeBatch) {
  ASSERT_EQ(convoy_pool_start(3), CONVOY_OK);
  const std::vector<float> expected = Chain(1, {}).run(kBatch);
  for (int threads : {1, 2, 3}) {
    for (const std::vector<int>& slices : {std::vector<int>{1, 1}, {2, kBatch}, {kBatch, 3}, {4, 2}}) {
      const Chain chain(threads, slices);
      for (int batch = 1; batch <= kBatch; ++batch) {
        const std::vector<float> out = chain.run(batch);
        ASSERT_EQ(std::memcmp(out.data(), expected.data(), out.size() * sizeof(float)), 0)
            << threads << " threads, slices " << slices[0] << " and " << slices[1] << ", batch " << batch;
      }
    }
  }
}

#define EXPECT_REFUSED(call, part)                                            \
  do {                                                                        \
    EXPECT_EQ(call, CONVOY_INVALID);                                          \
    EXPECT_NE(std::string(convoy_last_error()).find(part), std::string::npos) \
        << "the message is: " << convoy_last_error();                         \
  } while (false)

TEST(Segments, RefuseWhatBreaksTheirContract) {
  Program program(convoy_program_create(0, CONVOY_FAST, 4, 0, 1024), convoy_program_destroy);
  convoy_program* p = program.get();
  EXPECT_REFUSED(convoy_program_begin_segment(nullptr, 1, 0), "NULL");
  EXPECT_REFUSED(convoy_program_begin_segment(p, 0, 0), "1 to 4");
  EXPECT_REFUSED(convoy_program_begin_segment(p, 5, 0), "1 to 4");
  EXPECT_REFUSED(convoy_program_begin_segment(p, 1, -1), "local_floats");
  EXPECT_REFUSED(convoy_program_local_value(p, CONVOY_BLOCKED16, 1, 1, 1, 0), "beyond the segment's memory");
  ASSERT_EQ(convoy_program_begin_segment(p, 2, 48), 1);
  EXPECT_REFUSED(convoy_program_local_value(p, CONVOY_BLOCKED16, 1, 1, 1, 32), "beyond the segment's memory");
  const int local = convoy_program_local_value(p, CONVOY_BLOCKED16, 1, 1, 1, 16);
  const int arena = convoy_program_value(p, CONVOY_BLOCKED16, 1, 1, 1, 16);
  ASSERT_GE(local, 0);
  EXPECT_GE(convoy_program_activate(p, arena, local, CONVOY_RELU, 0), 0) << "not the same memory";
  ASSERT_EQ(convoy_program_begin_segment(p, 1, 0), 2);
  EXPECT_REFUSED(convoy_program_activate(p, local, arena, CONVOY_RELU, 0), "belongs to segment 1");
  ASSERT_EQ(convoy_program_seal(p), CONVOY_OK);
  EXPECT_REFUSED(convoy_program_begin_segment(p, 1, 0), "sealed");
  Execution execution(convoy_execution_create(p), convoy_execution_destroy);
  EXPECT_NE(convoy_execution_value(execution.get(), arena), nullptr);
  EXPECT_EQ(convoy_execution_value(execution.get(), local), nullptr);
}

TEST(Segments, CachesThatDecideThem) {
  EXPECT_GE(convoy_cache_bytes(2), 256 << 10);
  EXPECT_GE(convoy_cache_bytes(3), 2 << 20);
  EXPECT_REFUSED(convoy_cache_bytes(1), "2 and 3");
}

}  // namespace
