// winograd.h's contract over the vector vocabulary. Included behind a vec_<isa>.h and activations-inl.h.
#include "kernels/winograd/points.h"
#include "kernels/winograd/winograd.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

using winograd::Input;
using winograd::kMostPoints;
using winograd::Output;

constexpr int kBlock = 16;

// Tiles whose columns are transformed at once, so that those two neighbours share are transformed once: what waits
// between the two passes stays in the level-1 cache.
constexpr int kRun = 8;
constexpr int kMostColumns = kRun * 4 + 2;

// Outputs of that many tiles further on are asked for, to be written.
constexpr int kTilesAhead = 2;

alignas(64) const float kZeros[kMostColumns * kBlock] = {};

// y = c * x + y, where c is known to the compiler.
inline __attribute__((always_inline)) Vec plus(double c, Vec x, Vec y) {
  return c == 1 ? add(y, x) : c == -1 ? sub(y, x) : fma(set(static_cast<float>(c)), x, y);
}

// to = matrix * from, the zeros of the matrix left out.
template <int kRows, int kColumns, int kStride>
inline __attribute__((always_inline)) void apply(const double (&matrix)[kRows][kStride], const Vec* from, Vec* to,
                                                 int rows) {
#pragma GCC unroll 6
  for (int i = 0; i < rows; ++i) {
    bool begun = false;
#pragma GCC unroll 6
    for (int j = 0; j < kColumns; ++j) {
      const double c = matrix[i][j];
      if (c != 0) {
        to[i] = begun ? plus(c, from[j], to[i]) : c == 1 ? from[j] : mul(set(static_cast<float>(c)), from[j]);
        begun = true;
      }
    }
  }
}

// B^T d for kSize outputs of F(kMost).
template <int kMost, int kSize>
inline __attribute__((always_inline)) void transform_input(const Vec* d, Vec* v) {
  if (kMost == 4 && kSize == 4) {
    // even and odd parts are shared by a point and its opposite
    const Vec root_half = set(static_cast<float>(winograd::kRootHalf)), root = set(2 * 0.70710678f);
    const Vec minus_two = set(-2), minus_half = set(-0.5f), two_and_half = set(-2.5f);
    const Vec even = fma(minus_two, d[2], d[4]), odd = fma(minus_two, d[1], d[3]);
    const Vec even2 = fma(minus_half, d[2], d[4]), odd2 = fma(minus_half, d[1], d[3]);
    v[0] = add(fma(two_and_half, d[2], d[4]), d[0]);
    v[1] = fma(root_half, odd, even);
    v[2] = fma(set(-0.70710678f), odd, even);
    v[3] = add(fma(two_and_half, d[3], d[1]), d[5]);
    v[4] = fma(root, odd2, even2);
    v[5] = fma(set(-2 * 0.70710678f), odd2, even2);
    return;
  }
  constexpr winograd::Transforms t = winograd::transforms(kMost, kSize);
  apply<kMostPoints, kSize + 2>(t.input, d, v, kSize + 2);
}

// A^T m.
template <int kMost, int kSize>
inline __attribute__((always_inline)) void transform_output(const Vec* m, Vec* y) {
  if (kMost == 4 && kSize == 4) {
    const Vec even = add(m[1], m[2]), odd = sub(m[1], m[2]);
    const Vec even2 = add(m[4], m[5]), odd2 = sub(m[4], m[5]);
    y[0] = add(add(m[0], even), even2);
    y[1] = mul(set(0.70710678f), fma(set(2), odd2, odd));
    y[2] = fma(set(0.5f), even, mul(set(2), even2));
    y[3] = fma(set(0.70710678f), fma(set(4), odd2, mul(set(0.5f), odd)), m[3]);
    return;
  }
  constexpr winograd::Transforms t = winograd::transforms(kMost, kSize);
  apply<winograd::kMostSize, kSize + 2>(t.output, m, y, kSize);
}

