#include "program/execution.h"

#include <algorithm>
#include <chrono>

#include "base/status.h"

namespace convoy {
namespace {

// Rows of an image below which it is not cut for another thread: too many would be computed twice.
constexpr int kLeastPart = 8;

// A cache line between a thread's pieces of memory, and no two of them a power of two apart.
int64_t apart(int64_t floats) { return floats == 0 ? 0 : ceil_div(floats, kBlock) * kBlock + kBlock; }

// Makes the memory exist, on all threads of the pool: no run waits for the system to find and clear pages.
void touch(const AlignedBuffer& memory) {
  constexpr int64_t kPage = 4096 / sizeof(float), kTask = 512 * kPage;  // a huge page
  parallel_for(ceil_div(memory.size(), kTask), kMaxThreads, [&](int64_t task, int) {
    for (int64_t i = task * kTask; i < std::min(memory.size(), (task + 1) * kTask); i += kPage) {
      memory.data()[i] = 0;
    }
  });
}

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

Execution::Execution(const Program& program)
    : program_(program),
      threads_(program.threads() == 0 ? std::max(1, pool_threads()) : program.threads()),
      arena_(program.arena_floats()),
      seconds_(threads_ * program.steps().size()) {
  require(program.sealed(), "the program must be sealed before it is executed");
  int64_t scratch = 0, local = 0;
  for (const auto& step : program.steps()) {
    scratch = std::max(scratch, step->scratch_floats());
  }
  for (const Segment& segment : program.segments()) {
    local = std::max(local, segment.local_floats);
  }
  local_begin_ = apart(scratch);
  rolling_begin_ = local_begin_ + apart(local);
  const int64_t floats = rolling_begin_ + apart(program.rolling_floats());
  own_ = AlignedBuffer(floats);
  if (threads_ > 1) {
    pool_reserve(floats);
  }
  touch(arena_);
  touch(own_);
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
  failed_.store(nullptr, std::memory_order_relaxed);
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
  const Step* const failed = failed_.load(std::memory_order_relaxed);
  running_.store(false, std::memory_order_release);
  if (failed != nullptr) {
    fail(CONVOY_OUT_OF_MEMORY, "a layer failed while it ran (%s): is there memory left?", failed->algorithm.c_str());
  }
}

Run Execution::run_of(int slot, int threads, int64_t begin, int64_t end) {
  float* const memory = memory_of(slot);
  Run run{arena_.data(), memory, threads, static_cast<int>(end - begin)};
  run.local = memory + local_begin_;
  run.first = begin;
  run.failed = &failed_;
  return run;
}

void Execution::run_whole(const Steps& steps, int batch) { run_slice(steps, run_of(0, threads_, 0, batch), 0); }

void Execution::run_sliced(const Steps& steps, int images, int batch) {
  const int share = batch / threads_;  // images of a thread
  const int64_t slices = ceil_div(share, images);
  if (share > 0) {
    parallel_for(slices * threads_, threads_, [&](int64_t task, int slot) {
      const int64_t thread = task / slices, slice = task % slices;
      const int64_t begin = thread * share + share * slice / slices;
      const int64_t end = thread * share + share * (slice + 1) / slices;
      run_slice(steps, run_of(slot, 1, begin, end), slot);
    });
  }
  for (int64_t begin = int64_t{share} * threads_; begin < batch; begin += images) {
    run_slice(steps, run_of(0, threads_, begin, std::min<int64_t>(batch, begin + images)), 0);
  }
}

void Execution::run_slice(const Steps& steps, const Run& run, int slot) {
  const auto& all = program_.bands();
  auto bands =
      std::find_if(all.begin(), all.end(), [&](const Bands& b) { return b.begin >= static_cast<int>(steps.begin); });
  for (size_t i = steps.begin; i < steps.end; ++i) {
    if (bands != all.end() && bands->begin == static_cast<int>(i)) {
      run_bands(*bands, run, slot);
      i = bands->end - 1;
      ++bands;
    } else {
      timed(i, run, slot, [&] { program_.steps()[i]->run(run); });
    }
  }
}

void Execution::run_bands(const Bands& bands, const Run& run, int slot) {
  auto one = [&](int64_t image, Rows rows, int own, int scratch) {
    Run mine = run;
    mine.threads = 1;
    mine.scratch = run.scratch_of(scratch);
    mine.rolling = memory_of(own) + rolling_begin_;
    run_rows(bands, mine, image, rows, own);
  };
  if (run.threads == 1) {
    for (int64_t image = 0; image < run.batch; ++image) {
      one(image, {0, bands.height}, slot, 0);
    }
    return;
  }
  // parts of an image until every thread has the same share
  int parts = 1;
  while (int64_t{run.batch} * parts % run.threads != 0 && int64_t{run.batch} * parts < 4 * run.threads &&
         bands.height / (parts + 1) >= std::min(bands.rows, kLeastPart)) {
    ++parts;
  }
  run.parallel(int64_t{run.batch} * parts, [&](int64_t task, int own) {
    const int64_t part = task % parts;
    one(task / parts,
        {static_cast<int>(bands.height * part / parts), static_cast<int>(bands.height * (part + 1) / parts)}, own, own);
  });
}

void Execution::run_rows(const Bands& bands, const Run& run, int64_t image, Rows rows, int slot) {
  const int steps = bands.end - bands.begin;
  auto step = [&](int i) -> const BandStep& {
    return static_cast<const BandStep&>(*program_.steps()[bands.begin + i]);
  };
  int done[kMostBandSteps] = {};  // rows below it are computed or not needed
  for (int begin = rows.begin; begin < rows.end; begin += bands.rows) {
    Rows missing[kMostBandSteps];
    missing[steps - 1] = {begin, std::min(rows.end, begin + bands.rows)};
    for (int i = steps - 2; i >= 0; --i) {
      missing[i] = missing[i + 1].count() > 0 ? step(i + 1).needs(missing[i + 1]) : Rows{done[i], done[i]};
      missing[i].begin = std::max(missing[i].begin, done[i]);
      done[i] = std::max(missing[i].end, done[i]);
    }
    for (int i = 0; i < steps; ++i) {
      if (missing[i].count() > 0) {
        timed(bands.begin + i, run, slot, [&] { step(i).run_rows(run, image, missing[i]); });
      }
    }
  }
}

template <class Action>
void Execution::timed(size_t i, const Run& run, int slot, Action&& action) {
  if (!profiling_) {
    action();
    return;
  }
  const double start = now();
  action();
  // of the whole run's time where every thread is at work on images of its own
  seconds_[slot * program_.steps().size() + i] += (now() - start) * run.threads / threads_;
}

}  // namespace convoy
