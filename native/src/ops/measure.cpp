#include "ops/measure.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/status.h"
#include "kernels/gemm/gemm.h"
#include "kernels/peak/peak.h"
#include "program/program.h"

namespace convoy {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kSliceSeconds = 50e-6;  // of clocks drift less than a per mille
constexpr int64_t kLeftBytes = 128 << 10;
constexpr int64_t kMostTiles = 16;
constexpr int64_t kLeastBytes = 4 << 10;
constexpr int64_t kMostBytes = int64_t{1} << 30;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Work in slices: run(rounds) returns how many operations, or bytes, that were.
template <class Work>
class Sliced {
 public:
  explicit Sliced(Work run) : run_(run) {
    double took = 0;
    do {
      rounds_ *= 2;
      const auto start = Clock::now();
      run_(rounds_);
      took = seconds_since(start);
    } while (took < kSliceSeconds / 2);
    rounds_ = std::max<int64_t>(1, static_cast<int64_t>(static_cast<double>(rounds_) * kSliceSeconds / took));
  }

  // thousand millions of them a second, in one slice
  double rate() {
    const auto start = Clock::now();
    const double operations = run_(rounds_);
    return operations / seconds_since(start) * 1e-9;
  }

 private:
  Work run_;
  int64_t rounds_ = 1;
};

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<int64_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

template <class Work>
double median_rate(Sliced<Work>& work, double seconds) {
  const auto start = Clock::now();
  std::vector<double> rates;
  do {
    rates.push_back(work.rate());
  } while (seconds_since(start) < seconds);
  return median(rates);
}

const gemm::Kernel& checked_kernel(Isa isa, int kernel) {
  const gemm::Table& table = gemm::table(isa);
  require(kernel >= 0 && kernel < table.count, "there is no kernel %d of %s; there are %d", kernel,
          isa_name(static_cast<int32_t>(isa)), table.count);
  return table.kernels[kernel];
}

// Some tiles of pixels against one packed panel, as a 1x1 convolution has them.
class PanelProduct {
 public:
  PanelProduct(const gemm::Kernel& kernel, int k)
      : kernel_(kernel),
        k_(k),
        tiles_(std::clamp<int64_t>(kLeftBytes / (int64_t{4} * kernel.rows * k), 1, kMostTiles)),
        a_(ceil_div(k, kBlock) * pixels() * kBlock),
        b_(int64_t{k} * width()),
        c_(pixels() * ceil_div(width(), kBlock) * kBlock),
        bias_(width()) {
    for (int64_t i = 0; i < a_.size(); ++i) a_.data()[i] = static_cast<float>(i % 17) / 17;
    for (int64_t i = 0; i < b_.size(); ++i) b_.data()[i] = static_cast<float>(i % 13) / 13 - 0.5f;
    for (int64_t slab = 0; slab < ceil_div(k, kBlock); ++slab) {
      taps_.push_back({slab * pixels() * kBlock, std::min<int64_t>(kBlock, k - slab * kBlock)});
    }
  }

  double operator()(int64_t rounds) const {
    gemm::Tile tile{};
    tile.taps = taps_.data();
    tile.tap_count = static_cast<int64_t>(taps_.size());
    tile.b = b_.data();
    tile.c_row = kBlock;
    tile.c_block = pixels() * kBlock;
    tile.bias = bias_.data();
    tile.lanes = width();
    tile.last = true;
    tile.fetch_c = ceil_div(kernel_.rows, tile.tap_count);
    for (int64_t round = 0; round < rounds; ++round) {
      const int64_t pixel = round % tiles_ * kernel_.rows;
      tile.a = a_.data() + pixel * kBlock;
      tile.c = c_.data() + pixel * kBlock;
      kernel_.function(tile);
    }
    return 2.0 * kernel_.rows * width() * k_ * static_cast<double>(rounds);
  }

 private:
  int width() const { return kernel_.columns; }
  int64_t pixels() const { return tiles_ * kernel_.rows; }

  gemm::Kernel kernel_;
  int k_;
  int64_t tiles_;
  AlignedBuffer a_, b_, c_, bias_;
  std::vector<gemm::Tap> taps_;
};

}  // namespace

double checked_seconds(double seconds) {
  require(seconds >= 0 && seconds <= 60, "seconds must be 0 to 60, not %g", seconds);
  return seconds;
}

double measure_peak(Isa isa, double seconds) {
  float sink = 0;
  Sliced peak([&, kernel = peak::kernel(isa)](int64_t rounds) { return kernel(rounds, &sink); });
  return median_rate(peak, seconds);
}

double measure_reading(Isa isa, int64_t bytes, double seconds) {
  require(bytes >= kLeastBytes && bytes <= kMostBytes, "bytes must be %lld to %lld, not %lld",
          static_cast<long long>(kLeastBytes), static_cast<long long>(kMostBytes), static_cast<long long>(bytes));
  const AlignedBuffer data(bytes / static_cast<int64_t>(sizeof(float)));
  float sink = 0;
  Sliced reading(
      [&, reader = peak::reader(isa)](int64_t rounds) { return reader(data.data(), data.size(), rounds, &sink); });
  return median_rate(reading, seconds);
}

int kernel_count(Isa isa) { return gemm::table(isa).count; }

const char* kernel_name(Isa isa, int kernel) { return checked_kernel(isa, kernel).name; }

KernelSpeed measure_kernel(Isa isa, int kernel_number, int k, double seconds) {
  const gemm::Kernel& kernel = checked_kernel(isa, kernel_number);
  require(k >= 1 && k <= 1 << 20, "k must be 1 to 2^20, not %d", k);
  const PanelProduct product(kernel, k);
  float sink = 0;
  Sliced peak([&, function = peak::kernel(isa)](int64_t rounds) { return function(rounds, &sink); });
  Sliced multiply([&](int64_t rounds) { return product(rounds); });
  std::vector<double> peaks, rates, shares;
  const auto start = Clock::now();
  do {
    // the peak before and behind: a clock that rises or falls meets both alike
    const double before = peak.rate(), rate = multiply.rate(), behind = peak.rate();
    rates.push_back(rate);
    peaks.push_back((before + behind) / 2);
    shares.push_back(rate / peaks.back());
  } while (seconds_since(start) < seconds);
  return {median(rates), median(peaks), median(shares)};
}

}  // namespace convoy
