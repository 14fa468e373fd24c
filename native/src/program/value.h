// What passes between the steps of a program, and where it lies.
#ifndef CONVOY_PROGRAM_VALUE_H
#define CONVOY_PROGRAM_VALUE_H

#include <cstdint>

#include "base/block.h"

namespace convoy {

constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

constexpr int kArena = -1, kRolling = -2;

// One image's value and where its memory holds image 0; image n lies n * image_floats behind it, which is more than its
// own floats() if it is a part of a larger value. Its memory is the arena, which holds every image of a run, or that of
// one segment, which holds the images of a slice.
//
// A rolling value passes from one step to the next a few rows at a time. A thread's memory holds `held` consecutive
// rows of one image of it: row y takes the place of row y - held.
struct Value {
  int32_t layout;
  int c, h, w;
  int64_t offset;
  int64_t image_floats;
  int segment = kArena;
  int held = 0;  // of a rolling value

  int blocks() const { return static_cast<int>(ceil_div(c, kBlock)); }
  int64_t pixels() const { return int64_t{h} * w; }
  bool rolling() const { return segment == kRolling; }
  int rows() const { return rolling() ? held : h; }               // in memory
  int64_t plane() const { return int64_t{rows()} * w * kBlock; }  // floats of a channel block in memory
  int64_t floats() const { return layout == CONVOY_PLAIN ? c * pixels() : blocks() * plane(); }
  bool end_to_end() const { return image_floats == floats(); }
  bool same_shape(const Value& other) const { return c == other.c && h == other.h && w == other.w; }
  // Whether the other's images begin where these have channel block `block`.
  bool holds(const Value& other, int64_t block) const {
    return segment == other.segment && image_floats == other.image_floats && other.offset == offset + block * plane();
  }
};

}  // namespace convoy

#endif
