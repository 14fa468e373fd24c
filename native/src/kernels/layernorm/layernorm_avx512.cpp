#include "simd/vec_avx512.h"
// behind the vectors
#include "kernels/layernorm/layernorm-inl.h"
