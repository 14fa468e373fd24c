// lrn.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "base/block.h"
#include "kernels/lrn/lrn.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

struct One {
  static Vec of(Vec d, float) { return d; }
};
struct ThreeQuarters {
  static Vec of(Vec d, float) {
    Vec root = sqrt(d);
    return mul(root, sqrt(root));
  }
};
struct Half {
  static Vec of(Vec d, float) { return sqrt(d); }
};
struct Any {
  static Vec of(Vec d, float beta) {
    float lanes[kLanes];
    store(lanes, d);
    for (int i = 0; i < kLanes; ++i) {
      lanes[i] = static_cast<float>(__builtin_pow(lanes[i], beta));
    }
    return load(lanes);
  }
};

inline void fill(float* at, int64_t floats) {
  for (float* end = at + floats; at != end; at += kLanes) {
    store(at, zero());
  }
}

// All lines are written before one is read: a load across two fresh stores would wait for them.
inline void fill_lines(const lrn::Pixels& p) {
  float* to = p.lines;
  for (int32_t pixel = 0; pixel < p.count; ++pixel) {
    fill(to, p.head);
    to += p.head;
    for (int32_t block = 0; block < p.blocks; ++block, to += kBlock) {
      const float* from = p.in + pixel * kBlock + block * p.block_stride;
      for (int lane = 0; lane < kBlock; lane += kLanes) {
        store(to + lane, load(from + lane));
      }
    }
    fill(to, p.tail);
    to += p.tail;
  }
}

template <class Power>
inline void normalize(const lrn::Pixels& p) {
  const int32_t size = p.before + 1 + p.after;
  const int64_t line_floats = int64_t{p.head} + int64_t{p.blocks} * kBlock + p.tail;
  const Vec scale = set(p.scale), k = set(p.k);
  for (int32_t pixel = 0; pixel < p.count; ++pixel) {
    const float* line = p.lines + pixel * line_floats + p.head - p.before;
    for (int32_t channel = 0; channel < p.blocks * kBlock; channel += kLanes) {
      const float* window = line + channel;
      Vec sum = zero();
      for (int32_t i = 0; i < size; ++i) {
        Vec x = load(window + i);
        sum = fma(x, x, sum);
      }
      Vec y = div(load(window + p.before), Power::of(fma(scale, sum, k), p.beta));
      const int32_t block = channel / kBlock;
      const int lanes = block == p.blocks - 1 ? p.last_lanes : kBlock;
      y = select(first(lanes - channel % kBlock), y, zero());
      store(p.out + pixel * kBlock + block * p.block_stride + channel % kBlock, y);
    }
  }
}

}  // namespace

void lrn_power_f32(const lrn::Pixels& p) {
  fill_lines(p);
  if (p.beta == 1) {
    normalize<One>(p);
  } else if (p.beta == 0.75f) {
    normalize<ThreeQuarters>(p);
  } else if (p.beta == 0.5f) {
    normalize<Half>(p);
  } else {
    normalize<Any>(p);
  }
}

extern constexpr lrn::Table lrn_table = {.power = lrn_power_f32};

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy
