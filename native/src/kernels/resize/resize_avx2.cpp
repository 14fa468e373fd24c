#include "simd/vec_avx2.h"
// behind the vectors
#include "kernels/resize/resize-inl.h"

namespace convoy {
namespace avx2 {

#define CONVOY_RESIZE_portable(name)
#define CONVOY_RESIZE_avx2(name) CONVOY_INSTANTIATE(name)
#define CONVOY_RESIZE_avx512(name)
#define CONVOY_RESIZE(isa, name) CONVOY_RESIZE_##isa(name)
#include "kernels/resize/kernels.inc"

}  // namespace avx2
}  // namespace convoy
