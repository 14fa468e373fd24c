// Element-wise steps: out may be the memory of an input.
#ifndef CONVOY_OPS_ELTWISE_H
#define CONVOY_OPS_ELTWISE_H

#include <memory>

#include "program/program.h"

namespace convoy {

// scale and shift: a number per channel, copied.
std::unique_ptr<Step> make_scale_shift(Isa isa, const Value& in, const Value& out, const float* scale,
                                       const float* shift, int32_t activation, float alpha);
std::unique_ptr<Step> make_activate(Isa isa, const Value& in, const Value& out, int32_t activation, float alpha);
std::unique_ptr<Step> make_add(Isa isa, const Value& a, const Value& b, const Value& out, int32_t activation,
                               float alpha);

// factors: an image of one pixel for each image of in.
std::unique_ptr<Step> make_multiply(Isa isa, const Value& in, const Value& factors, const Value& out);

}  // namespace convoy

#endif
