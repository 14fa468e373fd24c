#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/layernorm/layernorm-inl.h"
