#include "program/execution.h"

#include <algorithm>
#include <chrono>

#include "base/status.h"

namespace convoy {
namespace {

// A cache line between the pieces of two threads, and no two of them a power of two apart.
int64_t apart(int64_t floats) { return floats == 0 ? 0 : ceil_div(floats, kBlock) * kBlock + kBlock; }

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

Execution::Execution(const Program& program)
    : program_(program),
      threads_(program.threads() == 0 ? std::max(1, pool_threads()) : program.threads()),
      arena_(program.arena_floats()),
      seconds_(threads_ * program.steps().size()) {
  require(program.sealed(), "the program must be sealed before it is executed");
  for (const auto& step : program.steps()) {
    scratch_floats_ = std::max(scratch_floats_, step->scratch_floats());
  }
  for (const Segment& segment : program.segments()) {
    local_floats_ = std::max(local_floats_, segment.local_floats);
  }
  scratch_floats_ = apart(scratch_floats_);
  local_floats_ = apart(local_floats_);
  scratch_ = AlignedBuffer(scratch_floats_ * threads_);
  local_ = AlignedBuffer(local_floats_ * threads_);
}

float* Execution::value(int id) const {
  const auto& values = program_.values();
  require(id >= 0 && id < static_cast<int>(values.size()), "there is no value %d; there are %d", id,
          static_cast<int>(values.size()));
  require(values[id].segment == kArena, "value %d belongs to segment %d: it is gone when a run ends", id,
          values[id].segment);
  return arena_.data() + values[id].offset;
}

void Execution::run(int batch, double* seconds) {
  require(batch >= 1 && batch <= program_.max_batch(), "batch must be 1 to %d, not %d", program_.max_batch(), batch);
  require(!running_.exchange(true, std::memory_order_acquire), "the execution is running in another thread");
  profiling_ = seconds != nullptr;
  if (profiling_) {
    std::fill(seconds_.begin(), seconds_.end(), 0.0);
  }
  const auto& segments = program_.segments();
  for (size_t i = 0; i < segments.size(); ++i) {
    const Steps steps{static_cast<size_t>(segments[i].begin),
                      i + 1 < segments.size() ? static_cast<size_t>(segments[i + 1].begin) : program_.steps().size()};
    if (segments[i].images == program_.max_batch()) {
      run_whole(steps, batch);
    } else {
      run_sliced(steps, segments[i].images, batch);
    }
  }
  if (profiling_) {
    for (size_t i = 0; i < program_.steps().size(); ++i) {
      seconds[i] = 0;
      for (int slot = 0; slot < threads_; ++slot) {
        seconds[i] += seconds_[slot * program_.steps().size() + i];
      }
    }
  }
  running_.store(false, std::memory_order_release);
}

void Execution::run_whole(const Steps& steps, int batch) {
  run_slice(steps, {arena_.data(), scratch_.data(), scratch_floats_, threads_, batch, local_of(0), 0}, 0);
}

void Execution::run_sliced(const Steps& steps, int images, int batch) {
  const int share = batch / threads_;  // images of a thread
  const int64_t slices = ceil_div(share, images);
  if (share > 0) {
    parallel_for(slices * threads_, threads_, [&](int64_t task, int slot) {
      const int64_t thread = task / slices, slice = task % slices;
      const int64_t begin = thread * share + share * slice / slices;
      const int64_t end = thread * share + share * (slice + 1) / slices;
      run_slice(steps,
                {arena_.data(), scratch_.data() + slot * scratch_floats_, scratch_floats_, 1,
                 static_cast<int>(end - begin), local_of(slot), begin},
                slot);
    });
  }
  for (int begin = share * threads_; begin < batch; begin += images) {
    run_slice(steps,
              {arena_.data(), scratch_.data(), scratch_floats_, threads_, std::min(images, batch - begin), local_of(0),
               begin},
              0);
  }
}

void Execution::run_slice(const Steps& steps, const Run& run, int slot) {
  if (!profiling_) {
    for (size_t i = steps.begin; i < steps.end; ++i) {
      program_.steps()[i]->run(run);
    }
    return;
  }
  double* const seconds = seconds_.data() + slot * program_.steps().size();
  for (size_t i = steps.begin; i < steps.end; ++i) {
    const double start = now();
    program_.steps()[i]->run(run);
    // of the whole run's time where every thread is at work on images of its own
    seconds[i] += (now() - start) * run.threads / threads_;
  }
}

}  // namespace convoy
