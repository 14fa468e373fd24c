// gemm.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "base/block.h"
#include "kernels/gemm/gemm.h"
#include "simd/activations-inl.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

using gemm::Tap;
using gemm::Tile;

constexpr int kVectors = kBlock / kLanes;  // of a block

// Steps of k that are one piece of code; GCC 12 takes minutes to check so many.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kUnrolled = 1;
#else
constexpr int kUnrolled = kBlock;
#endif

// Everything a tile may ask for at its end, from `sums` ([rows][blocks][16]); the quick cases never come here.
__attribute__((noinline)) void finish(const Tile& t, const float* sums, int rows, int blocks) {
  with_activation(t.last ? t.activation : CONVOY_IDENTITY, [&](auto kind) {
    for (int lane = 0; lane < blocks * kBlock; lane += kLanes) {
      const Mask there = first(t.last ? t.lanes - lane : kLanes), kept = first(t.keep - lane);
      int64_t at = lane / kBlock * t.c_block + lane % kBlock;
      for (int row = 0; row < rows; ++row, at += t.c_row) {
        Vec x = load(sums + row * blocks * kBlock + lane);
        if (t.last && t.residual != nullptr) {
          x = add(x, load(t.residual + at));
        }
        x = select(there, activated<decltype(kind)::value>(x, t.alpha), zero());
        store(t.c + at, t.keep > lane ? select(kept, load(t.c + at), x) : x);
      }
    }
  });
}

// Of a tile with so many columns: vectors of accumulators in a row, the last perhaps of eight floats in sixteen lanes,
// and vectors of C, which has whole blocks.
template <int kWidth>
struct Columns {
  static constexpr int blocks = (kWidth + kBlock - 1) / kBlock;
  static constexpr int vectors = (kWidth + kLanes - 1) / kLanes;
  static constexpr int in_c = blocks * kVectors;
  static constexpr bool eight(int vector) { return (vector + 1) * kLanes > kWidth; }
};

// action(row, column) for every vector of a tile, unrolled, so that arrays of vectors are registers.
template <int kRows, int kColumns, class Action>
inline __attribute__((always_inline)) void each(Action&& action) {
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < kColumns; ++j) {
      action(i, j);
    }
  }
}

// Where vector j of row i lies in C.
inline int64_t place(const Tile& t, int i, int j) {
  return i * t.c_row + j / kVectors * t.c_block + j % kVectors * kLanes;
}

// The lines of C and of the residual for the next rows of a tile. Loops stay loops: there are few registers left.
template <int kBlocks>
inline __attribute__((always_inline)) void fetch_rows(const Tile& t, int64_t rows, int64_t& row) {
#pragma GCC unroll 1
  for (int64_t left = rows; left != 0; --left, ++row) {
    int64_t at = row * t.c_row;
#pragma GCC unroll 1
    for (int block = 0; block < kBlocks; ++block, at += t.c_block) {
      __builtin_prefetch(t.c + at, 1);
      if (t.residual != nullptr) {
        __builtin_prefetch(t.residual + at);
      }
    }
  }
}

// One step of k: a row of B times a column of A.
template <int kRows, int kWidth, int kStride = kBlock>
inline __attribute__((always_inline)) void step(const float* a, const float* b,
                                                Vec (&sum)[kRows][Columns<kWidth>::vectors]) {
  using Width = Columns<kWidth>;
  constexpr int kColumns = Width::vectors;
  Vec column[kColumns];
#pragma GCC unroll 16
  for (int j = 0; j < kColumns; ++j) {
    column[j] = Width::eight(j) ? load8(b + j * kLanes) : load(b + j * kLanes);
  }
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
    const float* const x = a + i * kStride;
    const Vec all = broadcast(x);
#pragma GCC unroll 16
    for (int j = 0; j < kColumns; ++j) {
      if (Width::eight(j)) {
        accumulate8(sum[i][j], x, column[j]);
      } else if (kColumns == 1 && kLanes == kBlock) {
        sum[i][j] = fma(all, column[j], sum[i][j]);  // AVX-512 may broadcast as it multiplies: one instruction
      } else {
        accumulate(sum[i][j], all, column[j]);
      }
    }
  }
}

// Of an image as it comes: neighbouring rows are neighbouring floats.
template <int kRows, int kWidth>
inline __attribute__((always_inline)) void multiply_plain(const Tile& t, Vec (&sum)[kRows][Columns<kWidth>::vectors]) {
  const float* b = t.b;
  int64_t row = 0;
  fetch_rows<Columns<kWidth>::blocks>(t, kRows, row);
  const Tap* const end = t.taps + t.tap_count;
#pragma GCC unroll 1
  for (const Tap* tap = t.taps; tap != end; ++tap, b += kWidth) {
    step<kRows, kWidth, 1>(t.a + tap->offset, b, sum);
  }
}

