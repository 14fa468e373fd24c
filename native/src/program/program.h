// The compiled network: values with their places in the arena, and steps that are run one behind the other.
#ifndef CONVOY_PROGRAM_PROGRAM_H
#define CONVOY_PROGRAM_PROGRAM_H

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/isa.h"
#include "base/pool.h"
#include "convoy/convoy.h"

namespace convoy {

constexpr int kBlock = 16;  // channels of a block of CONVOY_BLOCKED16

constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

// One image's value and where the arena holds image 0; image n lies n * image_floats behind it.
struct Value {
  int32_t layout;
  int c, h, w;
  int64_t offset;
  int64_t image_floats;

  int blocks() const { return static_cast<int>(ceil_div(c, kBlock)); }
  int64_t pixels() const { return int64_t{h} * w; }
  bool same_shape(const Value& other) const { return c == other.c && h == other.h && w == other.w; }
};

// What a step may use while it runs.
struct Run {
  float* arena;
  float* scratch;  // threads pieces of scratch_floats each, at cache lines
  int64_t scratch_floats;
  int threads;
  int batch;

  float* image(const Value& value, int64_t n) const { return arena + value.offset + n * value.image_floats; }
  float* scratch_of(int slot) const { return scratch + slot * scratch_floats; }

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

  std::string algorithm;  // such as "pointwise 14x32 avx512"
  std::string refusals;   // one "name: reason" a line
};

class Program {
 public:
  Program(Isa isa, convoy_mode mode, int max_batch, int threads, int64_t arena_floats);

  // Both return the number of what they add and throw if it breaks the contract of convoy.h.
  int add_value(int32_t layout, int c, int h, int w, int64_t offset);
  int add_step(std::unique_ptr<Step> step);
  void seal();

  const Value& value(int id, const char* name) const;  // throws, naming the argument
  const Step& step(int id) const;

  Isa isa() const { return isa_; }
  convoy_mode mode() const { return mode_; }
  int max_batch() const { return max_batch_; }
  int threads() const { return threads_; }  // 0: all of the pool
  int64_t arena_floats() const { return arena_floats_; }
  bool sealed() const { return sealed_; }
  const std::vector<std::unique_ptr<Step>>& steps() const { return steps_; }

  // Whether two values share memory for any image.
  bool overlap(const Value& a, const Value& b) const;
  // Throws if out shares memory with in, which only element-wise steps allow, and only at the same offset.
  void require_apart(const Value& in, const Value& out, const char* what) const;

 private:
  Isa isa_;
  convoy_mode mode_;
  int max_batch_;
  int threads_;
  int64_t arena_floats_;
  bool sealed_ = false;
  std::vector<Value> values_;
  std::vector<std::unique_ptr<Step>> steps_;
};

class Execution {
 public:
  explicit Execution(const Program& program);

  float* value(int id) const;
  int64_t bytes() const { return arena_.bytes() + scratch_.bytes(); }
  // seconds: one number per step, or null.
  void run(int batch, double* seconds);
  int steps() const { return static_cast<int>(program_.steps().size()); }

 private:
  const Program& program_;
  int threads_;
  int64_t scratch_floats_ = 0;
  AlignedBuffer arena_;
  AlignedBuffer scratch_;
  std::atomic<bool> running_{false};
};

}  // namespace convoy

// The opaque types of convoy.h.
struct convoy_program : convoy::Program {
  using Program::Program;
};
struct convoy_execution : convoy::Execution {
  using Execution::Execution;
};

#endif
