// Strassen's algorithm against double precision: every remainder of pixels and channels on every instruction set, with
// what a run must not depend on, and the error that FAST promises.
#include <gtest/gtest.h>

#include "fast_conv_case.h"

namespace convoy::test {
namespace {

bench::Shape shape(int ic, int oc, int h, int w, int stride = 1) {
  return bench::parse_shape("any ic" + std::to_string(ic) + " oc" + std::to_string(oc) + " ih" + std::to_string(h) +
                            " iw" + std::to_string(w) + " sh" + std::to_string(stride));
}

class StrassenPixels : public testing::TestWithParam<int> {};

// Sums of integers are exact in any order.
TEST_P(StrassenPixels, IsExactOnIntegersAndBoundedOnReals) {
  const int height = GetParam();
  const std::pair<int, int> channels[] = {{32, 32}, {17, 18}, {48, 48}, {33, 72}, {70, 33}, {64, 200}, {100, 97}};
  const std::pair<int, float> activations[] = {{CONVOY_IDENTITY, 0.0f},   {CONVOY_HARD_SWISH, 0.0f},
                                               {CONVOY_RELU, 0.0f},       {CONVOY_RELU6, 0.0f},
                                               {CONVOY_LEAKY_RELU, 0.1f}, {CONVOY_HARD_SIGMOID, 0.0f}};
  int variant = height;
  for (const auto& [ic, oc] : channels) {
    for (const int stride : {1, 2}) {
      ++variant;
      const int width = variant * 5 % 9 + 2;
      const bench::Shape s = shape(ic, oc, height * stride - variant % stride, width * stride, stride);
      const auto& [activation, alpha] = activations[variant % 6];
      for (Fill fill : {Fill::integers, Fill::gaussian}) {
        ConvCase c(s, 1 + variant % 2, fill, variant % 3 == 0, activation, alpha);
        c.set_mode(CONVOY_FAST);
        expect_right(c, kStrassen,
                     fill == Fill::integers && activation != CONVOY_HARD_SIGMOID && activation != CONVOY_HARD_SWISH &&
                         alpha == 0,
                     std::to_string(ic) + " to " + std::to_string(oc) + " of " + std::to_string(height) + "x" +
                         std::to_string(width) + " by stride " + std::to_string(stride));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Heights, StrassenPixels, testing::Range(1, 12), testing::PrintToStringParamName());

TEST(Strassen, BatchAndThreadsChangeNothing) {
  // an odd pixel; several blocks; odd blocks of channels; more threads than parts of a block; strides
  bench::Shape across = shape(96, 64, 20, 41);
  across.sw = 2;
  for (const bench::Shape& s : {shape(256, 256, 7, 7), shape(512, 512, 40, 41), shape(240, 208, 14, 14),
                                shape(512, 64, 5, 5), shape(96, 64, 29, 29, 2), across}) {
    expect_same_bits(s, kStrassen);
  }
}

TEST(Strassen, KeepsTheErrorThatFastPromises) {
  for (const int ic : {64, 256, 1024, 2048}) {
    for (const Scales scales : kAllScales) {
      ConvCase c(shape(ic, 64, 9, 7), 1, Fill::gaussian, false, CONVOY_IDENTITY, 0);
      scale(c, scales);
      expect_error(c, kStrassen, scales == Scales::gaussian ? 5e-6 : 1e-4, std::to_string(ic) + " channels");
    }
  }
}

TEST(Strassen, TellsWhyItWasRefused) {
  const std::string good = "ic512 ih28 oc512";
  EXPECT_EQ(refusal(kStrassen, good), "");
  EXPECT_EQ(refusal(kStrassen, good, CONVOY_COMPACT), "");
  EXPECT_EQ(refusal(kStrassen, good + " sh2"), "");
  EXPECT_EQ(refusal(kStrassen, good, CONVOY_EXACT), "its sums have another order than EXACT promises");
  EXPECT_EQ(refusal(kStrassen, good + " plain"), "reads BLOCKED16 only");
  EXPECT_EQ(refusal(kStrassen, good + " kh3"), "the kernel is not 1x1");
  EXPECT_EQ(refusal(kStrassen, good + " ph1"), "padding");
  EXPECT_EQ(refusal(kStrassen, good + " g2"), "groups");
  EXPECT_EQ(refusal(kStrassen, "ic512 ih1 oc512"), "nothing to halve");
  EXPECT_EQ(refusal(kStrassen, "ic16 ih28 oc512"), "nothing to halve");
  EXPECT_NE(refusal(kStrassen, "ic96 ih56 oc24"), "");
  EXPECT_NE(refusal(kStrassen, "ic116 ih14 oc116"), "");  // whose halves are 128
}

}  // namespace
}  // namespace convoy::test