template <int kRows, int kWidth>
inline __attribute__((always_inline)) void multiply(const Tile& t, Vec (&sum)[kRows][Columns<kWidth>::vectors]) {
  const float* b = t.b;
  const float* ahead = t.ahead;
  int64_t row = 0;
  const Tap* const end = t.taps + t.tap_count;
  for (const Tap* tap = t.taps; tap != end; ++tap) {
    const float* a = t.a + tap->offset;
    if (row < kRows) {
      fetch_rows<Columns<kWidth>::blocks>(t, t.fetch_c, row);
    }
    if (ahead != nullptr) {
      for (int64_t line = 0; line < t.ahead_lines; ++line, ahead += kBlock) {
        __builtin_prefetch(ahead, 0, 2);
      }
    }
    if (t.fetch_a != 0) {
#pragma GCC unroll 16
      for (int i = 0; i < kRows; ++i) {
        __builtin_prefetch(a + t.fetch_a + i * kBlock);
      }
    }
    if (tap->count == kBlock) {
      // a loop of so few rounds costs Intel's Golden Cove up to 9 % with some tiles, as if its end were guessed wrong
#pragma GCC unroll kUnrolled
      for (int k = 0; k < kBlock; ++k) {
        step<kRows, kWidth>(a + k, b + k * kWidth, sum);
        asm volatile("" ::: "memory");  // loads of later steps stay there, or registers run out
      }
      b += kBlock * kWidth;
      continue;
    }
#pragma GCC unroll 1
    for (const float* const a_end = a + tap->count; a != a_end; ++a, b += kWidth) {
      step<kRows, kWidth>(a, b, sum);
    }
  }
}

template <int kRows, int kColumns>
inline __attribute__((always_inline)) void add_to(const Tile& t, const float* addend, Vec (&sum)[kRows][kColumns]) {
  each<kRows, kColumns>([&](int i, int j) {
    const int64_t at = i * t.c_row + j / kVectors * t.addend_block + j % kVectors * kLanes;
    sum[i][j] = add(sum[i][j], load(addend + at));
  });
}

template <int kRows, int kWidth>
inline __attribute__((always_inline)) void tile(const Tile& t) {
  static_assert(kRows <= gemm::kMostRows && kWidth <= gemm::kMostColumns && kWidth % gemm::kColumnStep == 0);
  using Width = Columns<kWidth>;
  constexpr int kColumns = Width::vectors;
  Vec sum[kRows][kColumns];
  if (t.accumulate) {
    each<kRows, kColumns>([&](int i, int j) { sum[i][j] = load(t.c + place(t, i, j)); });
  } else {
    each<kRows, kColumns>(
        [&](int i, int j) { sum[i][j] = Width::eight(j) ? load8(t.bias + j * kLanes) : load(t.bias + j * kLanes); });
  }
  if (t.plain) {
    multiply_plain<kRows, kWidth>(t, sum);
  } else {
    multiply<kRows, kWidth>(t, sum);
  }
  if (__builtin_expect(t.addends[0] != nullptr, 0)) {
    add_to<kRows, kColumns>(t, t.addends[0], sum);
    if (t.addends[1] != nullptr) {
      add_to<kRows, kColumns>(t, t.addends[1], sum);
    }
  }
  const bool swish = t.last && t.activation == CONVOY_HARD_SWISH;
  if (__builtin_expect(t.keep != 0 || (t.last && t.activation > CONVOY_RELU6 && !swish), 0)) {  // far from the loops
    float sums[kRows * Width::in_c * kLanes];
    each<kRows, Width::in_c>(
        [&](int i, int j) { store(sums + (i * Width::in_c + j) * kLanes, j < kColumns ? sum[i][j] : zero()); });
    finish(t, sums, kRows, Width::blocks);
    return;
  }
  // one decision a tile, not one a vector
  if (t.last && t.residual != nullptr) {
    each<kRows, kColumns>([&](int i, int j) { sum[i][j] = add(sum[i][j], load(t.residual + place(t, i, j))); });
  }
  if (swish) {
    each<kRows, kColumns>([&](int i, int j) { sum[i][j] = hard_swish(sum[i][j]); });
  } else if (t.last && t.activation != CONVOY_IDENTITY) {
    const Vec most = set(t.activation == CONVOY_RELU6 ? 6.0f : __builtin_inff());
    each<kRows, kColumns>([&](int i, int j) { sum[i][j] = min(most, relu(sum[i][j])); });
  }
  if (t.last && t.lanes < Width::blocks * kBlock) {
    constexpr int kFirst = (Width::blocks - 1) * kVectors;  // of the last block
    each<kRows, kColumns - kFirst>([&](int i, int j) {
      sum[i][kFirst + j] = select(first(t.lanes - (kFirst + j) * kLanes), sum[i][kFirst + j], zero());
    });
  }
  each<kRows, Width::in_c>([&](int i, int j) { store(t.c + place(t, i, j), j < kColumns ? sum[i][j] : zero()); });
}

}  // namespace

#define CONVOY_KERNEL(rows, columns) \
  void gemm_f32_##rows##x##columns(const Tile& t) { tile<rows, columns>(t); }
#include "kernels/gemm/kernels.inc"

constexpr gemm::Kernel kKernels[] = {
#define CONVOY_KERNEL(rows, columns) {gemm_f32_##rows##x##columns, rows, columns, #rows "x" #columns},
#include "kernels/gemm/kernels.inc"
};
extern constexpr gemm::Table gemm_table = {kKernels, sizeof kKernels / sizeof kKernels[0]};

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy
