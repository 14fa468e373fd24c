#include "simd/vec_avx2.h"
// behind the vectors
#include "kernels/lrn/lrn-inl.h"
