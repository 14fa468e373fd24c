#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/planar/planar-inl.h"
