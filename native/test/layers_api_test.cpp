// The C functions of the layers: what they accept works from end to end, what they refuse they explain.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "convoy/convoy.h"

namespace convoy::test {
namespace {

struct Destroy {
  void operator()(convoy_program* program) const { convoy_program_destroy(program); }
  void operator()(convoy_execution* execution) const { convoy_execution_destroy(execution); }
};

class LayersApi : public ::testing::Test {
 protected:
  // Values follow each other unless `at` says otherwise.
  int32_t value(int c, int h, int w, int64_t at = -1, int32_t layout = CONVOY_BLOCKED16) {
    const int64_t offset = at >= 0 ? at : end_;
    const int32_t id = convoy_program_value(program(), layout, c, h, w, offset);
    EXPECT_GE(id, 0) << convoy_last_error();
    if (at < 0) {
      end_ += int64_t{(c + 15) / 16 * 16} * h * w * kBatch;
    }
    return id;
  }

  convoy_program* program() { return program_.get(); }

  void refused(int32_t status, const std::string& because) {
    EXPECT_EQ(status, CONVOY_INVALID);
    EXPECT_NE(std::string(convoy_last_error()).find(because), std::string::npos)
        << "expected \"" << because << "\" in: " << convoy_last_error();
  }
  void accepted(int32_t step) { EXPECT_GE(step, 0) << convoy_last_error(); }

  void run(int32_t step) {
    ASSERT_GE(step, 0) << convoy_last_error();
    ASSERT_EQ(convoy_program_seal(program()), CONVOY_OK);
    execution_.reset(convoy_execution_create(program()));
    ASSERT_NE(execution_, nullptr) << convoy_last_error();
  }

