// winograd.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "base/block.h"
#include "kernels/winograd/filters-inl.h"
#include "kernels/winograd/points.h"
#include "kernels/winograd/sides-inl.h"
#include "kernels/winograd/winograd.h"
#include "simd/activations-inl.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

using winograd::Input;
using winograd::Output;

// Columns of a run of tiles that are transformed at once, so that those two neighbours share are transformed once: what
// waits between the two passes stays in the level-1 cache.
constexpr int kRunColumns = 32;

// Outputs of that many tiles further on are asked for, to be written.
constexpr int kTilesAhead = 2;

// Points of that many tiles further on are asked for where they lie far away.
constexpr int kFarTiles = 2;

alignas(64) const float kZeros[(kRunColumns + winograd::kMostTaps) * 2 * kBlock] = {};

// The sum of constants times vectors. It begins with one that is multiplied by 1, if there is any.
// Constants: kTerms, and float at(int term) for the compiler.
template <class Constants, class From>
inline __attribute__((always_inline)) Vec sum(From&& from) {
  constexpr int kFirst = [] {
    int first = -1;
    for (int k = Constants::kTerms - 1; k >= 0; --k) {
      if (Constants::at(k) != 0 && (first < 0 || Constants::at(k) == 1 || Constants::at(first) != 1)) {
        first = k;
      }
    }
    return first;
  }();
  Vec total = from(std::integral_constant<int, kFirst>());
  if constexpr (Constants::at(kFirst) != 1) {
    total = mul(set(Constants::at(kFirst)), total);
  }
  each<Constants::kTerms>([&](auto k) __attribute__((always_inline)) {
    constexpr float c = Constants::at(k);
    if constexpr (k != kFirst && c != 0) {
      total = c == 1 ? add(total, from(k)) : c == -1 ? sub(total, from(k)) : fma(set(c), from(k), total);
    }
  });
  return total;
}

template <class S, int kUsed>
struct Constants {
  static constexpr winograd::Transforms kAll = winograd::transforms(S::kPoints, S::kTaps, kUsed + 1 - S::kTaps);
  static constexpr int kTerms = kUsed;

  static constexpr bool begins_pair(int i) { return winograd::is_pair(S::kPoints, kUsed, i); }
  static constexpr bool ends_pair(int i) { return i > 0 && begins_pair(i - 1); }
};

// Row i of B^T.
template <class C, int i>
struct InputRow : C {
  static constexpr float at(int k) { return static_cast<float>(C::kAll.input[i][k]); }
};
// Half the sum of rows i and i + 1, and half their difference over its last constant.
template <class C, int i>
struct PairSum : C {
  static constexpr float at(int k) {
    return static_cast<float>(winograd::clean((C::kAll.input[i][k] + C::kAll.input[i + 1][k]) / 2));
  }
};
template <class C, int i>
struct PairDifference : C {
  static constexpr double half(int k) { return winograd::clean((C::kAll.input[i][k] - C::kAll.input[i + 1][k]) / 2); }
  static constexpr double kLast = [] {
    double last = 0;
    for (int k = 0; k < C::kTerms; ++k) {
      last = half(k) == 0 ? last : half(k);
    }
    return last;
  }();
  static constexpr float at(int k) { return static_cast<float>(winograd::clean(half(k) / kLast)); }
};

// Row k of A^T, where a pair of opposite points counts once.
template <class C, int k>
struct OutputRow : C {
  static constexpr float at(int i) { return C::ends_pair(i) ? 0 : static_cast<float>(C::kAll.output[k][i]); }
};

