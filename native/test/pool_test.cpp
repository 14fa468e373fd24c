#include "base/pool.h"

#include <dirent.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "convoy/convoy.h"

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

std::set<std::string> tasks_of_process() {
  std::set<std::string> names;
  DIR* tasks = opendir("/proc/self/task");
  while (const dirent* task = readdir(tasks)) {
    if (task->d_name[0] != '.') {
      names.insert(task->d_name);
    }
  }
  closedir(tasks);
  return names;
}

uint64_t blocked_signals(const std::string& task) {
  std::ifstream status("/proc/self/task/" + task + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("SigBlk:", 0) == 0) {
      return std::stoull(line.substr(7), nullptr, 16);
    }
  }
  return 0;
}

// A signal that comes between a worker's start and its first instruction is not for it either.
TEST(Pool, WorkersAreBornWithSignalsBlocked) {
  const std::set<std::string> before = tasks_of_process();
  sigset_t mine, after;
  pthread_sigmask(SIG_SETMASK, nullptr, &mine);
  pool_start(std::max(1, pool_threads()) + 4);
  const auto bit = [](int signal) { return uint64_t{1} << (signal - 1); };
  int born = 0;
  for (const std::string& task : tasks_of_process()) {
    if (before.count(task) == 0) {
      const uint64_t blocked = blocked_signals(task);
      EXPECT_EQ(blocked & (bit(SIGTERM) | bit(SIGPROF) | bit(SIGCHLD)), bit(SIGTERM) | bit(SIGPROF) | bit(SIGCHLD));
      ++born;
    }
  }
  EXPECT_GE(born, 4);
  // faults are not blocked: a crash is to be seen
  const int threads = pool_threads();
  std::atomic<int> inside{0}, blind{0};
  parallel_for(threads, threads, [&](int64_t, int) {
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    blind += sigismember(&blocked, SIGSEGV) != 0 || sigismember(&blocked, SIGFPE) != 0;
    for (++inside; inside < threads;) {
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(blind, 0);
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  EXPECT_EQ(sigismember(&mine, SIGTERM), sigismember(&after, SIGTERM));
}

#ifndef CONVOY_SANITIZED  // a sanitizer needs more address space than this leaves
TEST(PoolDeathTest, WithoutAnotherThreadItIsAnErrorOfTheSystem) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto starve = [] {
    const rlimit limit{size_t{256} << 20, size_t{256} << 20};
    setrlimit(RLIMIT_AS, &limit);
    const int32_t status = convoy_pool_start(kMaxThreads);
    std::fprintf(stderr, "%s", convoy_last_error());
    std::_Exit(status == CONVOY_OUT_OF_MEMORY && pool_threads() > 0 ? 0 : 1);
  };
  EXPECT_EXIT(starve(), testing::ExitedWithCode(0), "the system gave no thread");
}
#endif

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
  const int most = pool_threads();
  pool_start(2);
  EXPECT_EQ(pool_threads(), most);
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

TEST(Pool, WorkersHaveMemoryOfTheirOwnThatGrowsBetweenLoops) {
  constexpr int kThreads = 4;
  constexpr int64_t kFirst = 1 << 12, kSecond = 1 << 21;
  pool_start(kThreads);
  pool_reserve(kFirst);
  EXPECT_EQ(worker_memory(), nullptr);
  std::atomic<int> inside{0}, wrong{0};
  std::atomic<bool> grown{false};
  float* memory[kThreads] = {};
  std::thread caller([&] {
    parallel_for(kThreads, kThreads, [&](int64_t, int slot) {
      memory[slot] = worker_memory();
      wrong += (slot == 0) != (memory[slot] == nullptr);
      if (slot > 0) {
        memory[slot][kFirst - 1] = static_cast<float>(slot);
      }
      ++inside;
      while (!grown) {
        std::this_thread::yield();
      }
      wrong += worker_memory() != memory[slot] || (slot > 0 && memory[slot][kFirst - 1] != static_cast<float>(slot));
    });
  });
  while (inside < kThreads) {
    std::this_thread::yield();
  }
  pool_reserve(kSecond);
  pool_reserve(kFirst);
  grown = true;
  caller.join();
  EXPECT_EQ(wrong, 0);
  for (int slot = 1; slot < kThreads; ++slot) {
    for (int other = slot + 1; other < kThreads; ++other) {
      EXPECT_GE(std::abs(memory[slot] - memory[other]), kFirst);
    }
  }
  std::atomic<int> writing{0};
  parallel_for(kThreads, kThreads, [&](int64_t, int slot) {
    if (slot > 0) {
      worker_memory()[kSecond - 1] = 1;
    }
    ++writing;
    while (writing < kThreads) {  // so that every thread has a task
      std::this_thread::yield();
    }
  });
}

TEST(Pool, AllowsLoopsInsideTasks) {
  pool_start(4);
  std::atomic<int> ran{0};
  parallel_for(8, 4, [&](int64_t, int) { parallel_for(8, 4, [&](int64_t, int) { ++ran; }); });
  EXPECT_EQ(ran, 64);
}

}  // namespace
}  // namespace convoy::test
