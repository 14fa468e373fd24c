#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/peak/peak-inl.h"
