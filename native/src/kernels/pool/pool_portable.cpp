#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/pool/pool-inl.h"
