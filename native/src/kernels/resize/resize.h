// Bilinear resampling of BLOCKED16 maps.
//
// Contract
//   in     planes one behind the other: [planes][in_h][in_w][16]; a plane is a channel block of an image.
//   out    [planes][out_h][out_w][16]. Written: the output rows begin .. end - 1, counted through all planes.
//   taps   of every output row and column: lerp(low, high, t) = fma(high - low, t, low), first along the two rows, then
//          between them. Lanes that are zero stay zero.
#ifndef CONVOY_KERNELS_RESIZE_H
#define CONVOY_KERNELS_RESIZE_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace resize {

struct Tap {
  int32_t low;
  int32_t high;
  float t;
};

struct Rows {
  const float* in;
  float* out;
  int64_t begin;
  int64_t end;
  int32_t in_h;
  int32_t in_w;
  int32_t out_h;
  int32_t out_w;
  const Tap* rows;     // out_h
  const Tap* columns;  // out_w
};

using Function = void (*)(const Rows& rows);

struct Table {
  Function bilinear;
};

const Table& table(Isa isa);

}  // namespace resize
}  // namespace convoy

#endif
