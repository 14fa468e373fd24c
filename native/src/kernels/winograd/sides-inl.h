// What the compiler knows of a transform. Included behind a vec_<isa>.h.
#ifndef CONVOY_KERNELS_WINOGRAD_SIDES_INL_H
#define CONVOY_KERNELS_WINOGRAD_SIDES_INL_H

#include <utility>

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

// Outputs of a tile and taps of the filter along rows or columns, known to the compiler.
template <int kOutputs, int kFilterTaps>
struct Side {
  static constexpr int kSize = kOutputs, kTaps = kFilterTaps, kPoints = kOutputs + kFilterTaps - 1;
};

// action(k) for k = 0 .. n - 1, known to the compiler.
template <class Action, int... k>
inline __attribute__((always_inline)) void each(std::integer_sequence<int, k...>, Action&& action) {
  (action(std::integral_constant<int, k>()), ...);
}
template <int n, class Action>
inline __attribute__((always_inline)) void each(Action&& action) {
  each(std::make_integer_sequence<int, n>(), action);
}

}  // namespace
}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

#endif