// First pass: every column of a run, into waiting[point][column].
template <int kMost, int kSize>
void input_columns(const Input& t, int64_t x, int64_t columns, int lane, float* waiting) {
  constexpr int kPoints = kSize + 2;
  const int64_t begin = x < 0 ? (-x < columns ? -x : columns) : 0;
  const int64_t inside = t.width - x, end = inside < begin ? begin : inside < columns ? inside : columns;
  const float* row[kPoints];
  for (int i = 0; i < kPoints; ++i) {
    const int64_t y = t.y + i;
    row[i] = y >= 0 && y < t.height && begin < end ? t.in + (y * t.width + x + begin) * kBlock + lane : kZeros;
  }
  for (int i = 0; i < kPoints; ++i) {
    float* to = waiting + i * kMostColumns * kBlock + lane;
    for (int64_t column = 0; column < begin; ++column) {
      store(to + column * kBlock, zero());
    }
    for (int64_t column = end; column < columns; ++column) {
      store(to + column * kBlock, zero());
    }
  }
  // the rows that the tiles below meet first; both prefetches make a layer of 224 x 224 or of 16 images 7 % quicker
  const bool below = t.y + kSize + 1 >= 0 && t.y + kSize + 1 + kMost < t.height;
  const int64_t next_row = t.width * kBlock;
  float* to = waiting + begin * kBlock + lane;
  for (int64_t at = 0; at < (end - begin) * kBlock; at += kBlock) {
    if (below) {
#pragma GCC unroll 4
      for (int i = 1; i <= kMost; ++i) {
        __builtin_prefetch(row[kPoints - 1] + i * next_row + at, 0, 2);
      }
    }
    Vec d[kPoints], v[kPoints];
#pragma GCC unroll 6
    for (int i = 0; i < kPoints; ++i) {
      d[i] = load(row[i] + at);
    }
    transform_input<kMost, kSize>(d, v);
#pragma GCC unroll 6
    for (int i = 0; i < kPoints; ++i) {
      store(to + i * kMostColumns * kBlock + at, v[i]);
    }
  }
}

// Second pass: the rows of `points` points of one tile.
template <int kMost, int kSize>
inline __attribute__((always_inline)) void input_rows(const float* waiting, int points, float* to, int64_t v_point) {
  constexpr int kPoints = kSize + 2;
  for (int i = 0; i < points; ++i) {
    Vec d[kPoints], v[kPoints];
#pragma GCC unroll 6
    for (int j = 0; j < kPoints; ++j) {
      d[j] = load(waiting + j * kBlock);
    }
    transform_input<kMost, kSize>(d, v);
#pragma GCC unroll 6
    for (int j = 0; j < kPoints; ++j) {
      store(to + j * v_point, v[j]);
    }
    waiting += kMostColumns * kBlock;
    to += (kMost + 2) * v_point;
  }
}

// Calls action<size>() for 1 <= size <= kMost.
#define CONVOY_FOR_SIZE(size, action)  \
  switch (size) {                      \
    case 1:                            \
      action(1);                       \
      break;                           \
    case 2:                            \
      action(2);                       \
      break;                           \
    case 3:                            \
      action((kMost < 3 ? kMost : 3)); \
      break;                           \
    default:                           \
      action(kMost);                   \
  }

template <int kMost>
inline __attribute__((always_inline)) void input(const Input& t) {
  alignas(64) float waiting[kMostPoints * kMostColumns * kBlock];
  for (int64_t first = 0; first < t.tiles; first += kRun) {
    const int64_t tiles = t.tiles - first < kRun ? t.tiles - first : kRun;
    const int64_t columns = (tiles - 1) * kMost + t.columns + 2;
    for (int lane = 0; lane < kBlock; lane += kLanes) {
#define CONVOY_COLUMNS(size) input_columns<kMost, size>(t, t.x + first * kMost, columns, lane, waiting)
      CONVOY_FOR_SIZE(t.rows, CONVOY_COLUMNS)
#undef CONVOY_COLUMNS
      for (int64_t tile = 0; tile < tiles; ++tile) {
        const float* from = waiting + tile * kMost * kBlock + lane;
        float* to = t.v + (first + tile) * kBlock + lane;
#define CONVOY_ROWS(size) input_rows<kMost, size>(from, t.rows + 2, to, t.v_point)
        CONVOY_FOR_SIZE(t.columns, CONVOY_ROWS)
#undef CONVOY_ROWS
      }
    }
  }
}

