#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/depthwise/depthwise-inl.h"
