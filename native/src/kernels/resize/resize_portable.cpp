#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/resize/resize-inl.h"
