#include "simd/vec_avx512.h"
// behind the vectors
#include "kernels/eltwise/eltwise-inl.h"
