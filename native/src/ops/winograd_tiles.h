// An image of outputs cut into tiles, smaller ones at its end where their size divides neither height nor width.
//
// All tiles of a batch have one order, by kind: those of the last column, the full ones, those of the last row, the
// corners. Smaller tiles use the first points only; in this order the tiles that use a given point are neighbours, for
// any part of the sequence.
#ifndef CONVOY_OPS_WINOGRAD_TILES_H
#define CONVOY_OPS_WINOGRAD_TILES_H

#include <algorithm>
#include <cstdint>

#include "kernels/winograd/winograd.h"
#include "program/program.h"

namespace convoy {

class WinogradTiles {
 public:
  WinogradTiles(int out_h, int out_w, const winograd::Axis& h, const winograd::Axis& w)
      : h_(h), w_(w), rest_h_(out_h % h.size), rest_w_(out_w % w.size) {
    const int rows = out_h / h.size, columns = out_w / w.size, below = rest_h_ > 0, beside = rest_w_ > 0;
    kinds_[0] = {h.size, rest_w_, 0, columns * w.size, rows, beside};
    kinds_[1] = {h.size, w.size, 0, 0, rows, columns};
    kinds_[2] = {rest_h_, w.size, rows * h.size, 0, below, columns};
    kinds_[3] = {rest_h_, rest_w_, rows * h.size, columns * w.size, below, beside};
  }

  // Of one image.
  int64_t count() const {
    int64_t count = 0;
    for (const Kind& kind : kinds_) {
      count += kind.tiles();
    }
    return count;
  }

  // Multiplications of a pair of channels in one image.
  int64_t points() const {
    int64_t points = 0;
    for (const Kind& kind : kinds_) {
      points += kind.tiles() * (kind.height + h_.taps - 1) * (kind.width + w_.taps - 1);
    }
    return points;
  }

  // Tiles side by side.
  struct Run {
    int64_t image;
    int y, x;           // of the first output pixel
    int height, width;  // of each tile
    int64_t first;      // in the part of the sequence
    int64_t tiles;
  };

  // action(run) for tiles begin .. end - 1 of a batch's sequence.
  template <class Action>
  void each(int64_t batch, int64_t begin, int64_t end, Action&& action) const {
    int64_t kind_begin = 0;
    for (const Kind& kind : kinds_) {
      const int64_t kind_end = kind_begin + kind.tiles() * batch;
      for (int64_t tile = std::max(begin, kind_begin); tile < std::min(end, kind_end);) {
        const int64_t at = tile - kind_begin, image = at / kind.tiles(), row = at % kind.tiles() / kind.columns;
        const int64_t column = at % kind.columns;
        const int64_t tiles = std::min(kind.columns - column, std::min(end, kind_end) - tile);
        action(Run{image, static_cast<int>(kind.y + row * h_.size), static_cast<int>(kind.x + column * w_.size),
                   kind.height, kind.width, tile - begin, tiles});
        tile += tiles;
      }
      kind_begin = kind_end;
    }
  }

  struct Range {
    int64_t begin, end;
  };

  // The tiles of the part begin .. end - 1 that use point (i, j), counted from begin.
  Range users(int64_t batch, int64_t begin, int64_t end, int i, int j) const {
    const bool last_row = i < rest_h_ + h_.taps - 1, last_column = j < rest_w_ + w_.taps - 1;
    int64_t from = last_column ? 0 : kinds_[0].tiles() * batch;
    int64_t to = (kinds_[0].tiles() + kinds_[1].tiles()) * batch;
    if (last_row) {
      to += (kinds_[2].tiles() + (last_column ? kinds_[3].tiles() : 0)) * batch;
    }
    from = std::clamp(from, begin, end);
    return {from - begin, std::max(from, std::min(to, end)) - begin};
  }

 private:
  struct Kind {
    int height, width;  // of a tile
    int y, x;           // of the first one
    int rows, columns;  // tiles

    int64_t tiles() const { return int64_t{rows} * columns; }
  };

  winograd::Axis h_, w_;
  int rest_h_, rest_w_;
  Kind kinds_[4];
};

}  // namespace convoy

#endif
