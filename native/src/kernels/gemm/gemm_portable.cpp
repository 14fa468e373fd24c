#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/gemm/gemm-inl.h"
