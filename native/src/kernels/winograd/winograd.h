// The transforms of a convolution by F(mh x mw, rh x rw) on BLOCKED16: of filters, and of a run of tiles side by side.
// A tile is rows x columns outputs, at most mh x mw, and has (rows + rh - 1) x (columns + rw - 1) points; point (i, j)
// of a tile is number i * (mw + rw - 1) + j. points.h says which points.
//
// Contract
//   filter   tap (y, x) of input channel c of sixteen filters lies at taps + ((c * rh + y) * rw + x) * 16. Writes their
//            points, computed in double and rounded once, at points + point * point_stride + c * channel_stride.
//   in, out  sixteen channels; pixels of a row of outputs lie 16 floats apart.
//   input    pixel (y, x) of tile t is pixel (input.y + y, input.x + t * mw + x) of the plane `in` of height x width,
//            whose rows and pixels lie in_row and in_pixel floats apart, in_pixel at most 32; what lies outside counts
//            as 0 and is not read. Writes the sixteen floats at v + point * v_point + t * 16 for every point of each
//            tile, nothing else.
//   output   reads the same places of m. Adds the bias, the residual, activates, zeroes lanes >= lanes, and writes
//            the tile's pixels: (y, x) at out + y * out_row + (t * mw + x) * 16, in the residual likewise.
//   far      asks for the lines of v or m of the tiles behind, also a little beyond the run.
//   order    per element fixed: whatever the run, the tile's place in it and the instruction set, the same bits.
#ifndef CONVOY_KERNELS_WINOGRAD_H
#define CONVOY_KERNELS_WINOGRAD_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace winograd {

struct Filters {
  const double* taps;
  int64_t channels;
  float* points;
  int64_t point_stride, channel_stride;
};

struct Input {
  const float* in;
  int64_t in_row, in_pixel;
  int64_t height, width;
  int64_t y, x;  // may be outside
  int64_t tiles;
  int32_t rows, columns;
  float* v;
  int64_t v_point;
  bool far;  // a hint: v lies beyond the level-2 cache
};

struct Output {
  const float* m;
  int64_t m_point;
  int64_t tiles;
  int32_t rows, columns;
  const float* bias;      // sixteen
  const float* residual;  // or null
  float* out;
  int64_t out_row;
  int32_t lanes;
  int32_t activation;
  float alpha;
  bool far;  // a hint: m lies beyond the level-2 cache
};

// Outputs of a tile and taps of the filter along rows or columns.
struct Axis {
  int size;
  int taps;

  int points() const { return size + taps - 1; }
};

struct Kernel {
  void (*filter)(const Filters& filters);
  void (*input)(const Input& run);
  void (*output)(const Output& run);
  Axis h, w;
};

// For tiles of size x size outputs (of one row or column where the filter has one); without functions if there is none.
Kernel kernel(Isa isa, int size, int taps_h, int taps_w);

}  // namespace winograd
}  // namespace convoy

#endif
