#include "program/program.h"

#include <algorithm>
#include <chrono>

#include "base/status.h"

namespace convoy {
namespace {

// Far beyond any memory, far below any overflow of the arithmetic on it.
constexpr int64_t kMaxFloats = int64_t{1} << 44;

}  // namespace

Program::Program(Isa isa, convoy_mode mode, int max_batch, int threads, int64_t arena_floats)
    : isa_(isa), mode_(mode), max_batch_(max_batch), threads_(threads), arena_floats_(arena_floats) {
  require(mode == CONVOY_FAST || mode == CONVOY_EXACT, "there is no mode number %d", static_cast<int>(mode));
  require(max_batch >= 1, "max_batch must be at least 1, not %d", max_batch);
  require(threads >= 0 && threads <= kMaxThreads, "threads must be 0 (all) to %d, not %d", kMaxThreads, threads);
  require(arena_floats >= 0 && arena_floats <= kMaxFloats, "arena_floats must be 0 to 2^44, not %lld",
          static_cast<long long>(arena_floats));
}

int Program::add_value(int32_t layout, int c, int h, int w, int64_t offset) {
  require(!sealed_, "the program is sealed");
  require(layout == CONVOY_PLAIN || layout == CONVOY_BLOCKED16, "there is no layout number %d", layout);
  require(c >= 1 && h >= 1 && w >= 1, "a value of %d x %d x %d has no elements", c, h, w);
  int64_t channels = layout == CONVOY_PLAIN ? c : ceil_div(c, kBlock) * kBlock;
  int64_t image = 0, all = 0, end = 0;
  bool fits = !__builtin_mul_overflow(channels, int64_t{h}, &image) &&
              !__builtin_mul_overflow(image, int64_t{w}, &image) &&
              !__builtin_mul_overflow(image, int64_t{max_batch_}, &all) && !__builtin_add_overflow(all, offset, &end);
  require(offset >= 0 && offset % kBlock == 0, "a value's offset must be a multiple of %d and not negative, not %lld",
          kBlock, static_cast<long long>(offset));
  require(fits && end <= arena_floats_,
          "value %d of %d x %d x %d at offset %lld: %d images end beyond the arena of %lld floats",
          static_cast<int>(values_.size()), c, h, w, static_cast<long long>(offset), max_batch_,
          static_cast<long long>(arena_floats_));
  values_.push_back({layout, c, h, w, offset, image});
  return static_cast<int>(values_.size()) - 1;
}

int Program::add_step(std::unique_ptr<Step> step) {
  require(!sealed_, "the program is sealed");
  steps_.push_back(std::move(step));
  return static_cast<int>(steps_.size()) - 1;
}

void Program::seal() {
  require(!sealed_, "the program is sealed already");
  sealed_ = true;
}

const Value& Program::value(int id, const char* name) const {
  require(id >= 0 && id < static_cast<int>(values_.size()), "%s is value %d; there are %d values", name, id,
          static_cast<int>(values_.size()));
  return values_[id];
}

const Step& Program::step(int id) const {
  require(id >= 0 && id < static_cast<int>(steps_.size()), "there is no step %d; there are %d", id,
          static_cast<int>(steps_.size()));
  return *steps_[id];
}

bool Program::overlap(const Value& a, const Value& b) const {
  return a.offset < b.offset + b.image_floats * max_batch_ && b.offset < a.offset + a.image_floats * max_batch_;
}

void Program::require_apart(const Value& in, const Value& out, const char* what) const {
  require(!overlap(in, out), "%s and the output share memory: offsets %lld and %lld", what,
          static_cast<long long>(in.offset), static_cast<long long>(out.offset));
}

Execution::Execution(const Program& program)
    : program_(program),
      threads_(program.threads() == 0 ? std::max(1, pool_threads()) : program.threads()),
      arena_(program.arena_floats()) {
  require(program.sealed(), "the program must be sealed before it is executed");
  for (const auto& step : program.steps()) {
    scratch_floats_ = std::max(scratch_floats_, step->scratch_floats());
  }
  // a cache line between two threads' scratch, and no two of them a power of two apart
  scratch_floats_ = scratch_floats_ == 0 ? 0 : ceil_div(scratch_floats_, kBlock) * kBlock + kBlock;
  scratch_ = AlignedBuffer(scratch_floats_ * threads_);
}

float* Execution::value(int id) const { return arena_.data() + program_.value(id, "value").offset; }

void Execution::run(int batch, double* seconds) {
  require(batch >= 1 && batch <= program_.max_batch(), "batch must be 1 to %d, not %d", program_.max_batch(), batch);
  require(!running_.exchange(true, std::memory_order_acquire), "the execution is running in another thread");
  Run run{arena_.data(), scratch_.data(), scratch_floats_, threads_, batch};
  for (const auto& step : program_.steps()) {
    auto start = std::chrono::steady_clock::now();
    step->run(run);
    if (seconds != nullptr) {
      *seconds++ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
  }
  running_.store(false, std::memory_order_release);
}

}  // namespace convoy
