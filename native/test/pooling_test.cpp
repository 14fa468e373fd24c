#include "ops/pooling.h"

#include "layer_case.h"

namespace convoy::test {
namespace {

struct Window {
  PoolAxis vertical, horizontal;
  bool count_include_pad;
};

// dev.convoy.reference: the first real pixel, then x > acc or x is NaN ? x : acc; sums in row-major order, one
// division.
float naive(const Map& in, convoy_pooling kind, const Window& w, int n, int c, int64_t oy, int64_t ox) {
  const auto& [v, h, include] = w;
  float acc = 0, none = std::numeric_limits<float>::infinity();
  int64_t real = 0, counted = 0;
  for (int64_t i = 0; i < v.kernel; ++i) {
    for (int64_t j = 0; j < h.kernel; ++j) {
      const int64_t y = oy * v.stride - v.before + i * v.dilation, x = ox * h.stride - h.before + j * h.dilation;
      counted += y < in.value.h + v.after && x < in.value.w + h.after;
      if (y < 0 || x < 0 || y >= in.value.h || x >= in.value.w) {
        continue;
      }
      const float pixel = in.at(n, c, y, x);
      const bool nan = pixel != pixel;
      acc = kind == CONVOY_POOL_AVERAGE ? acc + pixel
            : real == 0                 ? pixel
            : kind == CONVOY_POOL_MAX   ? (pixel > acc || nan ? pixel : acc)
                                        : (pixel < acc || nan ? pixel : acc);
      ++real;
    }
  }
  if (kind == CONVOY_POOL_AVERAGE) {
    return acc / static_cast<float>(include ? counted : real);
  }
  return real > 0 ? acc : kind == CONVOY_POOL_MAX ? -none : none;
}

void check_windows(int c, int h, int w, int batch, const Window& window) {
  const int64_t fewest[] = {window.vertical.floor_size(h), window.horizontal.floor_size(w)};
  const int64_t most[] = {window.vertical.ceil_size(h), window.horizontal.ceil_size(w)};
  if (fewest[0] < 1 || fewest[1] < 1) {
    return;
  }
  for (bool ceil : {false, true}) {
    if (ceil && most[0] == fewest[0] && most[1] == fewest[1]) {
      continue;
    }
    Map in(c, h, w, batch);
    Map out(c, static_cast<int>(ceil ? most[0] : fewest[0]), static_cast<int>(ceil ? most[1] : fewest[1]), batch);
    place(in, out);
    Numbers numbers(static_cast<unsigned>(c * 100 + h));
    for (convoy_pooling kind : {CONVOY_POOL_MAX, CONVOY_POOL_MIN, CONVOY_POOL_AVERAGE}) {
      if (kind == CONVOY_POOL_AVERAGE && (window.vertical.dilation > 1 || window.horizontal.dilation > 1)) {
        continue;
      }
      in.fill([&] { return kind == CONVOY_POOL_AVERAGE ? numbers.gaussian() : numbers.special(); });
      check_exact(
          in, out,
          "pooling " + std::to_string(kind) + " " + shape_text(in.value, batch) + " to " + shape_text(out.value, batch),
          [&](Isa isa) {
            return make_pool(isa, in.value, out.value, kind, window.vertical, window.horizontal,
                             window.count_include_pad);
          },
          [&](int n, int ch, int y, int x) { return naive(in, kind, window, n, ch, y, x); });
    }
  }
}

TEST(Pooling, WindowsOfEveryKindAndShape) {
  const Window windows[] = {
      {{2, 2, 1, 0, 0}, {2, 2, 1, 0, 0}, true},  {{3, 2, 1, 1, 1}, {3, 2, 1, 1, 1}, true},
      {{3, 2, 1, 1, 1}, {3, 2, 1, 1, 1}, false}, {{3, 2, 1, 0, 0}, {3, 2, 1, 0, 0}, true},
      {{1, 3, 1, 0, 0}, {1, 1, 1, 0, 0}, true},  {{5, 1, 1, 2, 1}, {4, 3, 1, 0, 2}, false},
      {{7, 4, 1, 3, 3}, {7, 5, 1, 2, 3}, true},  {{2, 1, 3, 1, 1}, {3, 2, 2, 2, 1}, true},
      {{2, 3, 5, 3, 3}, {2, 1, 4, 2, 2}, true},
  };
  for (const Window& window : windows) {
    for (int c : {1, 3, 15, 16, 17, 33}) {
      check_windows(c, 7, 9, 2, window);
    }
    for (int size = 1; size <= 13; ++size) {
      check_windows(17, size, 14 - size, 1 + size % 3, window);
    }
    check_windows(16, 8, 8, 1, window);  // the input is a whole page: a guard before it too
  }
}

TEST(Pooling, AWindowThatDilationEmptiesIsInfinite) {
  // pixels -1 and 1 of a map of height 1
  Map in(3, 1, 1, 1), out(3, 1, 1, 1);
  place(in, out);
  in.fill([] { return 5.0f; });
  const PoolAxis axis{2, 1, 2, 1, 1}, single{1, 1, 1, 0, 0};
  for (convoy_pooling kind : {CONVOY_POOL_MAX, CONVOY_POOL_MIN}) {
    check_exact(
        in, out, "emptied", [&](Isa isa) { return make_pool(isa, in.value, out.value, kind, axis, single, true); },
        [&](int, int, int, int) { return kind == CONVOY_POOL_MAX ? -INFINITY : INFINITY; });
  }
}

TEST(Pooling, AdaptiveWindowsCoverFloorToCeil) {
  struct Size {
    int h, w, out_h, out_w;
  };
  for (const Size& s : {Size{7, 7, 1, 1}, {13, 11, 6, 6}, {6, 6, 6, 6}, {3, 2, 7, 5}, {1, 1, 1, 1}, {10, 13, 3, 1}}) {
    for (int c : {1, 3, 15, 16, 17, 33}) {
      for (int batch : {1, 3}) {
        Map in(c, s.h, s.w, batch), out(c, s.out_h, s.out_w, batch);
        place(in, out);
        Numbers numbers;
        for (convoy_pooling kind : {CONVOY_POOL_MAX, CONVOY_POOL_MIN, CONVOY_POOL_AVERAGE}) {
          in.fill([&] { return kind == CONVOY_POOL_AVERAGE ? numbers.gaussian() : numbers.special(); });
          check_exact(
              in, out, "adaptive " + shape_text(in.value, batch) + " to " + shape_text(out.value, batch),
              [&](Isa isa) { return make_adaptive_pool(isa, in.value, out.value, kind); },
              [&](int n, int ch, int y, int x) {
                const int64_t top = y * s.h / s.out_h, left = x * s.w / s.out_w;
                const int64_t bottom = ceil_div((y + 1) * s.h, s.out_h), right = ceil_div((x + 1) * s.w, s.out_w);
                const PoolAxis v{bottom - top, 1, 1, -top, 0}, hz{right - left, 1, 1, -left, 0};
                return naive(in, kind, {v, hz, false}, n, ch, 0, 0);
              });
        }
      }
    }
  }
}

TEST(Pooling, ManyPlanesAndRowsAreSharedOutWhole) {
  Map in(16, 100, 40, 2), out(16, 49, 19, 2);
  place(in, out);
  Numbers numbers;
  in.fill([&] { return numbers.gaussian(); });
  const Window window{{3, 2, 1, 0, 0}, {3, 2, 1, 0, 0}, true};
  check_exact(
      in, out, "large",
      [&](Isa isa) {
        return make_pool(isa, in.value, out.value, CONVOY_POOL_MAX, window.vertical, window.horizontal, true);
      },
      [&](int n, int c, int y, int x) { return naive(in, CONVOY_POOL_MAX, window, n, c, y, x); });
}

}  // namespace
}  // namespace convoy::test
