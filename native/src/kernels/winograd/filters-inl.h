// The filters' transform of winograd.h over vectors of doubles. Included behind a vec_<isa>.h.
#ifndef CONVOY_KERNELS_WINOGRAD_FILTERS_INL_H
#define CONVOY_KERNELS_WINOGRAD_FILTERS_INL_H

#include <string.h>

#include <utility>

#include "base/block.h"
#include "kernels/winograd/points.h"
#include "kernels/winograd/sides-inl.h"
#include "kernels/winograd/winograd.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

using winograd::Filters;

// A register of doubles, and as many floats.
typedef double Doubles __attribute__((vector_size(__BIGGEST_ALIGNMENT__)));
typedef float Floats __attribute__((vector_size(__BIGGEST_ALIGNMENT__ / 2)));

constexpr int kDoubles = sizeof(Doubles) / sizeof(double);

inline Doubles load(const double* from) {
  Doubles wide;
  memcpy(&wide, from, sizeof wide);
  return wide;
}

inline void store_rounded(float* to, Doubles wide) {
  const Floats narrow = __builtin_convertvector(wide, Floats);
  memcpy(to, &narrow, sizeof narrow);
}

constexpr int first_nonzero(const double* row) {
  int i = 0;
  while (row[i] == 0) {
    ++i;
  }
  return i;
}

// Point i of a filter's taps along one side: a row of G times the taps, added in their order without those times 0.
// Never fused, which not every instruction set could do.
template <class S, int i, class From>
inline __attribute__((always_inline)) Doubles point(From&& from) {
  constexpr winograd::Transforms kAll = winograd::transforms(S::kPoints, S::kTaps, S::kSize);
  constexpr int kFirst = first_nonzero(kAll.filter[i]);
  Doubles total = kAll.filter[i][kFirst] * from(std::integral_constant<int, kFirst>());
  each<S::kTaps>([&](auto tap) __attribute__((always_inline)) {
    constexpr double factor = kAll.filter[i][tap];
    if constexpr (tap > kFirst && factor != 0) {
      total += factor * from(tap);
    }
  });
  return total;
}

template <class H, class W>
inline __attribute__((always_inline)) void filter(const Filters& t) {
  for (int64_t channel = 0; channel < t.channels; ++channel) {
    const double* taps = t.taps + channel * H::kTaps * W::kTaps * kBlock;
    float* points = t.points + channel * t.channel_stride;
    for (int lane = 0; lane < kBlock; lane += kDoubles, taps += kDoubles, points += kDoubles) {
      each<H::kPoints>([&](auto i) __attribute__((always_inline)) {
        Doubles row[W::kTaps];
        each<W::kTaps>([&](auto x) __attribute__((always_inline)) {
          row[x] = point<H, i>([&](auto y)
                                   __attribute__((always_inline)) { return load(taps + (y * W::kTaps + x) * kBlock); });
        });
        each<W::kPoints>([&](auto j) __attribute__((always_inline)) {
          store_rounded(points + (i * W::kPoints + j) * t.point_stride,
                        point<W, j>([&](auto x) __attribute__((always_inline)) { return row[x]; }));
        });
      });
    }
  }
}

}  // namespace
}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

#endif
