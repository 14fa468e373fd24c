#include "ops/measure.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/status.h"
#include "kernels/gemm/tables.h"
#include "kernels/peak/peak.h"
#include "program/program.h"

namespace convoy {
namespace {

// The best GFLOP/s of intervals of about a millisecond; run(rounds) returns its operations.
template <class Work>
double best_rate(double seconds, Work&& run) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  int64_t rounds = 16;
  double best = 0;
  do {
    auto start = Clock::now();
    double operations = run(rounds);
    double took = std::chrono::duration<double>(Clock::now() - start).count();
    if (took < 1e-3) {
      rounds *= 2;
    } else {
      best = std::max(best, operations / took * 1e-9);
    }
  } while (Clock::now() < end || best == 0);
  return best;
}

const gemm::Kernel& checked_kernel(Isa isa, int kernel) {
  const gemm::Table& table = gemm::table(isa);
  require(kernel >= 0 && kernel < table.count, "there is no kernel %d of %s; there are %d", kernel,
          isa_name(static_cast<int32_t>(isa)), table.count);
  return table.kernels[kernel];
}

}  // namespace

double checked_seconds(double seconds) {
  require(seconds >= 0 && seconds <= 60, "seconds must be 0 to 60, not %g", seconds);
  return seconds;
}

double measure_peak(Isa isa, double seconds) {
  peak::Kernel kernel = peak::kernel(isa);
  float sink = 0;
  return best_rate(seconds, [&](int64_t rounds) { return kernel(rounds, &sink); });
}

int kernel_count(Isa isa) { return gemm::table(isa).count; }

const char* kernel_name(Isa isa, int kernel) { return checked_kernel(isa, kernel).name; }

double measure_kernel(Isa isa, int kernel_number, int k, double seconds) {
  const gemm::Kernel& kernel = checked_kernel(isa, kernel_number);
  require(k >= 1 && k <= 1 << 20, "k must be 1 to 2^20, not %d", k);
  const int rows = kernel.rows, width = kernel.blocks * kBlock;
  const int64_t slabs = ceil_div(k, kBlock);
  AlignedBuffer a(slabs * rows * kBlock), b(int64_t{k} * width), c(rows * width), bias(width);
  std::vector<gemm::Tap> taps;
  for (int64_t slab = 0; slab < slabs; ++slab) {
    taps.push_back({slab * rows * kBlock, std::min<int64_t>(kBlock, k - slab * kBlock)});
  }
  gemm::Tile tile{};
  tile.a = a.data();
  tile.taps = taps.data();
  tile.tap_count = static_cast<int64_t>(taps.size());
  tile.b = b.data();
  tile.c = c.data();
  tile.c_row = kBlock;
  tile.c_block = int64_t{rows} * kBlock;
  tile.bias = bias.data();
  tile.lanes = width;
  tile.last = true;
  return best_rate(seconds, [&](int64_t rounds) {
    for (int64_t round = 0; round < rounds; ++round) {
      kernel.function(tile);
    }
    return 2.0 * rows * width * k * static_cast<double>(rounds);
  });
}

}  // namespace convoy
