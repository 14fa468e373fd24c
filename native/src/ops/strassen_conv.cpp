#include "ops/strassen_conv.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>

#include "base/caches.h"
#include "ops/ahead.h"

namespace convoy {
namespace {

// Matrices of filters in the order of use: how often the quarters of B are in it, whether A2 or A4 itself meets it, and
// for which half of the output channels the filters of an odd block of input channels follow.
struct Right {
  int quarters[4];
  bool unscaled;
  enum { none, first, second } odd;

  bool halved() const {
    return std::any_of(quarters, quarters + 4, [](int times) { return times != 0; });
  }
};
constexpr Right kRights[] = {{{1, 0, 0, 0}, false, Right::none},   {{0, 0, 1, 0}, true, Right::first},
                             {{-1, 1, 0, 0}, false, Right::none},  {{1, -1, 0, 1}, false, Right::none},
                             {{0, 0, 0, 1}, false, Right::second}, {{0, -1, 0, 1}, false, Right::none},
                             {{-1, 1, 1, -1}, true, Right::first}, {{0, 0, 0, 0}, false, Right::second}};
enum { kB1, kB3, kB2MinusB1, kB1MinusB2PlusB4, kB4, kB4MinusB2, kB2MinusB1PlusB3MinusB4, kOddIn, kOddOut };
static_assert(std::size(kRights) == kOddOut, "a name for each, and one for the odd output channels");

// Rows below which a block is not cut, neither for another thread nor to stay in the level-2 cache: about a tile's.
constexpr int kLeastRows = 12;

// Some pixels of some planes, into the level-1 cache; null: none.
void fetch(const float* pixels, int64_t stride, int rows, int planes) {
  for (int plane = 0; pixels != nullptr && plane < planes; ++plane) {
    for (int row = 0; row < rows; ++row) {
      __builtin_prefetch(pixels + plane * stride + row * kBlock);
    }
  }
}

int64_t near_floats() { return l2_bytes() / 2 / static_cast<int64_t>(sizeof(float)); }

}  // namespace

StrassenConv::Columns::Columns(const Convolution& problem, int rows, int columns, int depth)
    : tiling(problem.isa, rows, columns, depth), panels(make_panels(1, columns, tiling, 1)) {}

StrassenConv::StrassenConv(const Convolution& problem, const float* weights, const float* bias)
    : problem_(problem),
      halves_(problem),
      columns_(problem, halves_.rows, halves_.out * kBlock, halves_.in * kBlock),
      odd_columns_(halves_.odd_out == 0
                       ? std::nullopt
                       : std::make_optional<Columns>(problem, halves_.rows, halves_.odd_out, problem.in.c)),
      eltwise_(eltwise::table(problem.isa)),
      scales_(int64_t{halves_.in} * kBlock),
      inverse_scales_(int64_t{halves_.in} * kBlock),
      bias_(int64_t{problem.out.blocks()} * kBlock),
      zeros_(columns_.tiling.widest()) {
  algorithm = "strassen " + columns_.tiling.name() + " " + isa_name(static_cast<int32_t>(problem.isa));
  const int64_t near_rows = near_floats() / (scratch_planes() * kBlock);
  const int64_t blocks = ceil_div(halves_.rows, std::max<int64_t>(near_rows, kLeastRows));
  block_rows_ = static_cast<int>(ceil_div(halves_.rows, blocks));
  stride_ = (int64_t{block_rows_} | 1) * kBlock;  // an odd number of cache lines: planes are no power of two apart
  plan_taps();
  plan_filters();
  plan_scales(weights);
  pack_filters(weights);
  for (int c = 0; c < problem.out.c; ++c) {
    bias_.data()[c] = bias == nullptr ? 0.0f : bias[c] + 0.0f;  // + 0 makes a bias of -0 the sum of nothing
  }
}

void StrassenConv::plan_taps() {
  for (int i = 0; i < problem_.in.blocks(); ++i) {
    all_taps_.push_back({i * a_plane(), std::min(kBlock, problem_.in.c - i * kBlock)});
  }
  for (int i = 0; i < halves_.in; ++i) {
    a_taps_.push_back({i * a_plane(), kBlock});
    s_taps_.push_back({i * stride_, kBlock});
  }
  a_and_odd_taps_ = a_taps_;
  s_and_odd_taps_ = s_taps_;
  if (halves_.odd_in > 0) {
    a_and_odd_taps_.push_back({halves_.in * a_plane(), halves_.odd_in});
    s_and_odd_taps_.push_back({halves_.in * stride_, halves_.odd_in});
    odd_taps_.push_back({0, halves_.odd_in});
  }
}

void StrassenConv::plan_filters() {
  int64_t floats = 0;
  auto add = [&](const Columns& columns, int64_t depth) {
    filters_.push_back({&columns, floats, depth});
    floats += panel_biases(columns.panels) * depth;
  };
  for (const Right& right : kRights) {
    add(columns_, (right.halved() ? halves_.in * kBlock : 0) + (right.odd == Right::none ? 0 : halves_.odd_in));
  }
  if (odd_columns_) {
    add(*odd_columns_, problem_.in.c);
  }
  weights_ = AlignedBuffer(floats);
}

void StrassenConv::plan_scales(const float* weights) {
  const int64_t in = problem_.in.c;
  // the largest filter of each channel of a block
  auto largest = [&](int64_t block, float(&most)[kBlock]) {
    const int64_t channels = std::min<int64_t>(kBlock, in - block * kBlock);
    for (int64_t out = 0; out < problem_.out.c; ++out) {
      const float* const from = weights + out * in + block * kBlock;
      for (int64_t c = 0; c < channels; ++c) {
        const float size = std::fabs(from[c]);
        most[c] = most[c] < size ? size : most[c];
      }
    }
  };
  parallel_for(halves_.in, kMaxThreads, [&](int64_t block, int) {
    float upper[kBlock] = {}, lower[kBlock] = {};
    largest(block, upper);
    largest(halves_.in + block, lower);
    for (int c = 0; c < kBlock; ++c) {
      const bool both = std::isnormal(upper[c]) && std::isnormal(lower[c]);
      const int exponent = both ? std::clamp(std::ilogb(lower[c]) - std::ilogb(upper[c]), -126, 126) : 0;
      scales_.data()[block * kBlock + c] = std::ldexp(1.0f, exponent);
      inverse_scales_.data()[block * kBlock + c] = std::ldexp(1.0f, -exponent);
    }
  });
}

// column(output channel, counted from the panels' first one) gives what gives the weight of a term of the sum.
template <class Column>
void StrassenConv::pack_panel(const Filters& filters, const Panel& panel, Column&& column) {
  float* const to = weights_.data() + filters.begin + panel.bias * filters.depth;
  for (int lane = 0; lane < panel.lanes; ++lane) {
    const auto weight = column(panel.block * kBlock + lane);
    for (int64_t k = 0; k < filters.depth; ++k) {
      to[k * panel.width + lane] = weight(k);
    }
  }
}

void StrassenConv::pack_filters(const float* weights) {
  const int64_t in_half = int64_t{halves_.in} * kBlock, out_half = int64_t{halves_.out} * kBlock;
  const int64_t in = problem_.in.c, lower_in = std::min(in_half, in - in_half);  // of the second half
  const std::vector<float> none(in);                                             // of lanes without a channel
  auto row = [&](int64_t out) { return out < problem_.out.c ? weights + out * in : none.data(); };
  const int64_t count = static_cast<int64_t>(columns_.panels.size());
  parallel_for(count * static_cast<int64_t>(std::size(kRights)), kMaxThreads, [&](int64_t task, int) {
    const Right& right = kRights[task / count];
    const int64_t halved = right.halved() ? in_half : 0;
    const double q1 = right.quarters[0], q2 = right.quarters[1], q3 = right.quarters[2], q4 = right.quarters[3];
    pack_panel(filters_[task / count], columns_.panels[task % count], [&](int64_t out) {
      const float *const first = row(out), *const second = row(out_half + out);
      return [=, &right](int64_t k) {
        if (k >= halved) {
          return (right.odd == Right::first ? first : second)[2 * in_half + k - halved];
        }
        // in double, rounded once
        const double upper = q1 * first[k] + q2 * second[k];
        const double lower = k < lower_in ? q3 * first[in_half + k] + q4 * second[in_half + k] : 0;
        return static_cast<float>(right.unscaled ? upper * scales_.data()[k] + lower
                                                 : upper + lower * inverse_scales_.data()[k]);
      };
    });
  });
  if (odd_columns_) {
    for (const Panel& panel : odd_columns_->panels) {
      pack_panel(filters_[kOddOut], panel,
                 [&](int64_t out) { return [from = row(2 * out_half + out)](int64_t k) { return from[k]; }; });
    }
  }
}

void StrassenConv::run(const Run& whole) const {
  const Run run = whole.worth(problem_.macs() * whole.batch);
  const int64_t blocks = run.even_parts(run.batch, ceil_div(halves_.rows, block_rows_), halves_.rows / kLeastRows);
  // where that leaves threads idle they share the panels of a block, and each makes its own sums
  const int64_t panels = static_cast<int64_t>(columns_.panels.size());
  const int64_t parts = run.even(run.batch * blocks) ? 1 : std::min<int64_t>(run.threads, panels);
  run.parallel(run.batch * blocks * parts, [&](int64_t task, int slot) {
    const int64_t image = task / parts / blocks, rows = task / parts % blocks;
    Block block = make_block(run, image, static_cast<int>(halves_.rows * rows / blocks),
                             static_cast<int>(halves_.rows * (rows + 1) / blocks), run.scratch_of(slot));
    block.part = static_cast<int>(task % parts);
    block.parts = static_cast<int>(parts);
    compute(block);
  });
}

StrassenConv::Block StrassenConv::make_block(const Run& run, int64_t image, int begin, int end, float* scratch) const {
  Block block{};
  block.rows = end - begin;
  block.s = scratch;
  block.y = block.s + s_planes() * stride_;
  block.w = block.y + halves_.out * stride_;
  float* const gathered = block.w + halves_.out * stride_;
  block.top = make_side(run, image, begin, block.rows, gathered);
  block.bottom = make_side(run, image, halves_.pixels - halves_.rows + begin, block.rows,
                           gathered + gathered_planes() / 2 * stride_);
  block.bottom.unwritten = begin == 0 ? 2 * halves_.rows - halves_.pixels : 0;
  return block;
}

StrassenConv::Side StrassenConv::make_side(const Run& run, int64_t image, int first_pixel, int rows,
                                           float* gathered) const {
  const float* const in = run.image(problem_.in, image);
  const int64_t at = int64_t{first_pixel} * kBlock;
  if (strided()) {
    gather(in, first_pixel, rows, gathered);
  }
  Side side{};
  side.first = strided() ? gathered : in + at;
  side.second = side.first + halves_.in * a_plane();
  side.c = run.image(problem_.out, image) + at;
  side.residual = problem_.has_residual ? run.image(problem_.residual, image) + at : nullptr;
  return side;
}

void StrassenConv::gather(const float* image, int first_pixel, int rows, float* to) const {
  const Window& window = problem_.window;
  const int width = problem_.out.w;
  for (int plane = 0; plane < problem_.in.blocks(); ++plane, image += problem_.in.plane(), to += stride_) {
    int64_t y = first_pixel / width, x = first_pixel % width;
    for (int row = 0; row < rows; ++row) {
      const int64_t from = y * window.stride_h * problem_.in.w + x * window.stride_w;
      std::memcpy(to + row * kBlock, image + from * kBlock, kBlock * sizeof(float));
      y += ++x == width ? 1 : 0;
      x = x == width ? 0 : x;
    }
  }
}

void StrassenConv::compute(const Block& block) const {
  const float *a1 = block.top.first, *a2 = block.top.second, *a3 = block.bottom.first, *a4 = block.bottom.second;
  float *const s = block.s, *const y = block.y, *const w = block.w;
  const int64_t plane = a_plane(), odd_plane = halves_.odd_in > 0 ? halves_.in * plane : 0;

  multiply(block, {a1, a_taps_}, filters_[kB1], y, nullptr);
  finish(block, block.top, 0, {a2, a_and_odd_taps_}, filters_[kB3], y, nullptr);

  combine(eltwise_.multiply_add, block, a3, plane, a4, plane);
  multiply(block, {s, s_taps_}, filters_[kB2MinusB1], w, nullptr);

  combine(eltwise_.subtract, block, s, stride_, a1, plane);
  multiply(block, {s, s_taps_}, filters_[kB1MinusB2PlusB4], y, y);

  combine(eltwise_.multiply_subtract, block, s, stride_, a2, plane);
  if (halves_.odd_in > 0) {  // as if it were a part of S
    std::memcpy(s + halves_.in * stride_, a2 + odd_plane, block.rows * kBlock * sizeof(float));
  }
  finish(block, block.top, halves_.out, {s, s_and_odd_taps_}, filters_[kB4], y, w);

  combine(eltwise_.subtract, block, a1, plane, a3, plane);
  multiply(block, {s, s_taps_}, filters_[kB4MinusB2], y, y);
  finish(block, block.bottom, 0, {a4, a_and_odd_taps_}, filters_[kB2MinusB1PlusB3MinusB4], y, nullptr);
  finish(block, block.bottom, halves_.out, {a4 + odd_plane, odd_taps_}, filters_[kOddIn], y, w);

  if (odd_columns_) {
    finish(block, block.top, 2 * halves_.out, {a1, all_taps_}, filters_[kOddOut], nullptr, nullptr);
    finish(block, block.bottom, 2 * halves_.out, {a3, all_taps_}, filters_[kOddOut], nullptr, nullptr);
  }
}

void StrassenConv::combine(eltwise::Function function, const Block& block, const float* a, int64_t a_plane,
                           const float* b, int64_t b_plane) const {
  eltwise::Stream stream{};
  stream.pixels = block.rows;
  stream.activation = CONVOY_IDENTITY;
  stream.lanes = kBlock;
  for (int i = 0; i < halves_.in; ++i) {
    stream.a = a + i * a_plane;
    stream.b = b + i * b_plane;
    stream.scale = scales_.data() + i * kBlock;
    stream.out = block.s + i * stride_;
    function(stream);
  }
}

void StrassenConv::multiply(const Block& block, const Left& left, const Filters& filters, float* to,
                            const float* addend) const {
  gemm::Tile tile{};
  tile.a = left.a;
  tile.taps = left.taps.data();
  tile.tap_count = static_cast<int64_t>(left.taps.size());
  tile.c = to;
  tile.c_block = stride_;
  tile.addends[0] = addend;
  run_tiles(block, tile, filters, block.rows, 0);
}

void StrassenConv::finish(const Block& block, const Side& side, int first_block, const Left& left,
                          const Filters& filters, const float* addend, const float* other) const {
  const int64_t out_plane = problem_.out.plane(), skipped = int64_t{side.unwritten} * kBlock;
  auto from = [&](const float* begin) { return begin == nullptr ? nullptr : begin + skipped; };
  gemm::Tile tile{};
  tile.a = from(left.a);
  tile.taps = left.taps.data();
  tile.tap_count = static_cast<int64_t>(left.taps.size());
  tile.c = side.c + first_block * out_plane + skipped;
  tile.c_block = out_plane;
  tile.residual = side.residual == nullptr ? nullptr : side.residual + first_block * out_plane + skipped;
  tile.addends[0] = from(addend);
  tile.addends[1] = from(other);
  tile.activation = problem_.activation;
  tile.alpha = problem_.alpha;
  tile.last = true;
  run_tiles(block, tile, filters, block.rows - side.unwritten, first_block);
}

// tile: what its tiles have in common, and where the first one begins.
void StrassenConv::run_tiles(const Block& block, gemm::Tile tile, const Filters& filters, int rows,
                             int first_block) const {
  const gemm::Tile first = tile;
  const Tiling& tiling = filters.columns->tiling;
  const std::vector<Panel>& panels = filters.columns->panels;
  const float* const weights_end = weights_.data() + weights_.size();
  tile.c_row = kBlock;
  tile.addend_block = stride_;
  const size_t end = panels.size() * (block.part + 1) / block.parts;
  for (size_t p = panels.size() * block.part / block.parts; p < end; ++p) {
    const Panel& panel = panels[p];
    const int channels = (first_block + panel.block) * kBlock;  // before the panel
    const int64_t floats = filters.depth * panel.width;
    tile.b = weights_.data() + filters.begin + panel.bias * filters.depth;
    tile.bias = tile.last ? bias_.data() + channels : zeros_.data();
    tile.lanes = std::min(panel.width, problem_.out.c - channels);
    const int most = tiling.most_rows(panel.width);
    Ahead ahead;
    if (tile.tap_count > 0) {
      tile.fetch_c = ceil_div(most, tile.tap_count);
      // the next panel lies behind this one, whichever matrix it belongs to
      const float* const next = tile.b + floats;
      ahead = Ahead(next, std::min(floats, weights_end - next), ceil_div(rows, most) * tile.tap_count);
    }
    auto at = [&](const float* begin, int64_t block_stride, int64_t row) {
      return begin == nullptr ? nullptr : begin + panel.block * block_stride + row * kBlock;
    };
    tiling.strips(rows, panel.width, [&](int64_t row, gemm::Function kernel) {
      tile.a = first.a + row * kBlock;
      tile.c = first.c + panel.block * first.c_block + row * kBlock;
      tile.residual = at(first.residual, first.c_block, row);
      tile.addends[0] = at(first.addends[0], stride_, row);
      tile.addends[1] = at(first.addends[1], stride_, row);
      if (tile.last) {  // what lies in C the tile fetches itself
        fetch(tile.addends[0], stride_, most, panel.blocks());
        fetch(tile.addends[1], stride_, most, panel.blocks());
      }
      ahead.share(tile);
      kernel(tile);
    });
  }
}

}  // namespace convoy
