#include "simd/vec_avx512.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/depthwise/depthwise-inl.h"
