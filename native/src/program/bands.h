// Convolutions that follow one another band by band: a band is a few rows of the last one's output, and what passes
// between them is kept for a few rows only, in memory of the thread that computes it, so that it stays near.
#ifndef CONVOY_PROGRAM_BANDS_H
#define CONVOY_PROGRAM_BANDS_H

#include "program/step.h"

namespace convoy {

// Rows begin .. end - 1 of a value.
struct Rows {
  int begin, end;

  int count() const { return end - begin; }
};

// A step that can compute some rows of its output. Its values may be rolling.
class BandStep : public Step {
 public:
  // The rows of its first input that these rows of its output are computed from.
  virtual Rows needs(Rows out) const = 0;
  // Computes them for an image, on the calling thread alone.
  virtual void run_rows(const Run& run, int64_t image, Rows out) const = 0;
};

constexpr int kMostBandSteps = 8;

// Steps begin .. end - 1, of which each hands a rolling value to the next.
struct Bands {
  int begin, end;
  int rows;    // of the last step's output, at a time
  int height;  // of that output
};

}  // namespace convoy

#endif
