#include "ops/winograd_conv.h"

#include <algorithm>

#include "base/caches.h"
#include "kernels/winograd/points.h"
#include "ops/machine.h"
#include "ops/winograd_filters.h"

namespace convoy {
namespace {

// Measured on an Intel Xeon (Granite Rapids, 2 MiB of level-2 cache), 2026-11, one thread, with
//   convoy_algorithms_bench --only 4x4 --layer <layer> bench/shapes/vgg16.txt bench/shapes/resnet50.txt
// where tiles of a block were varied. conv1_2, conv2_2: more than 28 are 5 to 10 % slower. conv3_2, conv4_2: 28 are
// 20 to 50 % slower than 112, and without asking for filters in advance everything is 20 % slower.
constexpr int64_t kStrip = 14;         // rows of the largest GEMM tile
constexpr int64_t kFewTiles = 4;       // below which there is nothing to share
constexpr int64_t kNearTiles = 28;     // where V, a panel's part of M and most filters stay in the level-2 cache
constexpr int64_t kFarTiles = 196;     // where filters come from the shared cache: at most this many, and
constexpr int64_t kSharedFilters = 2;  // level-2 caches of filters that are too many for each thread to read
constexpr int64_t kFarCaches = 8;      // V and M as much as so many level-2 caches

int64_t l2_floats() { return l2_bytes() / static_cast<int64_t>(sizeof(float)); }

// An odd number of cache lines from a point to the next: otherwise 36 streams of stores could share one set of the
// level-1 cache.
int64_t odd(int64_t lines) { return lines | 1; }

int modulo(int a, int b) { return (a % b + b) % b; }

}  // namespace

WinogradConv::WinogradConv(const Convolution& problem, const winograd::Kernel& kernel, const float* weights,
                           const float* bias)
    : folding_(problem.in.layout == CONVOY_PLAIN ? std::make_unique<Folding>(problem) : nullptr),
      problem_(folding_ == nullptr ? problem : folding_->folded()),
      kernel_(kernel),
      tiles_(problem.out.h, problem.out.w, kernel.h, kernel.w),
      points_(kernel.h.points() * kernel.w.points()),
      tiling_(problem.isa, std::min(tiles_.count() * problem.slice, kFarTiles), problem.out.blocks() * kBlock,
              problem_.in.c) {
  plan_phases();
  plan();
  plan_terms();
  algorithm = "winograd-" + std::to_string(kernel.h.size) + "x" + std::to_string(kernel.w.size) + " " + tiling_.name() +
              " " + isa_name(static_cast<int32_t>(problem.isa));
  pack_parameters(folding_ == nullptr ? weights : folding_->fold_weights(weights).data(), bias);
}

// The order makes neighbours of the phases that begin in row 0 and of those that begin in column 0.
void WinogradConv::plan_phases() {
  const Window& window = problem_.window;
  for (const Phase& phase : {Phase{0, 1}, Phase{0, 0}, Phase{1, 0}, Phase{1, 1}}) {
    if (phase.y < window.stride_h && phase.x < window.stride_w) {
      phases_.push_back(phase);
    }
  }
}

void WinogradConv::plan() {
  const int in_blocks = planes(), out_blocks = problem_.out.blocks();
  panels_ = make_panels(1, problem_.out.blocks() * kBlock, tiling_, depth());
  const int64_t v_tile = int64_t{points_} * in_blocks * kBlock, m_tile = int64_t{points_} * out_blocks * kBlock;
  const int64_t filters = m_tile * depth();
  const Machine& here = machine(problem_.isa);
  const bool together = static_cast<double>(filters) > here.few_filters * static_cast<double>(l2_floats()) ||
                        tiles_.count() * problem_.slice <= here.few_tiles || v_tile * kNearTiles > l2_floats() / 2;
  const int64_t far_tiles = kFarCaches * l2_floats() / (v_tile + m_tile) / kStrip * kStrip;
  const int64_t tiles = together ? std::clamp(far_tiles, kNearTiles, kFarTiles) : kNearTiles;
  block_tiles_ = std::min(tiles, tiles_.count() * problem_.slice);
  const size_t group_panels = together ? panels_.size() : 1;
  for (size_t begin = 0; begin < panels_.size(); begin += group_panels) {
    groups_.push_back({begin, std::min(panels_.size(), begin + group_panels)});
  }
  tile_stride_ = odd(block_tiles_);
  v_point_ = odd(in_blocks * tile_stride_) * kBlock;
  v_floats_ = points_ * v_point_;
  m_floats_ = points_ * m_point(groups_.front().begin, groups_.front().end);
  piece_floats_ = folding_ == nullptr ? 0 : int64_t{kernel_.h.points()} * problem_.in.w * kBlock;
  ahead_ = together;
  least_tiles_ = filters > kSharedFilters * l2_floats() || v_tile * kNearTiles > l2_floats() / 2 ? kNearTiles : kStrip;
  far_ = 2 * (v_floats_ + m_floats_) > l2_floats();
}

void WinogradConv::plan_terms() {
  const Window& window = problem_.window;
  const int blocks = problem_.in.blocks();
  auto add_taps = [&](int plane, int channels) {
    for (int block = 0; block * kBlock < channels; ++block) {
      taps_.push_back({(plane + block) * tile_stride_ * kBlock, std::min(kBlock, channels - block * kBlock)});
    }
  };
  for (int plane = 0; plane < planes(); plane += blocks) {
    add_taps(plane, problem_.in.c);
  }
  const int64_t folded = static_cast<int64_t>(taps_.size());
  if (folding_ != nullptr) {
    add_taps(0, folding_->full_channels());
  }
  for (int point = 0; point < points_; ++point) {
    const bool last_h = kernel_.h.points() > 1 && point / kernel_.w.points() == winograd::kInfinity;
    const bool last_w = kernel_.w.points() > 1 && point % kernel_.w.points() == winograd::kInfinity;
    auto has_part = [&](const Phase& phase) {
      return !(last_h && ceil_div(window.kernel_h - phase.y, window.stride_h) < kernel_.h.taps) &&
             !(last_w && ceil_div(window.kernel_w - phase.x, window.stride_w) < kernel_.w.taps);
    };
    const auto begin = std::find_if(phases_.begin(), phases_.end(), has_part);
    const auto end = std::find_if_not(begin, phases_.end(), has_part);
    if (folding_ != nullptr && last_h) {
      terms_.push_back({folded, static_cast<int64_t>(taps_.size()), 0});
    } else {
      terms_.push_back({(begin - phases_.begin()) * blocks, (end - phases_.begin()) * blocks,
                        (begin - phases_.begin()) * problem_.in.c});
    }
  }
}

int64_t WinogradConv::panel_blocks(size_t begin, size_t end) const {
  return panels_[end - 1].block + panels_[end - 1].blocks() - panels_[begin].block;
}

int64_t WinogradConv::m_point(size_t panel_begin, size_t panel_end) const {
  return odd(panel_blocks(panel_begin, panel_end) * tile_stride_) * kBlock;
}

const float* WinogradConv::filters(const Group& group, size_t panel, int point) const {
  const int64_t first = panels_[group.begin].block;
  const int64_t blocks = points_ * first + point * panel_blocks(group.begin, group.end) + panels_[panel].block - first;
  return filters_.data() + blocks * depth() * kBlock;
}

void WinogradConv::pack_parameters(const float* weights, const float* bias) {
  const Window& window = problem_.window;
  const int out = problem_.out.c, in = problem_.in.c, taps = window.kernel_h * window.kernel_w;
  filters_ = AlignedBuffer(int64_t{points_} * problem_.out.blocks() * depth() * kBlock);
  bias_ = AlignedBuffer(int64_t{problem_.out.blocks()} * kBlock);
  zeros_ = AlignedBuffer(panels_.front().width);
  for (int channel = 0; channel < out && bias != nullptr; ++channel) {
    bias_.data()[channel] = bias[channel];
  }
  for (const Group& group : groups_) {
    parallel_for(static_cast<int64_t>(group.end - group.begin), kMaxThreads, [&](int64_t task, int) {
      const size_t p = group.begin + static_cast<size_t>(task);
      const Panel& panel = panels_[p];
      for (int block = 0; block < panel.blocks(); ++block) {
        const int channel = (panel.block + block) * kBlock;
        float* to = const_cast<float*>(filters(group, p, 0)) + block * kBlock;
        for (const Phase& phase : phases_) {
          transform_filters(kernel_, {window.kernel_h, window.kernel_w, phase.y, phase.x, window.stride_h},
                            weights + int64_t{channel} * in * taps, in, std::min(kBlock, out - channel), to,
                            panel_blocks(group.begin, group.end) * depth() * kBlock, panel.width);
          to += int64_t{in} * panel.width;
        }
      }
    });
  }
}

void WinogradConv::transform_in(const Run& run, const Block& block, int channel_begin, int channel_end, float* v,
                                float* piece) const {
  if (folding_ != nullptr) {
    transform_folded(run, block, channel_begin, channel_end, v, piece);
    return;
  }
  const Value& in = problem_.in;
  const Window& window = problem_.window;
  winograd::Input input{};
  input.in_row = int64_t{window.stride_h} * in.w * kBlock;
  input.in_pixel = int64_t{window.stride_w} * kBlock;
  input.v_point = v_point_;
  input.far = far_;
  for (int channel = channel_begin; channel < channel_end; ++channel) {
    // pixel 0 of the phase's first tile would be row phase.y - top of the image; its first row in the image is `row`
    const Phase& phase = phases_[channel / in.blocks()];
    const int row = modulo(phase.y - window.top, window.stride_h);
    const int column = modulo(phase.x - window.left, window.stride_w);
    input.height = ceil_div(in.h - row, window.stride_h);
    input.width = ceil_div(in.w - column, window.stride_w);
    const int64_t first = (channel % in.blocks() * in.pixels() + int64_t{row} * in.w + column) * kBlock;
    tiles_.each(run.batch, block.begin, block.end, [&](const WinogradTiles::Run& tiles) {
      input.in = run.image(in, tiles.image) + first;
      input.y = int64_t{tiles.y} + (phase.y - window.top - row) / window.stride_h;
      input.x = int64_t{tiles.x} + (phase.x - window.left - column) / window.stride_w;
      input.tiles = tiles.tiles;
      input.rows = tiles.height;
      input.columns = tiles.width;
      input.v = v + (channel * tile_stride_ + tiles.first) * kBlock;
      kernel_.input(input);
    });
  }
}

void WinogradConv::transform_folded(const Run& run, const Block& block, int channel_begin, int channel_end, float* v,
                                    float* piece) const {
  winograd::Input input{};
  input.in = piece;
  input.in_pixel = kBlock;
  input.v_point = v_point_;
  input.far = far_;
  for (int channel = channel_begin; channel < channel_end; ++channel) {
    tiles_.each(run.batch, block.begin, block.end, [&](const WinogradTiles::Run& tiles) {
      input.height = tiles.height + kernel_.h.taps - 1;
      input.width = (tiles.tiles - 1) * kernel_.w.size + tiles.width + kernel_.w.taps - 1;
      input.in_row = input.width * kBlock;
      input.tiles = tiles.tiles;
      input.rows = tiles.height;
      input.columns = tiles.width;
      input.v = v + (channel * tile_stride_ + tiles.first) * kBlock;
      folding_->fold(run, tiles.image, channel, tiles.y, input.height, tiles.x, input.width, piece);
      kernel_.input(input);
    });
  }
}

void WinogradConv::multiply(const Run& run, const Block& block, const Group& group, size_t panel_begin,
                            size_t panel_end, const float* v, float* m) const {
  const int64_t m_block = tile_stride_ * kBlock;
  const int first_block = panels_[panel_begin].block;
  gemm::Tile tile{};
  tile.c_row = kBlock;
  tile.c_block = m_block;
  tile.bias = zeros_.data();
  for (int point = 0; point < points_; ++point) {
    const auto [begin, end] =
        tiles_.users(run.batch, block.begin, block.end, point / kernel_.w.points(), point % kernel_.w.points());
    if (begin == end) {
      continue;
    }
    const Terms& terms = terms_[point];
    tile.taps = taps_.data() + terms.begin;
    tile.tap_count = terms.end - terms.begin;
    for (size_t p = panel_begin; p < panel_end; ++p) {
      const Panel& panel = panels_[p];
      tile.b = filters(group, p, point) + terms.first * panel.width;
      tile.lanes = panel.width;
      const bool wraps = p + 1 == panel_end;
      if (ahead_ && !(wraps && point + 1 == points_)) {
        // the filters behind these, in equal shares of every tile's taps
        const size_t next = wraps ? panel_begin : p + 1;
        const int64_t strips = ceil_div(end - begin, tiling_.most_rows(panel.width));
        tile.ahead = filters(group, next, point + wraps);
        tile.ahead_lines = static_cast<int32_t>(ceil_div(depth() * panels_[next].blocks(), strips * tile.tap_count));
      } else {
        tile.ahead_lines = 0;
      }
      const float* a = v + point * v_point_ + begin * kBlock;
      float* c = m + point * m_point(panel_begin, panel_end) + (panel.block - first_block) * m_block + begin * kBlock;
      tiling_.strips(end - begin, panel.width, [&](int64_t row, gemm::Function kernel) {
        tile.a = a + row * kBlock;
        tile.c = c + row * kBlock;
        kernel(tile);
        tile.ahead += tile.ahead_lines * tile.tap_count * kBlock;
      });
    }
  }
}

void WinogradConv::transform_out(const Run& run, const Block& block, size_t panel_begin, size_t panel_end,
                                 const float* m) const {
  const Value& out = problem_.out;
  const int first_block = panels_[panel_begin].block;
  winograd::Output output{};
  output.m_point = m_point(panel_begin, panel_end);
  output.out_row = int64_t{out.w} * kBlock;
  output.activation = problem_.activation;
  output.alpha = problem_.alpha;
  output.far = far_;
  const int end_block = panels_[panel_end - 1].block + panels_[panel_end - 1].blocks();
  for (int channel = first_block; channel < end_block; ++channel) {
    output.bias = bias_.data() + channel * kBlock;
    output.lanes = std::min(kBlock, out.c - channel * kBlock);
    tiles_.each(run.batch, block.begin, block.end, [&](const WinogradTiles::Run& tiles) {
      const int64_t at = (channel * out.pixels() + int64_t{tiles.y} * out.w + tiles.x) * kBlock;
      output.out = run.image(out, tiles.image) + at;
      output.residual = problem_.has_residual ? run.image(problem_.residual, tiles.image) + at : nullptr;
      output.m = m + ((channel - first_block) * tile_stride_ + tiles.first) * kBlock;
      output.tiles = tiles.tiles;
      output.rows = tiles.height;
      output.columns = tiles.width;
      kernel_.output(output);
    });
  }
}

void WinogradConv::run(const Run& run) const {
  const int64_t tiles = tiles_.count() * run.batch;
  int64_t blocks = ceil_div(tiles, block_tiles_);
  if (!run.even(blocks)) {
    // smaller blocks for everybody if the filters are not read too often that way, otherwise one at a time together, if
    // there are panels for everybody
    const int64_t even = ceil_div(blocks, run.threads) * run.threads;
    const bool panels_for_all = static_cast<int64_t>(panels_.size()) >= run.threads;
    if (tiles / even < (panels_for_all ? least_tiles_ : kFewTiles)) {
      for (int64_t i = 0; i < blocks; ++i) {
        run_together(run, {tiles * i / blocks, tiles * (i + 1) / blocks});
      }
      return;
    }
    blocks = even;
  }
  run.parallel(blocks, [&](int64_t task, int slot) {
    const Block block{tiles * task / blocks, tiles * (task + 1) / blocks};
    float* const v = run.scratch_of(slot);
    transform_in(run, block, 0, planes(), v, v + v_floats_ + m_floats_);
    for (const Group& group : groups_) {
      multiply(run, block, group, group.begin, group.end, v, v + v_floats_);
      transform_out(run, block, group.begin, group.end, v + v_floats_);
    }
  });
}

void WinogradConv::run_together(const Run& run, const Block& block) const {
  float* const v = run.scratch_of(0);  // everybody's; M is each thread's own
  const int in_blocks = planes();
  run.parallel(in_blocks, [&](int64_t task, int slot) {
    transform_in(run, block, static_cast<int>(task), static_cast<int>(task) + 1, v,
                 run.scratch_of(slot) + v_floats_ + m_floats_);
  });
  const int64_t groups = static_cast<int64_t>(groups_.size()), parts = ceil_div(run.threads, groups);
  run.parallel(groups * parts, [&](int64_t task, int slot) {
    const Group& group = groups_[task / parts];
    const int64_t panels = static_cast<int64_t>(group.end - group.begin), part = task % parts;
    const size_t begin = group.begin + static_cast<size_t>(panels * part / parts);
    const size_t end = group.begin + static_cast<size_t>(panels * (part + 1) / parts);
    if (begin < end) {
      float* const m = run.scratch_of(slot) + v_floats_;
      multiply(run, block, group, begin, end, v, m);
      transform_out(run, block, begin, end, m);
    }
  });
}

}  // namespace convoy
