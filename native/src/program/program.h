// The compiled network: values with their places in memory, and steps that are run one behind the other, segment by
// segment. execution.h runs it.
#ifndef CONVOY_PROGRAM_PROGRAM_H
#define CONVOY_PROGRAM_PROGRAM_H

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/isa.h"
#include "base/pool.h"
#include "convoy/convoy.h"
#include "program/preference.h"

namespace convoy {

constexpr int kBlock = 16;  // channels of a block of CONVOY_BLOCKED16

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

// Steps begin .. (the next segment's begin) - 1, which run one behind the other for at most `images` images before the
// next images take their place, so that what passes between them stays in the caches.
struct Segment {
  int begin;
  int images;
  int64_t local_floats;  // memory of its own values for so many images
};

constexpr int kMostBandSteps = 8;

// Steps begin .. end - 1, of which each hands a rolling value to the next; see bands.h.
struct Bands {
  int begin, end;
  int rows;    // of the last step's output, at a time
  int height;  // of that output
};

class BandStep;

class Program {
 public:
  Program(Isa isa, convoy_mode mode, int max_batch, int threads, int64_t arena_floats);

  // All return the number of what they add and throw if it breaks the contract of convoy.h.
  int begin_segment(int images, int64_t local_floats);
  int add_value(int32_t layout, int c, int h, int w, int64_t offset);
  int add_local_value(int32_t layout, int c, int h, int w, int64_t offset);
  // Of BLOCKED16, for the step that is added next.
  int add_rolling_value(int c, int h, int w, int held);
  void set_image_stride(int id, int64_t floats);
  // Where the parameters of the next step may be put.
  float* staging(int64_t floats);
  int add_step(std::unique_ptr<Step> step);
  // One that computes `out` from the values `in`; that and the first of these may be rolling.
  int add_step(std::unique_ptr<Step> step, std::initializer_list<int> in, int out);
  void seal();

  // For the next step. Throws, naming the argument, if there is no such value or another segment keeps it.
  const Value& value(int id, const char* name) const;
  // The same, for a step that may be a BandStep: the value may be rolling, if it is this step's turn.
  const Value& band_input(int id, const char* name) const;
  const Value& band_output(int id, const char* name) const;
  const Step& step(int id) const;

  Isa isa() const { return isa_; }
  convoy_mode mode() const { return mode_; }
  int max_batch() const { return max_batch_; }
  // The most images that the next step meets in one run of it.
  int slice() const { return segments_.back().images; }
  int threads() const { return threads_; }  // 0: all of the pool
  int64_t arena_floats() const { return arena_floats_; }
  bool sealed() const { return sealed_; }
  // Of the steps to come.
  Preference& preference() { return preference_; }
  const Preference& preference() const { return preference_; }
  const std::vector<std::unique_ptr<Step>>& steps() const { return steps_; }
  const std::vector<Segment>& segments() const { return segments_; }
  const std::vector<Bands>& bands() const { return bands_; }
  int64_t rolling_floats() const { return rolling_floats_; }  // of each thread
  const std::vector<Value>& values() const { return values_; }

  // Whether two values share memory for any image.
  bool overlap(const Value& a, const Value& b) const;
  // Throws if out shares memory with in, which only element-wise steps allow, and only at the same offset.
  void require_apart(const Value& in, const Value& out, const char* what) const;

 private:
  int add_value_in(int segment, int32_t layout, int c, int h, int w, int64_t offset);
  int append(std::unique_ptr<Step> step);
  // Images that the memory of this segment, the arena, or a thread's rolling values, holds.
  int images_in(int segment) const;
  int64_t memory_floats(int segment) const;
  const Value& any_value(int id, const char* name) const;
  void require_no_bands() const;
  Bands make_bands(const BandStep& last, int id, int height) const;
  bool fits(const Bands& bands, int rows, const BandStep& last) const;

  Isa isa_;
  convoy_mode mode_;
  int max_batch_;
  int threads_;
  int64_t arena_floats_;
  bool sealed_ = false;
  std::vector<Segment> segments_;  // never empty
  Preference preference_;
  AlignedBuffer staging_;
  std::vector<Value> values_;
  int values_of_steps_ = 0;  // declared before the last step: steps have copied them
  std::vector<std::unique_ptr<Step>> steps_;
  std::vector<Bands> bands_;
  // By the steps of the bands that are being described:
  std::vector<int> passed_;  // what the first one reads, then the rolling values
  std::vector<int> read_;    // whole values
  int64_t rolling_floats_ = 0;
};

}  // namespace convoy

// The opaque type of convoy.h.
struct convoy_program : convoy::Program {
  using Program::Program;
};

#endif
