// How quick this machine is, and how near to that the GEMM kernels come.
#ifndef CONVOY_OPS_MEASURE_H
#define CONVOY_OPS_MEASURE_H

#include <cstdint>

#include "base/isa.h"

namespace convoy {

// Throws unless it is a number of seconds to wait for.
double checked_seconds(double seconds);

// GFLOP/s of one thread, the best of several short intervals.
double measure_peak(Isa isa, double seconds);

int kernel_count(Isa isa);
const char* kernel_name(Isa isa, int kernel);
double measure_kernel(Isa isa, int kernel, int k, double seconds);

}  // namespace convoy

#endif
