// Channels of BLOCKED16 maps put together in any order.
//
// Contract
//   out    one channel block, `count` pixels of 16 floats, all written.
//   in     blocks that its lanes come from: lane l is the bitwise or over all of them of lane pieces[i].lanes[l] of
//          in[i] + pixel * 16, where pieces[i].keep[l] has all bits set, and of nothing where it is 0.
#ifndef CONVOY_KERNELS_CHANNELS_H
#define CONVOY_KERNELS_CHANNELS_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace channels {

constexpr int kMaxPieces = 16;

struct Piece {
  int32_t lanes[16];  // 0 .. 15
  int32_t keep[16];   // -1 or 0
};

struct Pixels {
  const float* const* in;
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

}  // namespace channels
}  // namespace convoy

#endif
