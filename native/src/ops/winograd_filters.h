// Filters of 3 x 3 as the points of F(m x m, 3 x 3).
#ifndef CONVOY_OPS_WINOGRAD_FILTERS_H
#define CONVOY_OPS_WINOGRAD_FILTERS_H

#include <cstdint>

namespace convoy {

// Transforms the filters of sixteen output channels, computed in double and rounded once: for each of the (m + 2)^2
// points and each input channel sixteen floats, at to + point * point_stride + channel * channel_stride.
// weights: OIHW from the first of them on; lanes: how many exist, the others become 0.
void transform_filters(int size, const float* weights, int in_channels, int lanes, float* to, int64_t point_stride,
                       int64_t channel_stride);

}  // namespace convoy

#endif
