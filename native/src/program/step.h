// What a program is made of, and what a run of it gives its steps.
#ifndef CONVOY_PROGRAM_STEP_H
#define CONVOY_PROGRAM_STEP_H

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>

#include "base/pool.h"
#include "program/value.h"

namespace convoy {

class Step;

// What a step may use while it runs: images 0 .. batch - 1 of a slice, which are images first, first + 1 .. of the run.
struct Run {
  float* arena;
  float* scratch;  // the calling thread's, as much as the step wants; other threads have as much in worker_memory()
  int threads;
  int batch;
  float* local = nullptr;  // the segment's memory
  int64_t first = 0;
  float* rolling = nullptr;  // of the thread
  std::atomic<const Step*>* failed = nullptr;

  float* image(const Value& value, int64_t n) const {
    if (value.rolling()) {
      return rolling + value.offset;
    }
    return value.segment == kArena ? arena + value.offset + (first + n) * value.image_floats
                                   : local + value.offset + n * value.image_floats;
  }
  // Channel block n, counted through all images.
  float* plane(const Value& value, int64_t n) const {
    return image(value, n / value.blocks()) + n % value.blocks() * value.plane();
  }
  // Of the thread that has this slot, which asks for its own or, slot 0, for the caller's.
  float* scratch_of(int slot) const { return slot == 0 ? scratch : worker_memory(); }
  // For a step that could not compute what it should, on any thread.
  void fail(const Step& step) const {
    if (failed != nullptr) {
      failed->store(&step, std::memory_order_relaxed);
    }
  }

  // The same with no more threads than this many multiply-accumulates in all are worth waking.
  Run worth(int64_t macs) const {
    constexpr int64_t kWorthAThread = 400'000;  // about ten microseconds of one: what waking and waiting costs, twice
    Run fewer = *this;
    fewer.threads = static_cast<int>(std::clamp<int64_t>(macs / kWorthAThread, 1, threads));
    return fewer;
  }

  // Whether so many tasks of the same size keep all threads busy, but for a thirtieth of the time.
  bool even(int64_t tasks) const { return (threads - tasks % threads) % threads * 30 <= tasks; }

  // In how many parts each of so many tasks has to be cut for that: `parts` or more, up to `most`; `parts` if no such
  // number will do.
  int64_t even_parts(int64_t tasks, int64_t parts, int64_t most) const {
    for (int64_t cut = parts; cut <= most; ++cut) {
      if (even(tasks * cut)) {
        return cut;
      }
    }
    return parts;
  }

  // body(task, slot), in any order on any of the run's threads.
  template <class Body>
  void parallel(int64_t tasks, Body&& body) const {
    parallel_for(tasks, threads, body);
  }
};

// One operation with its packed parameters and chosen kernels; immutable once made. run() neither allocates nor throws.
class Step {
 public:
  virtual ~Step() = default;
  virtual void run(const Run& run) const = 0;
  virtual int64_t scratch_floats() const { return 0; }  // of each thread, whatever the batch
  virtual int64_t parameter_bytes() const { return 0; }

  std::string algorithm;   // such as "pointwise 14x32 avx512"
  std::string refusals;    // one "name: reason" a line
  std::string candidates;  // names of those that accept, one a line, the chosen one first; empty: there is no choice
};

}  // namespace convoy

#endif
