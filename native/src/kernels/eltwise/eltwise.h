// Element-wise work on consecutive BLOCKED16 pixels of one channel block, or of any block where no lane is special.
//
// Contract
//   scale_shift        out = activation(fma(a, scale[lane], shift[lane]))
//   multiply           out = a * scale[lane]
//   activate           out = activation(a)
//   add                out = activation(a + b), rounded in between
//   subtract           out = a - b
//   multiply_add       out = fma(b, scale[lane], a)
//   multiply_subtract  out = fma(b, scale[lane], -a)
//   a, b, out hold `pixels` * 16 floats; out may be a or b. Lanes from `lanes` on are written zero. scale, shift: 16
//   floats. What a function does not name is not looked at.
#ifndef CONVOY_KERNELS_ELTWISE_H
#define CONVOY_KERNELS_ELTWISE_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace eltwise {

struct Stream {
  const float* a;
  const float* b;
  float* out;
  int64_t pixels;
  const float* scale;
  const float* shift;
  int32_t activation;
  float alpha;
  int32_t lanes;
};

using Function = void (*)(const Stream& stream);

struct Table {
  Function scale_shift;
  Function multiply;
  Function activate;
  Function add;
  Function subtract;
  Function multiply_add;
  Function multiply_subtract;
};

const Table& table(Isa isa);

}  // namespace eltwise
}  // namespace convoy

#endif
