// Concat, padding, resampling and flattening: elements that move.
#include <tuple>

#include "layer_case.h"
#include "ops/channels.h"
#include "ops/spatial.h"

namespace convoy::test {
namespace {

TEST(Concat, PutsChannelsBehindEachOtherAtAnyOffset) {
  const std::vector<std::vector<int>> cases = {
      {16, 32},   {1},       {5},          {24, 40},     {3, 15, 17, 33},         {16, 3, 16}, {15, 1, 16}, {48, 20},
      {116, 116}, {1, 1, 1}, {17, 15, 32}, {33, 33, 33}, std::vector<int>(40, 1), {7, 64, 9}};
  for (const std::vector<int>& channels : cases) {
    for (const auto& [h, w, batch] : {std::tuple{1, 1, 3}, {8, 8, 1}, {5, 13, 2}, {40, 30, 1}}) {
      Numbers numbers;
      std::vector<std::unique_ptr<Map>> maps;
      std::vector<Value> in;
      int all = 0;
      for (int c : channels) {
        maps.push_back(std::make_unique<Map>(c, h, w, batch));
        maps.back()->fill([&] { return numbers.special(); });
        place(*maps.front(), *maps.back());
        in.push_back(maps.back()->value);
        all += c;
      }
      Map out(all, h, w, batch);
      place(*maps.front(), out);
      check_exact(
          *maps.front(), out, "concat to " + shape_text(out.value, batch),
          [&](Isa isa) { return make_concat(isa, in, out.value); },
          [&](int n, int c, int y, int x) {
            size_t input = 0;
            for (; c >= channels[input]; ++input) c -= channels[input];
            return maps[input]->at(n, c, y, x);
          });
    }
  }
}

TEST(Concat, LeavesPartsWhereTheResultHasThem) {
  // 32 + 16 + 5 channels of a result of 53, of which the second part lies elsewhere
  constexpr int kBatch = 3, kH = 4, kW = 5;
  for (bool all : {false, true}) {
    Map out(53, kH, kW, kBatch), apart(16, kH, kW, kBatch);
    place(out, apart);
    Numbers numbers;
    out.fill([&] { return numbers.gaussian(); });
    apart.fill([&] { return numbers.gaussian(); });
    auto part = [&](int channels, int first) {
      Value value = out.value;
      value.c = channels;
      value.offset = first / kBlock * out.value.plane();
      return value;
    };
    const std::vector<Value> in = {part(32, 0), all ? part(16, 32) : apart.value, part(5, 48)};
    const std::vector<float> before = out.copy();
    for (Isa isa : every_isa()) {
      std::unique_ptr<Step> step = make_concat(isa, in, out.value);
      EXPECT_EQ(step->algorithm, all ? "in place" : "block-copy, 3 of 4 blocks in place");
      std::copy(before.begin(), before.end(), out.data.begin());
      step->run({out.data.data(), nullptr, 2, kBatch});
      out.each([&](int n, int c, int y, int x) {
        const bool moved = !all && c >= 32 && c < 48;
        ASSERT_EQ(out.at(n, c, y, x), moved ? apart.at(n, c - 32, y, x) : before[out.index(n, c, y, x)]);
      });
    }
  }
}

TEST(SelectChannels, TakesThemInAnyOrder) {
  auto range = [](int from, int end) {
    std::vector<int32_t> channels;
    for (int c = from; c < end; ++c) channels.push_back(c);
    return channels;
  };
  std::vector<int32_t> shuffled, backwards;
  for (int c = 0; c < 58; ++c) {
    shuffled.insert(shuffled.end(), {c, 58 + c});
    backwards.push_back(57 - c);
  }
  for (const std::vector<int32_t>& channels : {range(0, 116), range(0, 58), range(58, 116), range(16, 48), range(0, 5),
                                               range(115, 116), shuffled, backwards, std::vector<int32_t>(20, 3)}) {
    for (const auto& [h, w, batch] : {std::tuple{1, 1, 3}, {8, 8, 1}, {5, 13, 2}}) {
      Map in(116, h, w, batch), out(static_cast<int>(channels.size()), h, w, batch);
      place(in, out);
      Numbers numbers;
      in.fill([&] { return numbers.special(); });
      check_exact(
          in, out, "channels of " + shape_text(in.value, batch),
          [&](Isa isa) { return make_select_channels(isa, in.value, out.value, channels.data()); },
          [&](int n, int c, int y, int x) { return in.at(n, channels[c], y, x); });
    }
  }
}

TEST(Pad, ConstantEdgeAndReflect) {
  for (int c : {1, 3, 15, 16, 17, 33}) {
    for (const auto& [h, w, top, left, bottom, right] : {std::tuple{4, 5, 1, 2, 3, 0},
                                                         {8, 8, 0, 0, 0, 0},
                                                         {13, 1, 2, 0, 5, 0},
                                                         {3, 7, 2, 6, 2, 5},
                                                         {2, 40, 1, 3, 0, 9}}) {
      for (convoy_pad_mode mode : {CONVOY_PAD_CONSTANT, CONVOY_PAD_EDGE, CONVOY_PAD_REFLECT}) {
        const int batch = 1 + c % 3;
        Map in(c, h, w, batch), out(c, h + top + bottom, w + left + right, batch);
        place(in, out);
        Numbers numbers;
        in.fill([&] { return numbers.special(); });
        auto source = [&](int i, int size) {
          return i >= 0 && i < size            ? i
                 : mode == CONVOY_PAD_EDGE     ? std::clamp(i, 0, size - 1)
                 : mode == CONVOY_PAD_CONSTANT ? -1
                                               : (i < 0 ? -i : 2 * (size - 1) - i);
        };
        check_exact(
            in, out, "pad " + std::to_string(mode) + " to " + shape_text(out.value, batch),
            [&, top = top, left = left](Isa) { return make_pad(in.value, out.value, mode, -7.5f, top, left); },
            [&, h = h, w = w, top = top, left = left](int n, int ch, int y, int x) {
              const int from_y = source(y - top, h), from_x = source(x - left, w);
              return from_y < 0 || from_x < 0 ? -7.5f : in.at(n, ch, from_y, from_x);
            });
      }
    }
  }
}

TEST(Resize, NearestIsExactAndBilinearNear) {
  for (int c : {1, 15, 16, 17, 33}) {
    for (const auto& [h, w, out_h, out_w] : {std::tuple{1, 1, 3, 4},
                                             {7, 5, 14, 10},
                                             {13, 9, 5, 4},
                                             {8, 8, 8, 8},
                                             {3, 4, 10, 1},
                                             {6, 2, 1, 7},
                                             {5, 11, 60, 31}}) {
      const int batch = 1 + c % 3;
      Map in(c, h, w, batch), out(c, out_h, out_w, batch);
      place(in, out);
      Numbers numbers;
      in.fill([&] { return numbers.gaussian(); });
      const std::string what = shape_text(in.value, batch) + " to " + shape_text(out.value, batch);
      const int64_t in_h = h, in_w = w, to_h = out_h, to_w = out_w;
      check_exact(
          in, out, "nearest " + what, [&](Isa) { return make_nearest_resize(in.value, out.value); },
          [&](int n, int ch, int y, int x) { return in.at(n, ch, y * in_h / to_h, x * in_w / to_w); });
      for (bool corners : {false, true}) {
        auto position = [&](int i, int64_t size, int64_t to) {
          return corners
                     ? (to == 1 ? 0.0
                                : static_cast<double>(i) * static_cast<double>(size - 1) / static_cast<double>(to - 1))
                     : std::max(0.0, (i + 0.5) * static_cast<double>(size) / static_cast<double>(to) - 0.5);
        };
        check(
            in, out, "bilinear " + what,
            [&](Isa isa) { return make_bilinear_resize(isa, in.value, out.value, corners); },
            [&](int n, int ch, int y, int x) {
              const double at_y = position(y, in_h, to_h), at_x = position(x, in_w, to_w);
              const int64_t top = static_cast<int64_t>(at_y), left = static_cast<int64_t>(at_x);
              const int64_t bottom = std::min(top + 1, in_h - 1), right = std::min(left + 1, in_w - 1);
              auto lerp = [](double a, double b, double t) { return a + (b - a) * t; };
              auto pixel = [&](int64_t py, int64_t px) { return double{in.at(n, ch, py, px)}; };
              const double tx = at_x - static_cast<double>(left), ty = at_y - static_cast<double>(top);
              return lerp(lerp(pixel(top, left), pixel(top, right), tx),
                          lerp(pixel(bottom, left), pixel(bottom, right), tx), ty);
            },
            [](double) { return 1.5e-6; });
      }
    }
  }
}

TEST(Resize, BilinearOfIntegersAtHalvesIsExact) {
  Map in(17, 4, 6, 2), out(17, 8, 12, 2);
  place(in, out);
  Numbers numbers;
  in.fill([&] { return numbers.integer(); });
  check_exact(
      in, out, "twice as large", [&](Isa isa) { return make_bilinear_resize(isa, in.value, out.value, false); },
      [&](int n, int c, int y, int x) {
        auto weight = [](int i, int at, int size) {  // quarters of the pixel `at` in output pixel i
          double p = std::clamp((i + 0.5) / 2 - 0.5, 0.0, size - 1.0);
          return std::max(0.0, 1 - std::fabs(p - at));
        };
        double sum = 0;
        for (int i = 0; i < 4; ++i)
          for (int j = 0; j < 6; ++j) sum += weight(y, i, 4) * weight(x, j, 6) * in.at(n, c, i, j);
        return sum == 0 ? 0.0 : sum;
      });
}

TEST(Flatten, IsPlainOrder) {
  for (int c : {1, 3, 15, 16, 17, 33}) {
    for (const auto& [h, w, batch] : {std::tuple{1, 1, 3}, {7, 7, 2}, {8, 8, 1}, {1, 13, 1}, {20, 21, 2}}) {
      Map in(c, h, w, batch), out(c * h * w, 1, 1, batch);
      place(in, out);
      Numbers numbers;
      in.fill([&] { return numbers.special(); });
      check_exact(
          in, out, "flatten " + shape_text(in.value, batch), [&](Isa) { return make_flatten(in.value, out.value); },
          [&, h = h, w = w](int n, int feature, int, int) {
            const int pixel = feature % (h * w);
            return in.at(n, feature / (h * w), pixel / w, pixel % w);
          });
    }
  }
}

TEST(Flatten, CopiesNothingThatLiesThere) {
  for (int c : {1, 16, 17, 33}) {
    Map map(c, 1, 1, 3);
    Numbers numbers;
    map.fill([&] { return numbers.special(); });
    const std::unique_ptr<Step> step = make_flatten(map.value, map.value);
    EXPECT_EQ(step->algorithm, "flatten in place");
    EXPECT_EQ(step->scratch_floats(), 0);
    check_exact(
        map, map, "flatten in place", [&](Isa) { return make_flatten(map.value, map.value); },
        [&, before = map.copy()](int n, int feature, int, int) { return before[map.index(n, feature, 0, 0)]; });
  }
}

}  // namespace
}  // namespace convoy::test
