#include "simd/vec_avx512.h"
// behind the vectors
#include "kernels/softmax/softmax-inl.h"
