// pool.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "base/block.h"
#include "kernels/pool/pool.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

struct Max {
  static constexpr bool kSum = false;
  static Vec none() { return set(-__builtin_inff()); }
  static Vec join(Vec acc, Vec x) { return select(is_nan(x), x, max(x, acc)); }
};

struct Min {
  static constexpr bool kSum = false;
  static Vec none() { return set(__builtin_inff()); }
  static Vec join(Vec acc, Vec x) { return select(is_nan(x), x, min(x, acc)); }
};

struct Average {
  static constexpr bool kSum = true;
  static Vec none() { return zero(); }
  static Vec join(Vec acc, Vec x) { return add(acc, x); }
};

// One vector of a window of `rows` x `columns` pixels; kColumns: known beforehand, or 0.
template <class Kind, int kColumns>
inline __attribute__((always_inline)) Vec window(const float* in, int32_t rows, int32_t columns, int64_t row_floats,
                                                 int64_t column_floats) {
  Vec acc = Kind::kSum ? zero() : load(in);
  // a maximum meets its first pixel again: x > x is false, NaN stays NaN
  for (int32_t y = 0; y < rows; ++y) {
    const float* pixel = in + y * row_floats;
    if (kColumns != 0) {
#pragma GCC unroll 8
      for (int32_t x = 0; x < kColumns; ++x) {
        acc = Kind::join(acc, load(pixel + x * column_floats));
      }
    } else {
      for (int32_t x = 0; x < columns; ++x) {
        acc = Kind::join(acc, load(pixel + x * column_floats));
      }
    }
  }
  return acc;
}

// Windows that are looked at together where a plane has only one: a single sum waits for each of its additions.
constexpr int kPlanes = 4;

// The rows begin .. begin + kPlanes - 1, where a plane's output is one pixel.
template <class Kind>
inline void planes(const pool::Rows& p, int64_t begin) {
  const pool::Span row = p.rows[0], column = p.columns[0];
  const int64_t plane_floats = int64_t{p.in_h} * p.in_w * kBlock;
  const float* first_plane = p.in + begin * plane_floats;
  const Vec divisor = set(static_cast<float>(static_cast<double>(row.divisor) * column.divisor));
  for (int lane = 0; lane < kBlock; lane += kLanes) {
    const float* in = first_plane + (int64_t{row.first} * p.in_w + column.first) * kBlock + lane;
    Vec acc[kPlanes];
#pragma GCC unroll 4
    for (int i = 0; i < kPlanes; ++i) {
      acc[i] = Kind::kSum ? zero() : load(in + i * plane_floats);
    }
    for (int32_t y = 0; y < row.count; ++y) {
      const float* pixel = in + int64_t{y} * p.row_step * p.in_w * kBlock;
      for (int32_t x = 0; x < column.count; ++x, pixel += int64_t{p.column_step} * kBlock) {
#pragma GCC unroll 4
        for (int i = 0; i < kPlanes; ++i) {
          acc[i] = Kind::join(acc[i], load(pixel + i * plane_floats));
        }
      }
    }
#pragma GCC unroll 4
    for (int i = 0; i < kPlanes; ++i) {
      store(p.out + (begin + i) * kBlock + lane, Kind::kSum ? div(acc[i], divisor) : acc[i]);
    }
  }
}

template <class Kind>
inline void pool(const pool::Rows& p) {
  const int64_t row_floats = int64_t{p.row_step} * p.in_w * kBlock;
  const int64_t column_floats = int64_t{p.column_step} * kBlock;
  const int64_t plane_floats = int64_t{p.in_h} * p.in_w * kBlock;
  const bool single = p.out_h == 1 && p.out_w == 1 && p.rows[0].count > 0 && p.columns[0].count > 0;
  int64_t item = p.begin;
  for (; single && item + kPlanes <= p.end; item += kPlanes) {
    planes<Kind>(p, item);
  }
  for (; item < p.end; ++item) {
    const int64_t plane = item / p.out_h;
    const int lanes = plane % p.blocks == p.blocks - 1 ? p.last_lanes : kBlock;
    const pool::Span row = p.rows[item % p.out_h];
    const float* in = p.in + plane * plane_floats + int64_t{row.first} * p.in_w * kBlock;
    float* out = p.out + item * p.out_w * kBlock;
    for (int32_t x = 0; x < p.out_w; ++x, out += kBlock) {
      const pool::Span column = p.columns[x];
      if (row.count == 0 || column.count == 0) {
        for (int lane = 0; lane < kBlock; lane += kLanes) {
          store(out + lane, select(first(lanes - lane), Kind::none(), zero()));
        }
        continue;
      }
      const float* from = in + int64_t{column.first} * kBlock;
      for (int lane = 0; lane < kBlock; lane += kLanes) {
        Vec acc;
        switch (column.count) {
          case 2:
            acc = window<Kind, 2>(from + lane, row.count, 2, row_floats, column_floats);
            break;
          case 3:
            acc = window<Kind, 3>(from + lane, row.count, 3, row_floats, column_floats);
            break;
          case 7:
            acc = window<Kind, 7>(from + lane, row.count, 7, row_floats, column_floats);
            break;
          default:
            acc = window<Kind, 0>(from + lane, row.count, column.count, row_floats, column_floats);
        }
        if (Kind::kSum) {
          acc = div(acc, set(static_cast<float>(static_cast<double>(row.divisor) * column.divisor)));
        }
        store(out + lane, acc);
      }
    }
  }
}

}  // namespace

void pool_max_f32(const pool::Rows& rows) { pool<Max>(rows); }
void pool_min_f32(const pool::Rows& rows) { pool<Min>(rows); }
void pool_average_f32(const pool::Rows& rows) { pool<Average>(rows); }

extern constexpr pool::Table pool_table = {.max = pool_max_f32, .min = pool_min_f32, .average = pool_average_f32};

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy
