// How quick this machine is, and how near to that the GEMM kernels come.
#ifndef CONVOY_OPS_MEASURE_H
#define CONVOY_OPS_MEASURE_H

#include <cstdint>

#include "base/isa.h"

namespace convoy {

// Throws unless it is a number of seconds to wait for.
double checked_seconds(double seconds);

// GFLOP/s of one thread, the median of many short slices.
double measure_peak(Isa isa, double seconds);

// GB/s of one thread that reads so many bytes again and again.
double measure_reading(Isa isa, int64_t bytes, double seconds);

int kernel_count(Isa isa);
const char* kernel_name(Isa isa, int kernel);

// A kernel beside the peak, in slices of microseconds that take turns: clocks drift and neighbours come and go, but the
// two slices of a round meet the same.
struct KernelSpeed {
  double gflops, peak_gflops;  // medians
  double peak_share;           // the median over rounds of their ratio
};

// Some tiles of pixels, one packed panel of depth k; as long as k allows, all of it fits the level-2 cache.
KernelSpeed measure_kernel(Isa isa, int kernel, int k, double seconds);

}  // namespace convoy

#endif
