// Steps that move pixels: padding, resampling, flattening.
#ifndef CONVOY_OPS_SPATIAL_H
#define CONVOY_OPS_SPATIAL_H

#include <memory>

#include "program/program.h"

namespace convoy {

// The input lies at (top, left) in the output. value: of CONVOY_PAD_CONSTANT.
std::unique_ptr<Step> make_pad(const Value& in, const Value& out, convoy_pad_mode mode, float value, int top, int left);
std::unique_ptr<Step> make_nearest_resize(const Value& in, const Value& out);
std::unique_ptr<Step> make_bilinear_resize(Isa isa, const Value& in, const Value& out, bool align_corners);
std::unique_ptr<Step> make_flatten(const Value& in, const Value& out);

}  // namespace convoy

#endif
