#include "simd/vec_avx2.h"
// behind the vectors
#include "kernels/lrn/lrn-inl.h"

namespace convoy {
namespace avx2 {

#define CONVOY_LRN_portable(name)
#define CONVOY_LRN_avx2(name) CONVOY_INSTANTIATE(name)
#define CONVOY_LRN_avx512(name)
#define CONVOY_LRN(isa, name) CONVOY_LRN_##isa(name)
#include "kernels/lrn/kernels.inc"

}  // namespace avx2
}  // namespace convoy
