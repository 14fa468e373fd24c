#include "simd/vec_avx512.h"
// behind the vectors
#include "kernels/channels/channels-inl.h"
