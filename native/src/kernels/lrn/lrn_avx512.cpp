#include "simd/vec_avx512.h"
// behind the vectors
#include "kernels/lrn/lrn-inl.h"

namespace convoy {
namespace avx512 {

#define CONVOY_LRN_portable(name)
#define CONVOY_LRN_avx2(name)
#define CONVOY_LRN_avx512(name) CONVOY_INSTANTIATE(name)
#define CONVOY_LRN(isa, name) CONVOY_LRN_##isa(name)
#include "kernels/lrn/kernels.inc"

}  // namespace avx512
}  // namespace convoy
