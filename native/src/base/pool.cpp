#include "base/pool.h"

#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/status.h"

namespace convoy {
namespace {

// A loop in flight. It lives on its caller's stack: a worker may touch it only between join and leave, both under the
// pool's mutex, and the caller returns only when it saw, under the same mutex, that nobody is left.
struct Region {
  struct alignas(64) Range {
    std::atomic<int64_t> next;  // set by run_tasks for the slots in use: 256 of them would cost more than the loop
    int64_t end;
  };

  TaskFunction function;
  void* context;
  int slots;
  int joined = 1;   // the caller has slot 0
  int helpers = 0;  // workers inside
  Region* older = nullptr;
  std::condition_variable left;
  std::atomic<bool> lonely{true};  // a hint for spinning; helpers is the truth
  Range ranges[kMaxThreads];

  void work(int slot) {
    for (int i = 0; i < slots; ++i) {
      Range& range = ranges[slot + i < slots ? slot + i : slot + i - slots];
      while (range.next.load(std::memory_order_relaxed) < range.end) {
        int64_t task = range.next.fetch_add(1, std::memory_order_relaxed);
        if (task >= range.end) {
          break;
        }
        function(context, task, slot);
      }
    }
  }

  bool exhausted() const {
    for (int i = 0; i < slots; ++i) {
      if (ranges[i].next.load(std::memory_order_relaxed) < ranges[i].end) {
        return false;
      }
    }
    return true;
  }
};

// Long enough to bridge the gap between two layers and a small layer that one thread does alone: waking a sleeper costs
// more. Short enough not to be seen in a profile of an idle service.
constexpr auto kSpin = std::chrono::microseconds(100);

template <class Done>
void spin_until(Done&& done) {
  auto limit = std::chrono::steady_clock::now() + kSpin;
  do {
    for (int i = 0; i < 32; ++i) {
      if (done()) {
        return;
      }
      __builtin_ia32_pause();
    }
  } while (std::chrono::steady_clock::now() < limit);
}

// As long as it lives, the calling thread gets no signals, and threads that it starts never do: they are for those of
// the embedding program. Faults are the thread's own, so that whoever reports crashes sees them.
class NoSignals {
 public:
  NoSignals() {
    sigset_t blocked;
    sigfillset(&blocked);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP}) {
      sigdelset(&blocked, fault);
    }
    pthread_sigmask(SIG_SETMASK, &blocked, &before_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_;
};

struct Worker {
  AlignedBuffer memory;
  AlignedBuffer larger;  // takes its place before the worker joins the next loop
};

thread_local float* memory_of_thread = nullptr;

class Pool {
 public:
  void grow(int threads) {
    std::lock_guard<std::mutex> growing(growing_);
    while (threads_.load(std::memory_order_relaxed) < threads) {
      int now = threads_.load(std::memory_order_relaxed);
      if (now > 0) {
        start_worker();
      }
      threads_.store(now + 1, std::memory_order_release);
    }
  }

  void reserve(int64_t floats) {
    std::lock_guard<std::mutex> growing(growing_);
    if (floats <= reserved_) {
      return;
    }
    std::vector<AlignedBuffer> larger;
    for (size_t i = 0; i < workers_.size(); ++i) {
      larger.emplace_back(floats);
    }
    std::lock_guard<std::mutex> lock(mutex_);
    for (size_t i = 0; i < workers_.size(); ++i) {
      workers_[i]->larger = std::move(larger[i]);
    }
    reserved_ = floats;
  }

  int threads() const { return threads_.load(std::memory_order_acquire); }

