#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/winograd/winograd-inl.h"
