#include "simd/vec_avx2.h"
// behind the vectors
#include "kernels/layernorm/layernorm-inl.h"
