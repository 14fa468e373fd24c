#include "ops/winograd_filters.h"

#include "kernels/winograd/points.h"

namespace convoy {
namespace {

constexpr int kLanes = 16;

template <int kSize>
void transform(const float* weights, int in_channels, int lanes, float* to, int64_t point_stride,
               int64_t channel_stride) {
  constexpr int kPoints = kSize + 2;
  constexpr winograd::Transforms t = winograd::transforms(kSize, kSize);
  for (int channel = 0; channel < in_channels; ++channel, to += channel_stride) {
    double filter[3][3][kLanes] = {};
    for (int lane = 0; lane < lanes; ++lane) {
      const float* from = weights + (int64_t{lane} * in_channels + channel) * 9;
      for (int tap = 0; tap < 9; ++tap) {
        filter[tap / 3][tap % 3][lane] = from[tap];
      }
    }
    for (int i = 0; i < kPoints; ++i) {
      double row[3][kLanes];
      for (int column = 0; column < 3; ++column) {
        for (int lane = 0; lane < kLanes; ++lane) {
          row[column][lane] = t.filter[i][0] * filter[0][column][lane] + t.filter[i][1] * filter[1][column][lane] +
                              t.filter[i][2] * filter[2][column][lane];
        }
      }
      for (int j = 0; j < kPoints; ++j) {
        float* point = to + (i * kPoints + j) * point_stride;
        for (int lane = 0; lane < kLanes; ++lane) {
          point[lane] = static_cast<float>(t.filter[j][0] * row[0][lane] + t.filter[j][1] * row[1][lane] +
                                           t.filter[j][2] * row[2][lane]);
        }
      }
    }
  }
}

}  // namespace

void transform_filters(int size, const float* weights, int in_channels, int lanes, float* to, int64_t point_stride,
                       int64_t channel_stride) {
  (size == 2 ? transform<2> : transform<4>)(weights, in_channels, lanes, to, point_stride, channel_stride);
}

}  // namespace convoy
