// concat.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "kernels/concat/concat.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

constexpr int kBlock = 16;
constexpr int kVectors = kBlock / kLanes;  // of a block

// kCount: pieces known beforehand, or 0. Two are the rule: the end of a block and the beginning of the next.
template <int kCount>
inline __attribute__((always_inline)) void put_together(const concat::Pixels& p) {
  const int count = kCount != 0 ? kCount : p.piece_count;
  for (int64_t at = 0; at < p.count * kBlock; at += kBlock) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      const int lane = j * kLanes;
      Int all = set_int(0);
#pragma GCC unroll 2
      for (int i = 0; i < count; ++i) {
        const concat::Piece& piece = p.pieces[i];
        Vec part = load_between(piece.in + at + lane - piece.shift, piece.from - lane, piece.end - lane);
        all = bit_or(all, bits(part));
      }
      store(p.out + at + lane, from_bits(all));
    }
  }
}

inline void shuffle(const concat::Pixels& p) {
  switch (p.piece_count) {
    case 1:
      return put_together<1>(p);
    case 2:
      return put_together<2>(p);
    default:
      return put_together<0>(p);
  }
}

}  // namespace

#define CONVOY_INSTANTIATE(name) \
  void concat_##name##_f32(const concat::Pixels& pixels) { name(pixels); }

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy
