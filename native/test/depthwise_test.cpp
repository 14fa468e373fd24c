// What bench/shapes do not show of the depthwise kernels: rows of every width, and taps on the padding that count.
#include <gtest/gtest.h>

#include "conv_case.h"

namespace convoy::test {
namespace {

// All elements in the documented order, on every instruction set.
void expect_the_documented_order(ConvCase& c, const std::string& what) {
  const Value& v = c.problem().out;
  for (int isa = 0; isa <= static_cast<int>(detected_isa()); ++isa) {
    std::string refusal;
    std::vector<float> out = c.run(static_cast<Isa>(isa), kDepthwise, 1, &refusal);
    ASSERT_EQ(refusal, "") << what;
    for (int64_t i = 0; i < v.c * v.pixels(); ++i) {
      const int o = static_cast<int>(i / v.pixels());
      const int64_t y = i % v.pixels() / v.w, x = i % v.w;
      const float got = element(out.data(), v, 0, o, y, x), expected = c.expected(0, o, y, x).value;
      // which NaN comes out is the processor's affair
      ASSERT_TRUE(bits_of(got) == bits_of(expected) || (std::isnan(got) && std::isnan(expected)))
          << what << " on " << isa_name(isa) << ": channel " << o << " at " << y << "," << x << ": got " << got
          << ", expected " << expected;
    }
  }
}

std::string shape(int height, int width, int kernel, int stride, int left, int right) {
  return "depthwise ic16 oc16 g16 ih" + std::to_string(height) + " iw" + std::to_string(width) + " kh" +
         std::to_string(kernel) + " sh" + std::to_string(stride) + " ph" + std::to_string(kernel / 2) + " pw" +
         std::to_string(left) + " pr" + std::to_string(right);
}

const std::pair<int, int> kWindows[] = {{3, 1}, {3, 2}, {5, 1}, {5, 2}, {7, 1}, {4, 3}};  // kernel, stride

TEST(Depthwise, RowsOfEveryWidth) {
  for (const auto& [kernel, stride] : kWindows) {
    for (int width = 1; width <= 31; ++width) {
      for (const auto& [left, right] : {std::pair(kernel / 2, kernel / 2), {0, kernel - 1}, {kernel + 1, 0}}) {
        if (width + left + right < kernel) {
          continue;
        }
        const std::string line = shape(3, width, kernel, stride, left, right);
        for (const int activation : {CONVOY_RELU, CONVOY_RELU6, CONVOY_HARD_SWISH}) {
          ConvCase c(bench::parse_shape(line), 1, Fill::gaussian, activation == CONVOY_RELU6, activation, 0);
          expect_the_documented_order(c, line);
        }
      }
    }
  }
}

// Products that vanish leave sums of -0, which a tap on the padding turns into 0 or not.
TEST(Depthwise, MinusZeroMeetsThePadding) {
  const float weights[] = {1e-30f, -1e-30f, 0.0f, -0.0f, 1.0f}, pixels[] = {1e-20f, -1e-20f, 0.0f, -0.0f};
  std::mt19937 random(3);
  for (const auto& [kernel, stride] : kWindows) {
    for (int width : {4, 7, 14, 20}) {
      const std::string line = shape(6, width, kernel, stride, kernel / 2, kernel / 2);
      ConvCase c(bench::parse_shape(line), 1, Fill::gaussian, false, CONVOY_IDENTITY, 0);
      std::generate(c.weights().begin(), c.weights().end(), [&] { return weights[random() % 5]; });
      std::generate(c.in().begin(), c.in().end(), [&] { return pixels[random() % 4]; });
      std::fill(c.bias().begin(), c.bias().end(), -0.0f);
      expect_the_documented_order(c, line);
    }
  }
}

TEST(Depthwise, InfiniteWeightsMeetThePadding) {
  for (const auto& [kernel, stride] : kWindows) {
    const std::string line = shape(5, 15, kernel, stride, kernel / 2, kernel / 2);
    ConvCase c(bench::parse_shape(line), 1, Fill::gaussian, false, CONVOY_IDENTITY, 0);
    c.weights().data()[0] = std::numeric_limits<float>::infinity();
    c.weights().data()[c.weights().size() - 1] = std::numeric_limits<float>::quiet_NaN();
    expect_the_documented_order(c, line);
  }
}

}  // namespace
}  // namespace convoy::test
