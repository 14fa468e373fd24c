// Pooling of BLOCKED16 maps.
//
// Contract
//   in     planes one behind the other: [planes][in_h][in_w][16]; a plane is a channel block of an image.
//   out    [planes][out_h][out_w][16]. Written: the output rows begin .. end - 1, counted through all planes.
//   spans  of every output row and column; a span of count 0 makes an empty window: -infinity (maximum), +infinity
//          (minimum). An average's window is never empty, its steps are 1.
//   order  row-major. Maximum: acc = the first pixel, then x > acc or x is NaN ? x : acc; the minimum mirrors it.
//          Average: a sum from 0, divided once by the product of the two divisors.
//   lanes  every blocks-th plane holds only `last_lanes` channels; its other lanes are written zero.
//   Only pixels of windows are read.
#ifndef CONVOY_KERNELS_POOL_H
#define CONVOY_KERNELS_POOL_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace pool {

// The part of a window along one axis that exists: pixels first, first + step, ...
struct Span {
  int32_t first;
  int32_t count;
  int32_t divisor;
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
  const Span* rows;     // out_h
  const Span* columns;  // out_w
  int32_t row_step;     // pixels
  int32_t column_step;
  int32_t blocks;
  int32_t last_lanes;
};

using Function = void (*)(const Rows& rows);

struct Table {
  Function max;
  Function min;
  Function average;
};

const Table& table(Isa isa);

}  // namespace pool
}  // namespace convoy

#endif
