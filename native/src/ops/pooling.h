// Pooling with a sliding window, and to a given size.
#ifndef CONVOY_OPS_POOLING_H
#define CONVOY_OPS_POOLING_H

#include <memory>

#include "program/program.h"

namespace convoy {

// What a window gives along one axis of pixels.
struct PoolAxis {
  int64_t kernel, stride, dilation, before, after;  // convoy.h's window

  int64_t span() const { return dilation * (kernel - 1) + 1; }
  // Windows that lie wholly in the padded input; at most 0 if it is too small.
  int64_t floor_size(int64_t in) const;
  // One more if pixels are left over and it starts in the input or the padding before it.
  int64_t ceil_size(int64_t in) const;
};

// out is floor_size or ceil_size pixels high and wide.
std::unique_ptr<Step> make_pool(Isa isa, const Value& in, const Value& out, convoy_pooling pooling,
                                const PoolAxis& vertical, const PoolAxis& horizontal, bool count_include_pad);

std::unique_ptr<Step> make_adaptive_pool(Isa isa, const Value& in, const Value& out, convoy_pooling pooling);

}  // namespace convoy

#endif
