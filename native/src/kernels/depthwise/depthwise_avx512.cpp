#include "simd/vec_avx512.h"
// behind the vectors
#include "kernels/depthwise/depthwise-inl.h"
