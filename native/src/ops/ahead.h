// Weights on their way: what the next tiles will read, fetched into the level-2 cache by the tiles that run before.
//
// A panel is read once from far away, by its first strip of pixels, and then again from the cache by the others.
// Fetched while its predecessor multiplies, the first strip is no slower than the others.
#ifndef CONVOY_OPS_AHEAD_H
#define CONVOY_OPS_AHEAD_H

#include <cstdint>

#include "kernels/gemm/gemm.h"
#include "program/program.h"

namespace convoy {

class Ahead {
 public:
  Ahead() = default;
  // `floats` floats from `begin` on, in equal shares over this many taps of the tiles to come.
  Ahead(const float* begin, int64_t floats, int64_t taps)
      : next_(begin), end_(begin + floats), lines_(ceil_div(ceil_div(floats, kBlock), taps)) {}

  // Makes the tile, whose taps are known, fetch its share.
  void share(gemm::Tile& tile) {
    tile.ahead = next_ < end_ ? next_ : nullptr;
    tile.ahead_lines = lines_;
    next_ += tile.ahead == nullptr ? 0 : lines_ * tile.tap_count * kBlock;
  }

 private:
  const float* next_ = nullptr;
  const float* end_ = nullptr;
  int64_t lines_ = 0;  // of every tap
};

}  // namespace convoy

#endif
