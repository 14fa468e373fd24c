#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/eltwise/eltwise-inl.h"