// B^T d for kUsed points of a side.
template <class S, int kUsed>
inline __attribute__((always_inline)) void transform_input(const Vec* d, Vec* v) {
  using C = Constants<S, kUsed>;
  auto from = [&](int k) __attribute__((always_inline)) { return d[k]; };
  each<kUsed>([&](auto i) __attribute__((always_inline)) {
    if constexpr (C::begins_pair(i)) {
      const Vec p = sum<PairSum<C, i>>(from), q = sum<PairDifference<C, i>>(from);
      constexpr float last = static_cast<float>(PairDifference<C, i>::kLast);
      v[i] = last == 1 ? add(p, q) : fma(set(last), q, p);
      v[i + 1] = last == 1 ? sub(p, q) : fma(set(-last), q, p);
    } else if constexpr (!C::ends_pair(i)) {
      v[i] = sum<InputRow<C, i>>(from);
    }
  });
}

// A^T m for kSize outputs of a side.
template <class S, int kSize>
inline __attribute__((always_inline)) void transform_output(const Vec* m, Vec* y) {
  constexpr int kUsed = kSize + S::kTaps - 1;
  using C = Constants<S, kUsed>;
  Vec even[kUsed], odd[kUsed];  // of pairs of opposite points
  each<kUsed>([&](auto i) __attribute__((always_inline)) {
    if constexpr (C::begins_pair(i)) {
      even[i] = add(m[i], m[i + 1]);
      odd[i] = sub(m[i], m[i + 1]);
    } else {
      even[i] = odd[i] = m[i];
    }
  });
  each<kSize>([&](auto k) __attribute__((always_inline)) {
    y[k] = sum<OutputRow<C, k>>([&](int i) __attribute__((always_inline)) { return k % 2 == 0 ? even[i] : odd[i]; });
  });
}

// First pass: every column of a run, into waiting[point][column].
template <class S, int kPoints>
inline __attribute__((always_inline)) void input_columns(const Input& t, int64_t x, int64_t columns, int lane,
                                                         float* waiting, int64_t point) {
  const int64_t begin = x < 0 ? (-x < columns ? -x : columns) : 0;
  const int64_t inside = t.width - x, end = inside < begin ? begin : inside < columns ? inside : columns;
  const float* row[kPoints];
  for (int i = 0; i < kPoints; ++i) {
    const int64_t y = t.y + i;
    row[i] = y >= 0 && y < t.height && begin < end ? t.in + y * t.in_row + (x + begin) * t.in_pixel + lane : kZeros;
  }
  for (int i = 0; i < kPoints; ++i) {
    float* to = waiting + i * point + lane;
    for (int64_t column = 0; column < begin; ++column) {
      store(to + column * kBlock, zero());
    }
    for (int64_t column = end; column < columns; ++column) {
      store(to + column * kBlock, zero());
    }
  }
  // the rows that the tiles below meet first; both prefetches make a layer of 224 x 224 or of 16 images 7 % quicker
  const bool below = t.y + kPoints - 1 >= 0 && t.y + kPoints - 1 + S::kSize < t.height;
  float* to = waiting + begin * kBlock + lane;
  int64_t from = 0;
  for (int64_t at = 0; at < (end - begin) * kBlock; at += kBlock, from += t.in_pixel) {
    if (below) {
#pragma GCC unroll 4
      for (int i = 1; i <= S::kSize; ++i) {
        __builtin_prefetch(row[kPoints - 1] + i * t.in_row + from, 0, 2);
      }
    }
    Vec d[kPoints], v[kPoints];
#pragma GCC unroll 10
    for (int i = 0; i < kPoints; ++i) {
      d[i] = load(row[i] + from);
    }
    transform_input<S, kPoints>(d, v);
#pragma GCC unroll 10
    for (int i = 0; i < kPoints; ++i) {
      store(to + i * point + at, v[i]);
    }
  }
}

// Second pass: the rows of `points` points of one tile.
template <class S, int kPoints>
inline __attribute__((always_inline)) void input_rows(const float* waiting, int64_t point, int points, float* to,
                                                      int64_t v_point, bool far) {
  for (int i = 0; i < points; ++i) {
    Vec d[kPoints], v[kPoints];
#pragma GCC unroll 10
    for (int j = 0; j < kPoints; ++j) {
      d[j] = load(waiting + j * kBlock);
    }
    transform_input<S, kPoints>(d, v);
#pragma GCC unroll 10
    for (int j = 0; j < kPoints; ++j) {
      store(to + j * v_point, v[j]);
    }
    if (far) {
#pragma GCC unroll 10
      for (int j = 0; j < kPoints; ++j) {
        __builtin_prefetch(to + j * v_point + kFarTiles * kBlock, 1, 3);
      }
    }
    waiting += point;
    to += S::kPoints * v_point;
  }
}

