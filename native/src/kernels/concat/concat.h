// Channels of several BLOCKED16 maps put together where they do not begin at a multiple of sixteen.
//
// Contract
//   out     one channel block, `count` pixels of 16 floats, all written.
//   pieces  where lanes from .. end - 1 of it come from: lane l is lane l - shift of a piece's block, which lies at in
//   +
//           pixel * 16. Pieces do not meet; lanes of no piece are written zero. Only those lanes are read.
#ifndef CONVOY_KERNELS_CONCAT_H
#define CONVOY_KERNELS_CONCAT_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace concat {

constexpr int kMaxPieces = 16;

struct Piece {
  const float* in;
  int32_t shift;
  int32_t from;
  int32_t end;
};

struct Pixels {
  const Piece* pieces;
  int32_t piece_count;  // 1 .. kMaxPieces
  float* out;
  int64_t count;
};

using Function = void (*)(const Pixels& pixels);

struct Table {
  Function shuffle;
};

const Table& table(Isa isa);

}  // namespace concat
}  // namespace convoy

#endif
