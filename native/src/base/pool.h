// The process-wide pool. A loop over independent tasks reads
//
//   parallel_for(tasks, max_threads, [&](int64_t task, int slot) { ... });
//
// The caller works too; workers help whichever loop has tasks left. Any number of threads may call at once, from which
// no further thread ever comes. Each participant has its own slot in 0 .. max_threads - 1, for scratch memory. Tasks
// are dealt out as one contiguous range per slot; who is done early takes from the others. What a task computes must
// not depend on its slot.
#ifndef CONVOY_BASE_POOL_H
#define CONVOY_BASE_POOL_H

#include <cstdint>
#include <type_traits>

#include "convoy/convoy.h"

namespace convoy {

constexpr int kMaxThreads = CONVOY_MAX_THREADS;

// Grows the pool to this many threads, callers included; never shrinks it.
void pool_start(int threads);

// 0 before pool_start.
int pool_threads();

// Workers have memory for their tasks; what a task leaves there means nothing to the next one. From now on each, also
// those to come, has at least this much. Not inside a loop.
void pool_reserve(int64_t floats);

// The calling worker's; null on other threads. It stays where it is while a task runs.
float* worker_memory();

using TaskFunction = void (*)(void* context, int64_t task, int slot);

void run_tasks(int64_t tasks, int max_threads, TaskFunction function, void* context);

// body must not throw.
template <class Body>
void parallel_for(int64_t tasks, int max_threads, Body&& body) {
  run_tasks(
      tasks, max_threads,
      [](void* context, int64_t task, int slot) {
        (*static_cast<std::remove_reference_t<Body>*>(context))(task, slot);
      },
      &body);
}

}  // namespace convoy

#endif
