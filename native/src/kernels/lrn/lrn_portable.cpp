#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/lrn/lrn-inl.h"

namespace convoy {
namespace portable {

#define CONVOY_LRN_portable(name) CONVOY_INSTANTIATE(name)
#define CONVOY_LRN_avx2(name)
#define CONVOY_LRN_avx512(name)
#define CONVOY_LRN(isa, name) CONVOY_LRN_##isa(name)
#include "kernels/lrn/kernels.inc"

}  // namespace portable
}  // namespace convoy
