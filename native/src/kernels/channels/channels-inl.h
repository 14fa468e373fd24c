// channels.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "base/block.h"
#include "kernels/channels/channels.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

constexpr int kVectors = kBlock / kLanes;  // of a block

// kCount: pieces known beforehand, or 0. Two join the end of a block and the beginning of the next, three or four
// interleave two halves.
template <int kCount>
inline __attribute__((always_inline)) void put_together(const channels::Pixels& p) {
  const int count = kCount != 0 ? kCount : p.piece_count;
  for (int j = 0; j < kVectors; ++j) {
    Int lanes[channels::kMaxPieces], keep[channels::kMaxPieces];
    for (int i = 0; i < count; ++i) {
      lanes[i] = load(p.pieces[i].lanes + j * kLanes);
      keep[i] = load(p.pieces[i].keep + j * kLanes);
    }
    for (int64_t at = 0; at < p.count * kBlock; at += kBlock) {
      Int all = set_int(0);
#pragma GCC unroll 4
      for (int i = 0; i < count; ++i) {
        all = bit_or(all, bit_and(keep[i], bits(pick(p.in[i] + at, lanes[i]))));
      }
      store(p.out + at + j * kLanes, from_bits(all));
    }
  }
}

}  // namespace

void channels_shuffle_f32(const channels::Pixels& p) {
  switch (p.piece_count) {
    case 1:
      return put_together<1>(p);
    case 2:
      return put_together<2>(p);
    case 3:
      return put_together<3>(p);
    case 4:
      return put_together<4>(p);
    default:
      return put_together<0>(p);
  }
}

extern constexpr channels::Table channels_table = {.shuffle = channels_shuffle_f32};

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy
