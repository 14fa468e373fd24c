#include <stdint.h>

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {

double peak_f32(int64_t rounds, float* sink) {
  // twelve chains: latency 4 and two pipes need eight; AVX2 has sixteen registers
  constexpr int kChains = 12;
  Vec chain[kChains];
  for (int i = 0; i < kChains; ++i) {
    chain[i] = set(1.0f + static_cast<float>(i));
  }
  const Vec a = set(0.999f), b = set(0.001f);
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) {
      chain[i] = fma(chain[i], a, b);
    }
  }
  Vec sum = chain[0];
  for (int i = 1; i < kChains; ++i) {
    sum = add(sum, chain[i]);
  }
  float lanes[kLanes];
  store(lanes, sum);
  *sink = lanes[0];
  return 2.0 * kChains * kLanes * static_cast<double>(rounds);
}

double read_f32(const float* data, int64_t floats, int64_t rounds, float* sink) {
  constexpr int kChains = 8;
  constexpr int64_t kStep = int64_t{kChains} * kLanes;
  Vec chain[kChains];
  for (int i = 0; i < kChains; ++i) {
    chain[i] = zero();
  }
  for (int64_t round = 0; round < rounds; ++round) {
    for (int64_t at = 0; at + kStep <= floats; at += kStep) {
#pragma GCC unroll 8
      for (int i = 0; i < kChains; ++i) {
        chain[i] = add(chain[i], load(data + at + i * kLanes));
      }
    }
  }
  Vec sum = chain[0];
  for (int i = 1; i < kChains; ++i) {
    sum = add(sum, chain[i]);
  }
  float lanes[kLanes];
  store(lanes, sum);
  *sink = lanes[0];
  return 4.0 * static_cast<double>(floats / kStep * kStep) * static_cast<double>(rounds);
}

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy
