#include "simd/vec_avx2.h"
// behind the vectors
#include "kernels/planar/planar-inl.h"