  void run(Region& region) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      region.older = newest_;
      newest_ = &region;
      published_.fetch_add(1, std::memory_order_release);
      if (sleepers_ > 0) {
        region.slots > 2 ? work_.notify_all() : work_.notify_one();
      }
    }
    region.work(0);
    std::unique_lock<std::mutex> lock(mutex_);
    for (Region** link = &newest_; *link != nullptr; link = &(*link)->older) {
      if (*link == &region) {
        *link = region.older;
        break;
      }
    }
    if (region.helpers > 0) {
      lock.unlock();
      spin_until([&] { return region.lonely.load(std::memory_order_acquire); });
      lock.lock();
      region.left.wait(lock, [&] { return region.helpers == 0; });
    }
  }

 private:
  void start_worker() {
    workers_.push_back(std::make_unique<Worker>());
    try {
      workers_.back()->memory = AlignedBuffer(reserved_);
      const NoSignals inherited;
      std::thread([this, worker = workers_.back().get()] { serve(*worker); }).detach();
    } catch (...) {
      workers_.pop_back();
      throw;
    }
  }

  // A region that wants help, or null. Under the mutex.
  Region* open_region() {
    for (Region* region = newest_; region != nullptr; region = region->older) {
      if (region->joined < region->slots && !region->exhausted()) {
        return region;
      }
    }
    return nullptr;
  }

  [[noreturn]] void serve(Worker& me) {
    pthread_setname_np(pthread_self(), "convoy pool");
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      Region* region = open_region();
      if (region == nullptr) {
        uint64_t seen = published_.load(std::memory_order_relaxed);
        lock.unlock();
        spin_until([&] { return published_.load(std::memory_order_acquire) != seen; });
        lock.lock();
        ++sleepers_;
        work_.wait(lock, [&] { return published_.load(std::memory_order_relaxed) != seen; });
        --sleepers_;
        continue;
      }
      int slot = region->joined++;
      ++region->helpers;
      region->lonely.store(false, std::memory_order_relaxed);
      AlignedBuffer outgrown;
      if (me.larger.data() != nullptr) {
        outgrown = std::exchange(me.memory, std::exchange(me.larger, AlignedBuffer()));
      }
      memory_of_thread = me.memory.data();
      lock.unlock();
      outgrown = AlignedBuffer();
      region->work(slot);
      lock.lock();
      if (--region->helpers == 0) {
        region->lonely.store(true, std::memory_order_release);
        region->left.notify_one();
      }
    }
  }

  std::mutex growing_;  // before mutex_
  std::vector<std::unique_ptr<Worker>> workers_;
  int64_t reserved_ = 0;  // floats of each worker's memory

  std::mutex mutex_;
  std::condition_variable work_;
  std::atomic<uint64_t> published_{0};
  std::atomic<int> threads_{0};
  int sleepers_ = 0;
  Region* newest_ = nullptr;
};

// Never destroyed: workers sleep in it until the process ends.
Pool& process_pool() {
  static Pool* pool = new Pool;
  return *pool;
}

}  // namespace

void pool_start(int threads) {
  require(threads >= 1 && threads <= kMaxThreads, "the pool takes 1 to %d threads, not %d", kMaxThreads, threads);
  process_pool().grow(threads);
}

int pool_threads() { return process_pool().threads(); }

void pool_reserve(int64_t floats) { process_pool().reserve(floats); }

float* worker_memory() { return memory_of_thread; }

void run_tasks(int64_t tasks, int max_threads, TaskFunction function, void* context) {
  Pool& pool = process_pool();
  int64_t slots = max_threads < pool.threads() ? max_threads : pool.threads();
  slots = tasks < slots ? tasks : slots;
  if (slots <= 1) {
    for (int64_t task = 0; task < tasks; ++task) {
      function(context, task, 0);
    }
    return;
  }
  Region region;
  region.function = function;
  region.context = context;
  region.slots = static_cast<int>(slots);
  for (int64_t slot = 0; slot < slots; ++slot) {
    region.ranges[slot].next.store(tasks * slot / slots, std::memory_order_relaxed);
    region.ranges[slot].end = tasks * (slot + 1) / slots;
  }
  pool.run(region);
}

}  // namespace convoy