// Calls action(size) for 1 <= size <= most.
#define CONVOY_FOR_SIZE(size, most, action) \
  switch (size) {                           \
    case 1:                                 \
      action(1);                            \
      break;                                \
    case 2:                                 \
      action((most < 2 ? most : 2));        \
      break;                                \
    case 3:                                 \
      action((most < 3 ? most : 3));        \
      break;                                \
    default:                                \
      action(most);                         \
  }

template <class H, class W>
inline __attribute__((always_inline)) void input(const Input& t) {
  constexpr int64_t kRun = kRunColumns / W::kSize, kPoint = (kRunColumns + W::kTaps - 1) * kBlock;
  alignas(64) float waiting[H::kPoints * kPoint];
  for (int64_t first = 0; first < t.tiles; first += kRun) {
    const int64_t tiles = t.tiles - first < kRun ? t.tiles - first : kRun;
    const int64_t columns = (tiles - 1) * W::kSize + t.columns + W::kTaps - 1;
    for (int lane = 0; lane < kBlock; lane += kLanes) {
#define CONVOY_COLUMNS(size) \
  input_columns<H, size + H::kTaps - 1>(t, t.x + first * W::kSize, columns, lane, waiting, kPoint)
      CONVOY_FOR_SIZE(t.rows, H::kSize, CONVOY_COLUMNS)
#undef CONVOY_COLUMNS
      for (int64_t tile = 0; tile < tiles; ++tile) {
        const float* from = waiting + tile * W::kSize * kBlock + lane;
        float* to = t.v + (first + tile) * kBlock + lane;
#define CONVOY_ROWS(size) input_rows<W, size + W::kTaps - 1>(from, kPoint, t.rows + H::kTaps - 1, to, t.v_point, t.far)
        CONVOY_FOR_SIZE(t.columns, W::kSize, CONVOY_ROWS)
#undef CONVOY_ROWS
      }
    }
  }
}

// First pass: the columns of `points` points of one tile, into waiting[row of the tile][point].
template <class H, class W, int kSize>
inline __attribute__((always_inline)) void output_columns(const float* from, int64_t m_point, int points,
                                                          float* waiting, bool far) {
  constexpr int kPoints = kSize + H::kTaps - 1;
  for (int j = 0; j < points; ++j) {
    Vec m[kPoints], y[kSize];
#pragma GCC unroll 10
    for (int i = 0; i < kPoints; ++i) {
      m[i] = load(from + i * W::kPoints * m_point);
    }
    if (far) {
#pragma GCC unroll 10
      for (int i = 0; i < kPoints; ++i) {
        __builtin_prefetch(from + i * W::kPoints * m_point + kFarTiles * kBlock, 0, 3);
      }
    }
    transform_output<H, kSize>(m, y);
#pragma GCC unroll 10
    for (int i = 0; i < kSize; ++i) {
      store(waiting + i * W::kPoints * kBlock, y[i]);
    }
    from += m_point;
    waiting += kBlock;
  }
}

// The activations that take long, and lanes without a channel; tiles that need neither never come here.
__attribute__((noinline)) void finish(const Output& t, int64_t at, int lane) {
  const Mask mask = first(t.lanes - lane);
  for (int i = 0; i < t.rows; ++i, at += t.out_row) {
    for (int j = 0; j < t.columns; ++j) {
      float* const pixel = t.out + at + j * kBlock;
      const Vec y = load(pixel);
      store(pixel, select(mask, t.activation > CONVOY_RELU6 ? activate(y, t.activation, t.alpha) : y, zero()));
    }
  }
}