  static constexpr int kBatch = 2;
  std::unique_ptr<convoy_program, Destroy> program_{
      convoy_program_create(convoy_isa_detected(), CONVOY_FAST, kBatch, 1, 1 << 20)};
  std::unique_ptr<convoy_execution, Destroy> execution_;
  int64_t end_ = 0;
  const float nan_ = std::numeric_limits<float>::quiet_NaN();
};

TEST(Scaling, IsOfEachRunInDoubleRoundedOnce) {
  constexpr int kRuns = 300, kRun = 700;  // more than a thread takes
  std::vector<float> values(kRuns * kRun);
  std::vector<double> factors(kRuns);
  for (int i = 0; i < kRuns; ++i) {
    factors[i] = std::sqrt(2.0 + i);
    for (int j = 0; j < kRun; ++j) {
      values[i * kRun + j] = std::sin(1.0f + static_cast<float>(i * kRun + j));
    }
  }
  std::vector<float> scaled = values;
  ASSERT_EQ(convoy_scale(scaled.data(), kRuns * kRun, factors.data(), kRuns), CONVOY_OK) << convoy_last_error();
  for (int i = 0; i < kRuns * kRun; ++i) {
    ASSERT_EQ(scaled[i], static_cast<float>(values[i] * factors[i / kRun])) << i;
  }
}

TEST(Scaling, RefusesWhatItCannotDealOut) {
  float values[4] = {};
  const double factors[3] = {};
  EXPECT_EQ(convoy_scale(values, 4, factors, 3), CONVOY_INVALID);
  EXPECT_NE(std::string(convoy_last_error()).find("4 values"), std::string::npos) << convoy_last_error();
  EXPECT_EQ(convoy_scale(values, 4, factors, 0), CONVOY_INVALID);
  EXPECT_EQ(convoy_scale(nullptr, 3, factors, 3), CONVOY_INVALID);
  EXPECT_EQ(convoy_scale(values, 3, nullptr, 3), CONVOY_INVALID);
}

TEST_F(LayersApi, RunsAChainOfAllOfThem) {
  const int32_t in = value(3, 4, 4), padded = value(3, 6, 6), pooled = value(3, 3, 3), scaled = value(3, 3, 3);
  const int32_t larger = value(3, 6, 6), sum = value(3, 6, 6), both = value(6, 6, 6), normal = value(6, 6, 6);
  const int32_t average = value(6, 1, 2), flat = value(12, 1, 1), result = value(12, 1, 1);
  const int32_t window[] = {2, 2, 2, 2, 1, 1, 0, 0, 0, 0};
  const float scale[] = {1, 2, 3}, shift[] = {0, 1, -1};
  accepted(convoy_program_pad(program(), in, padded, CONVOY_PAD_CONSTANT, 1, 1, 1));
  accepted(convoy_program_pool(program(), padded, pooled, CONVOY_POOL_MAX, window, 1));
  accepted(convoy_program_scale_shift(program(), pooled, scaled, CONVOY_IDENTITY, 0, scale, shift, 3));
  accepted(convoy_program_resize(program(), scaled, larger, CONVOY_NEAREST, 0));
  accepted(convoy_program_add(program(), larger, padded, sum, CONVOY_RELU, 0));
  accepted(convoy_program_activate(program(), sum, sum, CONVOY_LEAKY_RELU, 0.5f));
  const int32_t inputs[] = {sum, padded};
  accepted(convoy_program_concat(program(), inputs, 2, both));
  accepted(convoy_program_lrn(program(), both, normal, 1, 0, 1, 2));
  accepted(convoy_program_adaptive_pool(program(), normal, average, CONVOY_POOL_AVERAGE));
  accepted(convoy_program_flatten(program(), average, flat));
  run(convoy_program_softmax(program(), flat, result, 0));
  float* x = convoy_execution_value(execution_.get(), in);
  for (int i = 0; i < 2 * 16 * 16; ++i) {
    x[i] = i % 16 < 3 ? 1.0f : 0.0f;
  }
  ASSERT_EQ(convoy_execution_run(execution_.get(), 2), CONVOY_OK) << convoy_last_error();
  // every pixel: 1 padded, 1 pooled, (1, 3, 2) scaled, (2, 4, 3) with the sum, then halved by the norm
  const float features[] = {1, 2, 1.5f, 0.5f, 0.5f, 0.5f};
  double all = 0;
  for (float f : features) {
    all += 2 * std::exp(f);
  }
  for (int n = 0; n < 2; ++n) {
    const float* y = convoy_execution_value(execution_.get(), result) + n * 16;
    for (int i = 0; i < 16; ++i) {
      EXPECT_NEAR(y[i], i < 12 ? std::exp(features[i / 2]) / all : 0, 1e-6) << "image " << n << " feature " << i;
    }
  }
}

TEST_F(LayersApi, PoolExplainsItsRefusals) {
  const int32_t in = value(3, 7, 9), out = value(3, 3, 4), up = value(3, 4, 5), wide = value(4, 3, 4),
                plain = value(3, 3, 4, -1, CONVOY_PLAIN);
  const int32_t window[] = {2, 2, 2, 2, 1, 1, 0, 0, 0, 0};
  auto with = [&](int index, int32_t number) {
    std::vector<int32_t> changed(window, window + 10);
    changed[index] = number;
    return convoy_program_pool(program(), in, out, CONVOY_POOL_MAX, changed.data(), 1);
  };
  accepted(convoy_program_pool(program(), in, out, CONVOY_POOL_MAX, window, 1));
  accepted(convoy_program_pool(program(), in, up, CONVOY_POOL_MAX, window, 1));
  refused(convoy_program_pool(nullptr, in, out, CONVOY_POOL_MAX, window, 1), "program is NULL");
  refused(convoy_program_pool(program(), in, out, CONVOY_POOL_MAX, nullptr, 1), "window is NULL");
  refused(convoy_program_pool(program(), in, out, 3, window, 1), "no pooling number 3");
  refused(convoy_program_pool(program(), 99, out, CONVOY_POOL_MAX, window, 1), "in is value 99");
  refused(convoy_program_pool(program(), in, plain, CONVOY_POOL_MAX, window, 1), "out must be BLOCKED16");
  refused(convoy_program_pool(program(), in, wide, CONVOY_POOL_MAX, window, 1), "3 channels, not 4");
  refused(convoy_program_pool(program(), in, in, CONVOY_POOL_MAX, window, 1), "height of out must be 3");
  for (int index = 0; index < 6; ++index) {
    refused(with(index, 0), "at least 1");
    refused(with(index, -5), "at least 1");
  }
  for (int index = 6; index < 10; ++index) {
    refused(with(index, -1), "padding");
    refused(with(index, 2), "half");
    refused(with(index, INT32_MAX), "half");
  }
  refused(with(0, INT32_MAX), "spans 2147483647");
  refused(with(4, INT32_MAX), "spans");
  refused(with(3, 3), "width of out must be 3 (rounded down) or 3 (rounded up), not 4");
  const int32_t dilated[] = {2, 2, 2, 2, 2, 1, 0, 0, 0, 0};
  refused(convoy_program_pool(program(), in, out, CONVOY_POOL_AVERAGE, dilated, 1), "no dilation");
  const int32_t identity[] = {1, 1, 1, 1, 1, 1, 0, 0, 0, 0};
  refused(convoy_program_pool(program(), in, in, CONVOY_POOL_MAX, identity, 1), "share memory");
  refused(convoy_program_adaptive_pool(program(), in, wide, CONVOY_POOL_MAX), "3 channels, not 4");
  refused(convoy_program_adaptive_pool(program(), in, out, -1), "no pooling number -1");
  refused(convoy_program_adaptive_pool(program(), in, in, CONVOY_POOL_MAX), "share memory");
}

TEST_F(LayersApi, ElementWiseStepsExplainTheirRefusals) {
  const int32_t in = value(3, 2, 2, 0), out = value(3, 2, 2, 1024), half = value(3, 2, 2, 64);
  const int32_t other = value(3, 2, 3, 2048);
  const float numbers[] = {1, 2, 3};
  accepted(convoy_program_scale_shift(program(), in, in, CONVOY_RELU, 0, numbers, numbers, 3));
  refused(convoy_program_scale_shift(program(), in, in, 13, 0, numbers, numbers, 3), "no activation number 13");
  refused(convoy_program_scale_shift(program(), in, out, CONVOY_RELU, 0, nullptr, numbers, 3), "scale is NULL");
  refused(convoy_program_scale_shift(program(), in, out, CONVOY_RELU, 0, numbers, nullptr, 3), "shift is NULL");
  refused(convoy_program_scale_shift(program(), in, out, CONVOY_RELU, 0, numbers, numbers, 2),
          "each of the 3 channels, not 2");
  refused(convoy_program_scale_shift(program(), in, other, CONVOY_RELU, 0, numbers, numbers, 3),
          "2 x 3, but has 3 x 2 x 2");
  refused(convoy_program_scale_shift(program(), in, half, CONVOY_RELU, 0, numbers, numbers, 3), "share memory");
  accepted(convoy_program_activate(program(), in, in, CONVOY_MISH, 0));
  refused(convoy_program_activate(program(), in, out, 13, 0), "no activation number 13");
  refused(convoy_program_activate(program(), in, out, CONVOY_ELU, nan_), "alpha must be finite");
  refused(convoy_program_activate(program(), in, half, CONVOY_RELU, 0), "share memory");
  refused(convoy_program_activate(program(), in, other, CONVOY_RELU, 0), "in must have the output's shape");
  accepted(convoy_program_add(program(), in, in, in, CONVOY_RELU, 0));
  refused(convoy_program_add(program(), in, other, out, CONVOY_RELU, 0), "b must have the output's shape");
  refused(convoy_program_add(program(), in, half, half, CONVOY_RELU, 0), "a and the output share memory");
  refused(convoy_program_add(program(), half, in, half, CONVOY_RELU, 0), "b and the output share memory");
  refused(convoy_program_add(program(), in, in, out, -1, 0), "no activation number -1");
  refused(convoy_program_add(program(), in, 77, out, 0, 0), "b is value 77");
  const int32_t pixel = value(3, 1, 1, 4096), wide = value(4, 1, 1, 8192), inside = value(3, 1, 1, 1024);
  accepted(convoy_program_multiply(program(), in, pixel, in));
  refused(convoy_program_multiply(program(), in, wide, out), "one pixel of the input's 3 channels, not 4 x 1 x 1");
  refused(convoy_program_multiply(program(), in, in, out), "not 3 x 2 x 2");
  refused(convoy_program_multiply(program(), in, pixel, other), "in must have the output's shape");
  refused(convoy_program_multiply(program(), in, pixel, half), "in and the output share memory");
  refused(convoy_program_multiply(program(), in, inside, out), "factors and the output share memory");
}

TEST_F(LayersApi, ChannelStepsExplainTheirRefusals) {
  const int32_t in = value(3, 2, 2), out = value(3, 2, 2), other = value(4, 2, 2);
  refused(convoy_program_lrn(program(), in, out, 0, 1, 1, 1), "at least 1, not 0");
  refused(convoy_program_lrn(program(), in, out, 5, nan_, 1, 1), "alpha must be finite");
  refused(convoy_program_lrn(program(), in, out, 5, 1, INFINITY, 1), "beta must be finite");
  refused(convoy_program_lrn(program(), in, out, 5, 1, 1, nan_), "k must be finite");
  refused(convoy_program_lrn(program(), in, other, 5, 1, 1, 1), "in must have the output's shape 4 x 2 x 2");
  refused(convoy_program_lrn(program(), in, in, 5, 1, 1, 1), "share memory");
  accepted(convoy_program_lrn(program(), in, out, INT32_MAX, 1, 1, 1));
  const float three[] = {1, 2, 3};
  refused(convoy_program_layer_norm(program(), in, out, -1, three, three, 3), "eps must not be negative");
  refused(convoy_program_layer_norm(program(), in, out, nan_, three, three, 3), "eps must be finite");
  refused(convoy_program_layer_norm(program(), in, out, 0, nullptr, three, 3), "weight is NULL");
  refused(convoy_program_layer_norm(program(), in, out, 0, three, nullptr, 3), "bias is NULL");
  refused(convoy_program_layer_norm(program(), in, out, 0, three, three, 4), "each of the 3 channels, not 4");
  refused(convoy_program_layer_norm(program(), in, other, 0, three, three, 3), "in must have the output's shape");
  accepted(convoy_program_layer_norm(program(), in, in, 0, three, three, 3));
  refused(convoy_program_softmax(program(), in, other, 0), "in must have the output's shape");
  refused(convoy_program_softmax(program(), in, in, 0), "share memory");
}

TEST_F(LayersApi, RearrangingStepsExplainTheirRefusals) {
  const int32_t a = value(3, 2, 2), b = value(5, 2, 2), out = value(8, 2, 2), tall = value(5, 3, 2);
  const int32_t both[] = {a, b}, three[] = {a, b, a}, uneven[] = {a, tall}, unknown[] = {a, -1}, self[] = {out};
  accepted(convoy_program_concat(program(), both, 2, out));
  refused(convoy_program_concat(program(), nullptr, 2, out), "in is NULL");
  refused(convoy_program_concat(program(), both, 0, out), "at least one input, not 0");
  refused(convoy_program_concat(program(), both, 1, out), "3 channels together, out has 8");
  refused(convoy_program_concat(program(), three, 3, out), "first 3 inputs of the concat already 11");
  refused(convoy_program_concat(program(), uneven, 2, out), "input 1 of the concat must be 2 x 2 pixels");
  refused(convoy_program_concat(program(), unknown, 2, out), "in is value -1");
  accepted(convoy_program_concat(program(), self, 1, out));
  const int32_t whole = value(40, 2, 2, 4096), first = value(16, 2, 2, 4096), last = value(24, 2, 2, 4160);
  const int32_t parts[] = {first, last}, swapped[] = {last, first};
  refused(convoy_program_concat(program(), parts, 2, whole), "share memory");
  for (const auto& [channels, offset] : {std::pair{16, 4096}, {24, 4160}}) {
    const int32_t part = value(channels, 2, 2, offset);
    accepted(convoy_program_image_stride(program(), part, 192));
  }
  const int32_t strided[] = {last + 1, last + 2}, backwards[] = {last + 2, last + 1};
  accepted(convoy_program_concat(program(), strided, 2, whole));
  refused(convoy_program_concat(program(), backwards, 2, whole), "share memory");
  refused(convoy_program_concat(program(), swapped, 2, whole), "share memory");

  const int32_t channels[] = {4, 0, 4}, outside[] = {0, 5, 1}, negative[] = {0, -1, 1};
  accepted(convoy_program_select_channels(program(), b, a, channels, 3));
  refused(convoy_program_select_channels(program(), b, a, nullptr, 3), "channels is NULL");
  refused(convoy_program_select_channels(program(), b, a, channels, 2), "each of the 3 channels of out, not 2");
  refused(convoy_program_select_channels(program(), b, a, outside, 3), "in has 5 channels, there is no channel 5");
  refused(convoy_program_select_channels(program(), b, a, negative, 3), "there is no channel -1");
  refused(convoy_program_select_channels(program(), tall, a, channels, 3), "2 x 2 pixels like out, not 3 x 2");
  const int32_t own[] = {2, 1, 0};
  refused(convoy_program_select_channels(program(), a, a, own, 3), "share memory");

  const int32_t padded = value(3, 4, 5);
  accepted(convoy_program_pad(program(), a, padded, CONVOY_PAD_EDGE, 0, 1, 1));
  refused(convoy_program_pad(program(), a, padded, 3, 0, 1, 1), "no padding mode number 3");
  refused(convoy_program_pad(program(), a, padded, CONVOY_PAD_EDGE, 0, 3, 1), "does not lie in an output of 4 x 5");
  refused(convoy_program_pad(program(), a, padded, CONVOY_PAD_EDGE, 0, -1, 1), "does not lie");
  refused(convoy_program_pad(program(), a, padded, CONVOY_PAD_EDGE, 0, 0, INT32_MIN), "does not lie");
  refused(convoy_program_pad(program(), a, padded, CONVOY_PAD_REFLECT, 0, 1, 1), "smaller than the input");
  refused(convoy_program_pad(program(), b, padded, CONVOY_PAD_EDGE, 0, 0, 1), "5 channels, not 3");
  refused(convoy_program_pad(program(), a, a, CONVOY_PAD_EDGE, 0, 0, 0), "share memory");

  refused(convoy_program_resize(program(), a, padded, 2, 0), "no resize mode number 2");
  refused(convoy_program_resize(program(), a, padded, CONVOY_NEAREST, 1), "align_corners");
  refused(convoy_program_resize(program(), b, padded, CONVOY_BILINEAR, 1), "5 channels, not 3");
  refused(convoy_program_resize(program(), a, a, CONVOY_BILINEAR, 1), "share memory");

  const int32_t flat = value(12, 1, 1), longer = value(13, 1, 1);
  accepted(convoy_program_flatten(program(), a, flat));
  refused(convoy_program_flatten(program(), a, longer), "a vector of 12 features, not 13 x 1 x 1");
  refused(convoy_program_flatten(program(), a, a), "a vector of 12 features, not 3 x 2 x 2");
  accepted(convoy_program_flatten(program(), flat, flat));
}

TEST_F(LayersApi, NothingIsAddedToASealedProgram) {
  const int32_t a = value(3, 2, 2), b = value(3, 2, 2);
  ASSERT_EQ(convoy_program_seal(program()), CONVOY_OK);
  refused(convoy_program_softmax(program(), a, b, 0), "sealed");
  refused(convoy_program_add(program(), a, a, b, 0, 0), "sealed");
}

}  // namespace
}  // namespace convoy::test
