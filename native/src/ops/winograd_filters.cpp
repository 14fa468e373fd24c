#include "ops/winograd_filters.h"

#include <algorithm>

#include "base/block.h"
#include "kernels/winograd/points.h"

namespace convoy {
namespace {

// Channels whose taps are gathered at once: they stay in the level-1 cache, and a line of the weights is read once.
constexpr int kChannels = 8;

}  // namespace

void transform_filters(const winograd::Kernel& kernel, const FilterPhase& phase, const float* weights, int in_channels,
                       int lanes, float* to, int64_t point_stride, int64_t channel_stride) {
  const int taps = phase.kernel_h * phase.kernel_w, kept = kernel.h.taps * kernel.w.taps;
  alignas(64) double gathered[kChannels * winograd::kMostTaps * winograd::kMostTaps * kBlock] = {};
  for (int begin = 0; begin < in_channels; begin += kChannels) {
    const int channels = std::min(kChannels, in_channels - begin);
    for (int lane = 0; lane < lanes; ++lane) {
      const float* from = weights + (int64_t{lane} * in_channels + begin) * taps;
      double* tap = gathered + lane;
      for (int channel = 0; channel < channels; ++channel, from += taps, tap += kept * kBlock) {
        for (int y = 0; phase.y + y * phase.stride < phase.kernel_h; ++y) {
          for (int x = 0; phase.x + x * phase.stride < phase.kernel_w; ++x) {
            tap[(y * kernel.w.taps + x) * kBlock] =
                from[(phase.y + y * phase.stride) * phase.kernel_w + phase.x + x * phase.stride];
          }
        }
      }
    }
    kernel.filter({gathered, channels, to + begin * channel_stride, point_stride, channel_stride});
  }
}

}  // namespace convoy