// Second pass: the rows of the tile, bias, residual and the quick activations.
template <class W, int kSize>
inline __attribute__((always_inline)) void output_rows(const Output& t, const float* waiting, int64_t at, int lane) {
  constexpr int kPoints = kSize + W::kTaps - 1;
  const Vec bias = load(t.bias + lane);
  for (int i = 0; i < t.rows; ++i) {
    Vec m[kPoints], y[kSize];
#pragma GCC unroll 10
    for (int j = 0; j < kPoints; ++j) {
      m[j] = load(waiting + j * kBlock);
    }
    transform_output<W, kSize>(m, y);
#pragma GCC unroll 10
    for (int j = 0; j < kSize; ++j) {
      y[j] = add(y[j], bias);
    }
    if (t.residual != nullptr) {
#pragma GCC unroll 10
      for (int j = 0; j < kSize; ++j) {
        y[j] = add(y[j], load(t.residual + at + j * kBlock));
      }
    }
    if (t.activation != CONVOY_IDENTITY && t.activation <= CONVOY_RELU6) {
      const Vec most = set(t.activation == CONVOY_RELU6 ? 6.0f : __builtin_inff());
#pragma GCC unroll 10
      for (int j = 0; j < kSize; ++j) {
        y[j] = min(most, relu(y[j]));
      }
    }
#pragma GCC unroll 10
    for (int j = 0; j < kSize; ++j) {
      store(t.out + at + j * kBlock, y[j]);
      __builtin_prefetch(t.out + at + (j + kTilesAhead * W::kSize) * kBlock, 1, 3);
    }
    waiting += W::kPoints * kBlock;
    at += t.out_row;
  }
}

template <class H, class W>
inline __attribute__((always_inline)) void output(const Output& t) {
  alignas(64) float waiting[H::kSize * W::kPoints * kBlock];
  for (int64_t tile = 0; tile < t.tiles; ++tile) {
    const int64_t at = tile * W::kSize * kBlock;
    for (int lane = 0; lane < kBlock; lane += kLanes) {
      const float* from = t.m + tile * kBlock + lane;
#define CONVOY_COLUMNS(size) output_columns<H, W, size>(from, t.m_point, t.columns + W::kTaps - 1, waiting, t.far)
      CONVOY_FOR_SIZE(t.rows, H::kSize, CONVOY_COLUMNS)
#undef CONVOY_COLUMNS
#define CONVOY_ROWS(size) output_rows<W, size>(t, waiting, at + lane, lane)
      CONVOY_FOR_SIZE(t.columns, W::kSize, CONVOY_ROWS)
#undef CONVOY_ROWS
      if (t.activation > CONVOY_RELU6 || t.lanes < kBlock) {
        finish(t, at + lane, lane);
      }
    }
  }
}

#undef CONVOY_FOR_SIZE

}  // namespace

#define CONVOY_KERNEL(mh, mw, rh, rw)                                                                             \
  void winograd_f32_filter_##mh##x##mw##_##rh##x##rw(const Filters& t) { filter<Side<mh, rh>, Side<mw, rw>>(t); } \
  void winograd_f32_input_##mh##x##mw##_##rh##x##rw(const Input& t) { input<Side<mh, rh>, Side<mw, rw>>(t); }     \
  void winograd_f32_output_##mh##x##mw##_##rh##x##rw(const Output& t) { output<Side<mh, rh>, Side<mw, rw>>(t); }
#include "kernels/winograd/kernels.inc"

extern constexpr winograd::Kernel winograd_kernels[] = {
#define CONVOY_KERNEL(mh, mw, rh, rw)             \
  {winograd_f32_filter_##mh##x##mw##_##rh##x##rw, \
   winograd_f32_input_##mh##x##mw##_##rh##x##rw,  \
   winograd_f32_output_##mh##x##mw##_##rh##x##rw, \
   {mh, rh},                                      \
   {mw, rw}},
#include "kernels/winograd/kernels.inc"
    {}};  // the end

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy
