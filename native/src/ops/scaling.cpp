#include "ops/scaling.h"

#include <algorithm>

#include "base/pool.h"

namespace convoy {
namespace {

constexpr int64_t kTaskFloats = 1 << 16;  // enough that waking a thread pays

}  // namespace

void scale(float* values, int64_t run, const double* factors, int64_t factor_count) {
  const int64_t task_runs = std::max<int64_t>(1, kTaskFloats / std::max<int64_t>(1, run));
  parallel_for((factor_count + task_runs - 1) / task_runs, kMaxThreads, [&](int64_t task, int) {
    const int64_t end = std::min(factor_count, (task + 1) * task_runs);
    for (int64_t i = task * task_runs; i < end; ++i) {
      for (float* value = values + i * run; value != values + (i + 1) * run; ++value) {
        *value = static_cast<float>(*value * factors[i]);
      }
    }
  });
}

}  // namespace convoy
