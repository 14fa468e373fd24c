#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/channels/channels-inl.h"
