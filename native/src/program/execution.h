// The memory of one run of a program at a time, and the order in which its steps meet the images.
//
// A segment that takes all images of the run at once goes step by step, every step on all threads. A segment that takes
// a few at a time is dealt out by images: each thread carries its own slices through all steps of the segment, in
// memory of its own, and waits for nobody. Images that are too few for every thread to have one go slice by slice, on
// all threads.
//
// Steps in bands go image by image, each image, or a part of its rows, on one thread. Where parts meet, both threads
// compute the rows that both need.
#ifndef CONVOY_PROGRAM_EXECUTION_H
#define CONVOY_PROGRAM_EXECUTION_H

#include <atomic>
#include <vector>

#include "program/bands.h"
#include "program/program.h"

namespace convoy {

class Execution {
 public:
  explicit Execution(const Program& program);

  // Of a value in the arena; throws for any other.
  float* value(int id) const;
  int64_t bytes() const { return arena_.bytes() + own_.bytes(); }
  // seconds: one number per step, or null.
  void run(int batch, double* seconds);
  int steps() const { return static_cast<int>(program_.steps().size()); }

 private:
  struct Steps {
    size_t begin, end;
  };

  // For images begin .. end - 1, on this many threads from this slot on.
  Run run_of(int slot, int threads, int64_t begin, int64_t end);
  void run_whole(const Steps& steps, int batch);
  void run_sliced(const Steps& steps, int images, int batch);
  void run_slice(const Steps& steps, const Run& run, int slot);
  void run_bands(const Bands& bands, const Run& run, int slot);
  void run_rows(const Bands& bands, const Run& run, int64_t image, Rows rows, int slot);
  // Runs step i by `action` and takes its time.
  template <class Action>
  void timed(size_t i, const Run& run, int slot, Action&& action);

  // Memory of the thread that has this slot, and asks: scratch, then a segment's own values, then rolling ones.
  float* memory_of(int slot) const { return slot == 0 ? own_.data() : worker_memory(); }

  const Program& program_;
  const int threads_;
  int64_t local_begin_ = 0, rolling_begin_ = 0;  // in a thread's memory
  AlignedBuffer arena_;
  AlignedBuffer own_;  // the calling thread's memory
  bool profiling_ = false;
  std::vector<double> seconds_;  // [slot][step], while profiling
  std::atomic<bool> running_{false};
  std::atomic<const Step*> failed_{nullptr};  // the last of a run that did
};

}  // namespace convoy

// The opaque type of convoy.h.
struct convoy_execution : convoy::Execution {
  using Execution::Execution;
};

#endif
