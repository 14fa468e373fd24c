#include "simd/vec_avx2.h"
// behind the vectors
#include "kernels/depthwise/depthwise-inl.h"
