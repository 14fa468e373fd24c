#include "ops/winograd_filters.h"

#include "kernels/winograd/points.h"

namespace convoy {
namespace {

constexpr int kLanes = 16;

}  // namespace

void transform_filters(const winograd::Axis& h, const winograd::Axis& w, const FilterPhase& phase, const float* weights,
                       int in_channels, int lanes, float* to, int64_t point_stride, int64_t channel_stride) {
  const winograd::Transforms rows = winograd::transforms(h.points(), h.taps, h.size);
  const winograd::Transforms columns = winograd::transforms(w.points(), w.taps, w.size);
  const int taps = phase.kernel_h * phase.kernel_w;
  for (int channel = 0; channel < in_channels; ++channel, to += channel_stride) {
    double filter[winograd::kMostTaps][winograd::kMostTaps][kLanes] = {};
    for (int lane = 0; lane < lanes; ++lane) {
      const float* from = weights + (int64_t{lane} * in_channels + channel) * taps;
      for (int y = 0; phase.y + y * phase.stride < phase.kernel_h; ++y) {
        for (int x = 0; phase.x + x * phase.stride < phase.kernel_w; ++x) {
          filter[y][x][lane] = from[(phase.y + y * phase.stride) * phase.kernel_w + phase.x + x * phase.stride];
        }
      }
    }
    for (int i = 0; i < h.points(); ++i) {
      double row[winograd::kMostTaps][kLanes] = {};
      for (int x = 0; x < w.taps; ++x) {
        for (int y = 0; y < h.taps; ++y) {
          for (int lane = 0; lane < kLanes; ++lane) {
            row[x][lane] += rows.filter[i][y] * filter[y][x][lane];
          }
        }
      }
      for (int j = 0; j < w.points(); ++j) {
        float* point = to + (i * w.points() + j) * point_stride;
        double sum[kLanes] = {};
        for (int x = 0; x < w.taps; ++x) {
          for (int lane = 0; lane < kLanes; ++lane) {
            sum[lane] += columns.filter[j][x] * row[x][lane];
          }
        }
        for (int lane = 0; lane < kLanes; ++lane) {
          point[lane] = static_cast<float>(sum[lane]);
        }
      }
    }
  }
}

}  // namespace convoy
