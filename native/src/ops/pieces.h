// How memory-bound steps are cut into tasks: planes (a channel block of an image, or a whole image) times lines
// (pixels, or rows), large planes in pieces and small ones several to a task.
#ifndef CONVOY_OPS_PIECES_H
#define CONVOY_OPS_PIECES_H

#include <algorithm>
#include <cstdint>

#include "program/program.h"

namespace convoy {

// 32 KB: some microseconds, and still in the level-1 cache where a step looks twice.
constexpr int64_t kPiecePixels = 512;

// Fewer tasks are done before another thread is awake.
constexpr int64_t kFewTasks = 4;

// body(plane, begin, end, slot): lines begin .. end - 1 of the plane; about line_pixels pixels are touched for a line.
template <class Body>
void for_pieces(const Run& run, int64_t planes, int64_t lines, int64_t line_pixels, Body&& body) {
  const int64_t length = std::max<int64_t>(1, kPiecePixels / line_pixels);
  if (lines > length) {
    const int64_t pieces = ceil_div(lines, length);
    parallel_for(planes * pieces, planes * pieces < kFewTasks ? 1 : run.threads, [&](int64_t task, int slot) {
      int64_t begin = task % pieces * length;
      body(task / pieces, begin, std::min(lines, begin + length), slot);
    });
  } else {
    const int64_t group = length / lines;
    const int64_t tasks = ceil_div(planes, group);
    parallel_for(tasks, tasks < kFewTasks ? 1 : run.threads, [&](int64_t task, int slot) {
      for (int64_t plane = task * group; plane < std::min(planes, (task + 1) * group); ++plane) {
        body(plane, int64_t{0}, lines, slot);
      }
    });
  }
}

// The channels of a block that exist.
inline int lanes_of(const Value& value, int block) { return std::min(kBlock, value.c - block * kBlock); }
inline int last_lanes(const Value& value) { return lanes_of(value, value.blocks() - 1); }

}  // namespace convoy

#endif
