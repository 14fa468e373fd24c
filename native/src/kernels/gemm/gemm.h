// The multiply-accumulate tile under every convolution and linear layer:
//
//   C[rows][columns] = finish(C0 + sum over taps t, over k = 0 .. t.count - 1:
//                             A[row * 16 + t.offset + k] * B[position of k][columns])
//
// Rows are output pixels (or images of a linear layer), columns output channels: blocks of sixteen, or half a block
// last. A tap is a run of consecutive input floats of one pixel, so the tap table is the convolution: 1x1, KxK, a
// packed panel, an image as it comes.
//
// Contract
//   A     row r of tap t begins at a + t.offset + 16 r; exactly t.count floats of it are read. With `plain` it begins
//         at a + t.offset + r, and every count is 1.
//   B     packed: for every k in tap order `columns` floats, one behind the other. Lanes without a channel are zero.
//   C     row r, block b at c + r * c_row + b * c_block: sixteen floats, all written, none read unless `accumulate` or
//   an
//         addend asks for it.
//   C0    bias (`columns` floats), or C itself with `accumulate`, so that a sum may be cut into pieces of k.
//   order every element is one chain acc = fma(A, B, acc) in tap order: the same bits for every tile and ISA.
//   then  + addends, laid out as C but for the distance of their blocks; one may be C, if its blocks are as far apart.
//   finish only with `last`: + residual (laid out as C), then the activation, then zero into lanes >= lanes. Until then
//         the lanes of C behind the columns may hold anything.
//   keep  lanes < keep of the first block stay what they are (two groups share a block).
//   Nothing else is read or written, but fetched perhaps: buffers may end at a page.
#ifndef CONVOY_KERNELS_GEMM_H
#define CONVOY_KERNELS_GEMM_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace gemm {

struct Tap {
  int64_t offset;  // floats
  int64_t count;
};

struct Tile {
  const float* a;
  const Tap* taps;
  int64_t tap_count;
  const float* b;
  float* c;
  int64_t c_row;
  int64_t c_block;
  const float* bias;
  const float* residual;    // or null
  const float* addends[2];  // in this order; null: none, nor one behind it
  int64_t addend_block;
  int32_t activation;
  float alpha;
  int32_t keep;
  int32_t lanes;  // of the columns; some of the last block
  bool accumulate;
  bool last;
  bool plain;
  // Hints: what to fetch while multiplying, a share at every tap. They change no result and may point anywhere.
  int64_t fetch_c;      // rows of C and of the residual at every tap
  int64_t fetch_a;      // 0, or how many floats behind A the rows of the next tile lie
  const float* ahead;   // null, or lines for later, one behind the other: into the level-2 cache
  int64_t ahead_lines;  // of them at every tap
};

using Function = void (*)(const Tile& tile);

// Of any kernel of any instruction set.
constexpr int kMostRows = 14, kMostColumns = 64, kColumnStep = 8;

struct Kernel {
  Function function;
  int rows;
  int columns;  // a multiple of kColumnStep
  const char* name;
};

// Every kernel of an instruction set, by columns and then rows: rows 1 .. most without a gap for every width.
struct Table {
  const Kernel* kernels;
  int count;

  // The kernel of exactly this tile; null if there is none.
  const Kernel* find(int rows, int columns) const;
  int most_rows(int columns) const;  // 0: no kernel has so many columns
};

const Table& table(Isa isa);

}  // namespace gemm
}  // namespace convoy

#endif