// First pass: the columns of `points` points of one tile, into waiting[row of the tile][point].
template <int kMost, int kSize>
inline __attribute__((always_inline)) void output_columns(const float* from, int64_t m_point, int points,
                                                          float* waiting) {
  constexpr int kPoints = kSize + 2;
  for (int j = 0; j < points; ++j) {
    Vec m[kPoints], y[kSize];
#pragma GCC unroll 6
    for (int i = 0; i < kPoints; ++i) {
      m[i] = load(from + i * (kMost + 2) * m_point);
    }
    transform_output<kMost, kSize>(m, y);
#pragma GCC unroll 6
    for (int i = 0; i < kSize; ++i) {
      store(waiting + i * kMostPoints * kBlock, y[i]);
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
template <int kMost, int kSize>
inline __attribute__((always_inline)) void output_rows(const Output& t, const float* waiting, int64_t at, int lane) {
  constexpr int kPoints = kSize + 2;
  const Vec bias = load(t.bias + lane);
  for (int i = 0; i < t.rows; ++i) {
    Vec m[kPoints], y[kSize];
#pragma GCC unroll 6
    for (int j = 0; j < kPoints; ++j) {
      m[j] = load(waiting + j * kBlock);
    }
    transform_output<kMost, kSize>(m, y);
#pragma GCC unroll 6
    for (int j = 0; j < kSize; ++j) {
      y[j] = add(y[j], bias);
    }
    if (t.residual != nullptr) {
#pragma GCC unroll 6
      for (int j = 0; j < kSize; ++j) {
        y[j] = add(y[j], load(t.residual + at + j * kBlock));
      }
    }
    if (t.activation != CONVOY_IDENTITY && t.activation <= CONVOY_RELU6) {
      const Vec most = set(t.activation == CONVOY_RELU6 ? 6.0f : __builtin_inff());
#pragma GCC unroll 6
      for (int j = 0; j < kSize; ++j) {
        y[j] = min(most, relu(y[j]));
      }
    }
#pragma GCC unroll 6
    for (int j = 0; j < kSize; ++j) {
      store(t.out + at + j * kBlock, y[j]);
      __builtin_prefetch(t.out + at + (j + kTilesAhead * kMost) * kBlock, 1, 3);
    }
    waiting += kMostPoints * kBlock;
    at += t.out_row;
  }
}

template <int kMost>
inline __attribute__((always_inline)) void output(const Output& t) {
  alignas(64) float waiting[winograd::kMostSize * kMostPoints * kBlock];
  for (int64_t tile = 0; tile < t.tiles; ++tile) {
    for (int lane = 0; lane < kBlock; lane += kLanes) {
      const float* from = t.m + tile * kBlock + lane;
#define CONVOY_COLUMNS(size) output_columns<kMost, size>(from, t.m_point, t.columns + 2, waiting)
      CONVOY_FOR_SIZE(t.rows, CONVOY_COLUMNS)
#undef CONVOY_COLUMNS
#define CONVOY_ROWS(size) output_rows<kMost, size>(t, waiting, tile * kMost * kBlock + lane, lane)
      CONVOY_FOR_SIZE(t.columns, CONVOY_ROWS)
#undef CONVOY_ROWS
      if (t.activation > CONVOY_RELU6 || t.lanes < kBlock) {
        finish(t, tile * kMost * kBlock + lane, lane);
      }
    }
  }
}

#undef CONVOY_FOR_SIZE

}  // namespace

#define CONVOY_INSTANTIATE(size)                                     \
  void winograd_f32_input_##size(const Input& t) { input<size>(t); } \
  void winograd_f32_output_##size(const Output& t) { output<size>(t); }
CONVOY_INSTANTIATE(2)
CONVOY_INSTANTIATE(4)
#undef CONVOY_INSTANTIATE

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy
