#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/lrn/lrn-inl.h"
