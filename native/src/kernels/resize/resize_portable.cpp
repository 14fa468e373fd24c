#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/resize/resize-inl.h"

namespace convoy {
namespace portable {

#define CONVOY_RESIZE_portable(name) CONVOY_INSTANTIATE(name)
#define CONVOY_RESIZE_avx2(name)
#define CONVOY_RESIZE_avx512(name)
#define CONVOY_RESIZE(isa, name) CONVOY_RESIZE_##isa(name)
#include "kernels/resize/kernels.inc"

}  // namespace portable
}  // namespace convoy
