// The compiled network: values with their places in memory, and steps that are run one behind the other, segment by
// segment. execution.h runs it.
#ifndef CONVOY_PROGRAM_PROGRAM_H
#define CONVOY_PROGRAM_PROGRAM_H

#include <cstdint>
#include <memory>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/isa.h"
#include "convoy/convoy.h"
#include "program/bands.h"
#include "program/preference.h"
#include "program/step.h"

namespace convoy {

// Steps begin .. (the next segment's begin) - 1, which run one behind the other for at most `images` images before the
// next images take their place, so that what passes between them stays in the caches.
struct Segment {
  int begin;
  int images;
  int64_t local_floats;  // memory of its own values for so many images
};

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
  // One that computes `out` from `in`, of which any may be rolling.
  int add_step(std::unique_ptr<Step> step, int in, int out);
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
  std::vector<int> passed_;  // by the steps of the bands that are being described: what they read, then rolling values
  int64_t rolling_floats_ = 0;
};

}  // namespace convoy

// The opaque type of convoy.h.
struct convoy_program : convoy::Program {
  using Program::Program;
};

#endif
