#include "simd/vec_portable.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/gemm/gemm-inl.h"
