#include "base/pool.h"

#include <dirent.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace convoy::test {
namespace {

int threads_of_process() {
  int count = 0;
  DIR* tasks = opendir("/proc/self/task");
  while (readdir(tasks) != nullptr) {
    ++count;
  }
  closedir(tasks);
  return count - 2;  // . and ..
}

TEST(Pool, RunsEveryTaskOnceWithSlotsOfItsOwn) {
  pool_start(4);
  for (int tasks : {0, 1, 2, 3, 5, 100, 10007}) {
    for (int threads : {1, 2, 3, 4, 64}) {
      std::unique_ptr<std::atomic<int>[]> runs(new std::atomic<int>[tasks + 1]());
      std::atomic<bool> in_slot[kMaxThreads] = {};
      std::atomic<int> collisions{0};
      parallel_for(tasks, threads, [&](int64_t task, int slot) {
        collisions += slot < 0 || slot >= threads || in_slot[slot].exchange(true);
        ++runs[task];
        in_slot[slot] = false;
      });
      EXPECT_EQ(collisions, 0);
      for (int task = 0; task < tasks; ++task) {
        ASSERT_EQ(runs[task], 1) << "task " << task << " of " << tasks << ", " << threads << " threads";
      }
    }
  }
}

TEST(Pool, SixtyFourCallersShareItAndAddNoThread) {
  pool_start(4);
  parallel_for(1000, 4, [](int64_t, int) {});
  const int before = threads_of_process();
  constexpr int kCallers = 64, kRounds = 50, kTasks = 40;
  std::atomic<int> most{0};
  std::vector<std::atomic<int64_t>> sums(kCallers);
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      for (int round = 0; round < kRounds; ++round) {
        parallel_for(kTasks, 4, [&](int64_t task, int) { sums[caller] += task; });
      }
      int now = threads_of_process();
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
      }
    });
  }
  for (std::thread& caller : callers) {
    caller.join();
  }
  for (int caller = 0; caller < kCallers; ++caller) {
    EXPECT_EQ(sums[caller], int64_t{kRounds} * kTasks * (kTasks - 1) / 2);
  }
  EXPECT_LE(most, before + kCallers);
  // a joined thread leaves /proc a moment later
  for (int wait = 0; wait < 1000 && threads_of_process() > before; ++wait) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(threads_of_process(), before);
}

TEST(Pool, OnlyGrows) {
  pool_start(4);
  pool_start(2);
  EXPECT_EQ(pool_threads(), 4);
  EXPECT_THROW(pool_start(0), std::exception);
  EXPECT_THROW(pool_start(kMaxThreads + 1), std::exception);
}

TEST(Pool, SleepsAndWakesAgain) {
  pool_start(3);
  for (int round = 0; round < 20; ++round) {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    std::atomic<int> ran{0};
    parallel_for(12, 3, [&](int64_t, int) { ++ran; });
    EXPECT_EQ(ran, 12);
  }
}

TEST(Pool, AllowsLoopsInsideTasks) {
  pool_start(4);
  std::atomic<int> ran{0};
  parallel_for(8, 4, [&](int64_t, int) { parallel_for(8, 4, [&](int64_t, int) { ++ran; }); });
  EXPECT_EQ(ran, 64);
}

}  // namespace
}  // namespace convoy::test
