// Winograd against double precision: every size of image, padding, tail of channels and epilogue on every instruction
// set, with what a run must not depend on, and the error that FAST promises.
#include <gtest/gtest.h>

#include "fast_conv_case.h"
#include "kernels/winograd/points.h"
#include "ops/winograd_tiles.h"

namespace convoy::test {
namespace {

struct Filter {
  int h, w, stride;
  std::vector<const ConvAlgorithm*> algorithms;  // those that have transforms for it
  bool plain = false;                            // the input's layout: it is folded
};
const Filter kFilters[] = {{3, 3, 1, {&kWinograd2, &kWinograd4}},
                           {5, 5, 1, {&kWinograd2, &kWinograd4}},
                           {1, 3, 1, {&kWinograd4}},
                           {3, 1, 1, {&kWinograd4}},
                           {1, 7, 1, {&kWinograd4}},
                           {7, 1, 1, {&kWinograd4}},
                           {3, 3, 2, {&kWinograd3}},
                           {5, 5, 2, {&kWinograd2, &kWinograd4}},
                           {4, 3, 2, {&kWinograd3}},
                           {2, 2, 1, {&kWinograd3}},
                           {7, 7, 2, {&kWinograd4}, true},
                           {11, 11, 4, {&kWinograd2, &kWinograd4}, true},
                           {7, 8, 3, {&kWinograd2, &kWinograd4}, true},
                           {3, 3, 1, {&kWinograd4}, true},
                           {4, 4, 1, {&kWinograd4}},
                           {7, 7, 2, {&kWinograd4}}};

struct Padding {
  int top, left, bottom, right;
};
// For a filter of 3 x 3; larger ones have more, narrower ones none.
constexpr Padding kPaddings[] = {{1, 1, 1, 1}, {0, 0, 0, 0}, {2, 0, 1, 2}, {0, 2, 2, 1}, {2, 2, 2, 2}};

Padding padding(const Padding& p, const Filter& filter) {
  const int h = (filter.h - 1) / 2, w = (filter.w - 1) / 2;
  return {p.top * h, p.left * w, p.bottom * h, p.right * w};
}

bench::Shape shape(int ic, int oc, int h, int w, const Padding& p, const Filter& filter) {
  bench::Shape s;
  s.ic = ic, s.oc = oc, s.ih = h, s.iw = w, s.kh = filter.h, s.kw = filter.w;
  s.sh = filter.stride, s.sw = filter.stride, s.dw = 1, s.plain = filter.plain;
  s.ph = p.top, s.pw = p.left, s.pb = p.bottom, s.pr = p.right;
  return s;
}

class WinogradSizes : public testing::TestWithParam<int> {};

TEST_P(WinogradSizes, SmallTilesAreExactOnIntegersAndLargeOnesBounded) {
  const int h = GetParam();
  const std::pair<int, int> channels[] = {{1, 1}, {17, 33}, {32, 20}, {5, 48}};
  const std::pair<int, float> activations[] = {{CONVOY_IDENTITY, 0.0f},
                                               {CONVOY_RELU, 0.0f},
                                               {CONVOY_RELU6, 0.0f},
                                               {CONVOY_LEAKY_RELU, 0.1f},
                                               {CONVOY_HARD_SIGMOID, 0.0f}};
  int variant = h;
  for (const Filter& filter : kFilters) {
    for (const Padding& basic : kPaddings) {
      const Padding p = padding(basic, filter);
      const int w = (h * 7 + p.left) % 20 + 1;
      if (h + p.top + p.bottom < filter.h || w + p.left + p.right < filter.w) {
        continue;
      }
      ++variant;
      for (size_t i = 0; i < std::size(channels); ++i) {
        if (filter.h * filter.w != 9 && (variant + i) % 4 != 0) {
          continue;  // the drivers know no difference: a quarter is enough
        }
        const auto& [activation, alpha] = activations[(variant + i) % 5];
        const auto& [ic, oc] = channels[i];
        const bench::Shape s = shape(ic, oc, h, w, p, filter);
        for (Fill fill : {Fill::integers, Fill::gaussian}) {
          ConvCase c(s, 1 + static_cast<int>(variant + i) % 2, fill, (variant + i) % 3 == 0, activation, alpha);
          c.set_mode(CONVOY_FAST);
          const std::string what = std::to_string(ic) + "x" + std::to_string(h) + "x" + std::to_string(w) + " to " +
                                   std::to_string(oc) + " by " + std::to_string(filter.h) + "x" +
                                   std::to_string(filter.w) + " stride " + std::to_string(filter.stride) + " padding " +
                                   std::to_string(p.top) + std::to_string(p.left) + std::to_string(p.bottom) +
                                   std::to_string(p.right);
          for (const ConvAlgorithm* algorithm : filter.algorithms) {
            // of the points of F(2, 3) all are integers and halves
            expect_right(c, *algorithm,
                         fill == Fill::integers && filter.h == 3 && filter.stride == 1 && algorithm == &kWinograd2,
                         what);
          }
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Heights, WinogradSizes, testing::Range(1, 21), testing::PrintToStringParamName());

TEST(Winograd, BatchAndThreadsChangeNothing) {
  const Filter& square = kFilters[0];
  // several blocks of tiles; one block shared; fewer panels than threads; blocks that begin inside an image; folded
  const std::pair<const Filter*, bench::Shape> cases[] = {
      {&square, shape(64, 64, 30, 31, {1, 1, 1, 1}, square)},
      {&square, shape(160, 96, 7, 7, {1, 1, 1, 1}, square)},
      {&square, shape(16, 16, 13, 13, {1, 1, 1, 1}, square)},
      {&square, shape(130, 40, 14, 15, {0, 1, 2, 1}, square)},
      {&kFilters[1], shape(48, 40, 14, 13, {2, 2, 2, 2}, kFilters[1])},
      {&kFilters[4], shape(40, 32, 17, 17, {0, 3, 0, 3}, kFilters[4])},
      {&kFilters[5], shape(40, 32, 17, 17, {3, 0, 3, 0}, kFilters[5])},
      {&kFilters[6], shape(40, 32, 28, 27, {1, 1, 1, 1}, kFilters[6])},
      {&kFilters[10], shape(3, 32, 61, 70, {3, 3, 3, 3}, kFilters[10])},
      {&kFilters[11], shape(3, 40, 33, 35, {2, 2, 2, 2}, kFilters[11])}};
  for (const auto& [filter, s] : cases) {
    for (const ConvAlgorithm* algorithm : filter->algorithms) {
      expect_same_bits(s, *algorithm);
    }
  }
}

// What FAST promises per tensor, and what is usual.
TEST(Winograd, KeepsTheErrorThatFastPromises) {
  for (const Filter& filter : kFilters) {
    const std::vector<int> channels = filter.plain ? std::vector{1, 3, 4, 16} : std::vector{16, 64, 256, 512};
    for (int ic : channels) {
      for (const Scales scales : kAllScales) {
        const int h = (filter.h - 1) / 2, w = (filter.w - 1) / 2, taps = filter.h * filter.w;
        ConvCase c(shape(ic, 16, 15, 11, {h, w, h, w}, filter), 1, Fill::gaussian, false, CONVOY_IDENTITY, 0);
        scale(c, scales);
        // from six points on, and longer sums, rounding shows
        const double usual = taps == 9 || taps * ic <= 1600 ? 5e-6 : taps <= 25 ? 2e-5 : 4e-5;
        for (const ConvAlgorithm* algorithm : filter.algorithms) {
          expect_error(
              c, *algorithm, scales == Scales::gaussian ? usual : 1e-4,
              std::to_string(filter.h) + "x" + std::to_string(filter.w) + ", " + std::to_string(ic) + " channels");
        }
      }
    }
  }
}

TEST(Winograd, TellsWhyItWasRefused) {
  const std::string good = "ic64 ih56 oc64 kh3 ph1";
  EXPECT_EQ(refusal(kWinograd4, good), "");
  EXPECT_EQ(refusal(kWinograd4, good, CONVOY_EXACT), "its sums have another order than EXACT promises");
  EXPECT_EQ(refusal(kWinograd4, good, CONVOY_COMPACT), "COMPACT: a filter of 9 would be kept as 36 points");
  EXPECT_EQ(refusal(kWinograd4, "ic192 ih17 oc192 kh1 kw7 ph0 pw3", CONVOY_COMPACT), "");
  EXPECT_EQ(refusal(kWinograd4, good + " sh3"), "stride");
  EXPECT_EQ(refusal(kWinograd3, "ic128 ih56 oc128 kh3 ph1 sh2", CONVOY_COMPACT),
            "COMPACT: a filter of 9 would be kept as 64 points");
  EXPECT_EQ(refusal(kWinograd4, good + " dh2"), "dilation");
  EXPECT_EQ(refusal(kWinograd4, good + " g2"), "groups");
  EXPECT_EQ(refusal(kWinograd4, good + " sh2 plain"), "no tiles of this size for a kernel of 3x3 with stride 2");
  EXPECT_EQ(refusal(kWinograd4, "ic3 ih224 oc64 kh7 sh2 ph3 plain"), "");
  EXPECT_EQ(refusal(kWinograd4, "ic3 ih224 oc64 kh11 sh4 ph2 plain"), "");
  EXPECT_NE(refusal(kWinograd4, "ic3 ih224 oc64 kh3 ph1 plain"), "");
  EXPECT_NE(refusal(kWinograd3, "ic3 ih224 oc32 kh3 sh2 ph1 plain"), "");
  EXPECT_EQ(refusal(kWinograd4, "ic64 ih28 oc64 kh5 ph2"), "");
  EXPECT_EQ(refusal(kWinograd4, "ic192 ih17 oc192 kh1 kw7 ph0 pw3"), "");
  EXPECT_EQ(refusal(kWinograd4, "ic64 ih56 oc64 kh7 ph3"), "no tiles of this size for a kernel of 7x7");
  EXPECT_EQ(refusal(kWinograd4, "ic128 ih56 oc128 kh3 ph1 sh2"),
            "no tiles of this size for a kernel of 3x3 with stride 2");
  EXPECT_NE(refusal(kWinograd4, "ic4 ih56 oc64 kh3 ph1"), "");
}

TEST(WinogradPoints, MultiplyAsACorrelation) {
  const double filter[7] = {2, -3, 5, 1, -4, 7, 3};
  const double d[10] = {1, 4, -2, 7, 3, -5, 6, -1, 2, 8};
  for (const auto& [most, taps] : {std::pair{2, 3}, {4, 3}, {2, 5}, {4, 5}, {4, 7}, {4, 4}, {3, 2}, {1, 1}}) {
    const int points = most + taps - 1;
    const winograd::Transforms full = winograd::transforms(points, taps, most);
    for (int size = 1; size <= most; ++size) {
      const winograd::Transforms t = winograd::transforms(points, taps, size);
      double product[10];
      for (int i = 0; i < size + taps - 1; ++i) {
        double x = 0, g = 0;
        for (int j = 0; j < size + taps - 1; ++j) x += t.input[i][j] * d[j];
        for (int j = 0; j < taps; ++j) {
          EXPECT_EQ(t.filter[i][j], full.filter[i][j]) << "a smaller tile must use the same filters";
          g += t.filter[i][j] * filter[j];
        }
        product[i] = x * g;
      }
      for (int k = 0; k < size; ++k) {
        double y = 0, expected = 0;
        for (int i = 0; i < size + taps - 1; ++i) y += t.output[k][i] * product[i];
        for (int j = 0; j < taps; ++j) expected += filter[j] * d[k + j];
        EXPECT_NEAR(y, expected, 1e-11) << "F(" << most << ", " << taps << "), output " << k << " of " << size;
      }
    }
  }
}

TEST(WinogradTiles, CoverEveryPixelOnceAndKnowWhoUsesAPoint) {
  using Axes = std::pair<winograd::Axis, winograd::Axis>;
  for (const auto& [down, across] : {Axes{{2, 3}, {2, 3}}, {{4, 3}, {4, 3}}, {{4, 5}, {4, 5}}, {{1, 1}, {4, 7}}}) {
    for (const auto& [h, w] : {std::pair{1, 1}, {3, 9}, {8, 4}, {14, 14}, {7, 13}, {5, 2}}) {
      const WinogradTiles tiles(h, w, down, across);
      const int64_t batch = 3, all = tiles.count() * batch;
      std::vector<int> covered(batch * h * w);
      int64_t points = 0;
      for (int64_t begin = 0; begin < all; begin += 5) {
        const int64_t end = std::min(all, begin + 5);
        std::vector<std::pair<int, int>> sizes;
        tiles.each(batch, begin, end, [&, across = across, h = h, w = w](const WinogradTiles::Run& run) {
          EXPECT_EQ(run.first, static_cast<int64_t>(sizes.size()));
          for (int64_t tile = 0; tile < run.tiles; ++tile) {
            sizes.emplace_back(run.height, run.width);
            for (int y = 0; y < run.height; ++y) {
              for (int x = 0; x < run.width; ++x) {
                ++covered[(run.image * h + run.y + y) * w + run.x + tile * across.size + x];
              }
            }
          }
        });
        ASSERT_EQ(static_cast<int64_t>(sizes.size()), end - begin);
        for (int i = 0; i < down.points(); ++i) {
          for (int j = 0; j < across.points(); ++j) {
            const auto [from, to] = tiles.users(batch, begin, end, i, j);
            for (int64_t tile = 0; tile < end - begin; ++tile) {
              const bool uses = i < sizes[tile].first + down.taps - 1 && j < sizes[tile].second + across.taps - 1;
              EXPECT_EQ(uses, tile >= from && tile < to) << h << "x" << w << " tile " << tile << " " << i << "," << j;
              points += uses;
            }
          }
        }
      }
      EXPECT_EQ(points, tiles.points() * batch);
      EXPECT_EQ(std::count(covered.begin(), covered.end(), 1), batch * h * w);
    }
  }
}

}  // namespace
}  // namespace convoy::test
