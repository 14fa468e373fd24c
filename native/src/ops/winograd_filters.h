// Filters as their points.
#ifndef CONVOY_OPS_WINOGRAD_FILTERS_H
#define CONVOY_OPS_WINOGRAD_FILTERS_H

#include <cstdint>

#include "kernels/winograd/winograd.h"

namespace convoy {

// Of every filter of kernel_h x kernel_w the taps (y + i * stride, x + j * stride), 0 where there are none.
struct FilterPhase {
  int kernel_h, kernel_w, y, x, stride;
};

// Transforms the filters of sixteen output channels: for each point and each input channel sixteen floats, at
// to + point * point_stride + channel * channel_stride.
// weights: OIHW from the first of them on; lanes: how many exist, the others become 0.
void transform_filters(const winograd::Kernel& kernel, const FilterPhase& phase, const float* weights, int in_channels,
                       int lanes, float* to, int64_t point_stride, int64_t channel_stride);

}  // namespace convoy

#endif
