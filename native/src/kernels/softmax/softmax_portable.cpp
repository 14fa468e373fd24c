#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/softmax/softmax-inl.h"
