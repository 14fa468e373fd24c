// A GEMM with images as rows. Weights are used once per image, so that small batches run at the speed of memory: a
// panel is as wide as the kernels allow and read from its beginning to its end.
#include "ops/linear.h"

#include <algorithm>
#include <cstring>

#include "ops/accelerators.h"
#include "ops/ahead.h"
#include "ops/estimate.h"
#include "ops/machine.h"
#include "ops/tiling.h"

namespace convoy {
namespace {

constexpr int64_t kChunk = 512;     // of k: a multiple of sixteen; its packed rows stay in the level-2 cache
constexpr int64_t kMostRows = 256;  // of a block

// More weights than this come from memory, and lines of them are asked for so many floats before they are used: with
// 1024 to 65536 an Emerald Rapids reads 16.5 to 17 GB/s, without 14.5 to 15.5, while from its shared cache it
// reads 27.5 without and 26 with (convoy bench alexnet mobilenet_v2 --layers). Zen 4 asks by itself: 29.7 GB/s,
// and 20.7 with this.
constexpr int64_t kNearBytes = 8 << 20;
constexpr int64_t kAhead = 16384;

class Linear final : public Step {
 public:
  Linear(Isa isa, int max_batch, const Value& in, const Value& out, int32_t activation, float alpha,
         const float* weights, const float* bias)
      : in_(in),
        out_(out),
        activation_(activation),
        alpha_(alpha),
        packed_rows_(max_batch == 1 ? 0 : std::min<int64_t>(max_batch, kMostRows)),
        tiling_(isa, std::max(8, max_batch), out.c, in.c),
        panels_(make_panels(1, out.c, tiling_, in.c)),
        weights_(panel_weights(panels_, in.c)),
        bias_(panel_biases(panels_)),
        asks_ahead_(weights_.bytes() > kNearBytes && !splits_wide_vectors()) {
    for (int64_t k = 0; k < in.c; k += kBlock) {
      single_row_.push_back({k, std::min<int64_t>(kBlock, in.c - k)});
    }
    algorithm = "linear " + tiling_.name() + " " + isa_name(static_cast<int32_t>(isa));
    parallel_for(static_cast<int64_t>(panels_.size()), kMaxThreads,
                 [&](int64_t p, int) { pack_panel(panels_[p], weights, bias); });
  }

  int64_t scratch_floats() const override { return packed_rows_ * kChunk; }
  int64_t parameter_bytes() const override { return weights_.bytes() + bias_.bytes(); }

  void run(const Run& whole) const override {
    const Run run = whole.worth(int64_t{in_.c} * out_.c * whole.batch);
    const int64_t count = static_cast<int64_t>(panels_.size());
    const int64_t parts = std::min<int64_t>(run.threads, count);
    run.parallel(parts, [&](int64_t part, int slot) {
      for (int64_t row = 0; row < run.batch; row += kMostRows) {
        multiply(run, row, std::min<int64_t>(kMostRows, run.batch - row), count * part / parts,
                 count * (part + 1) / parts, run.scratch_of(slot));
      }
    });
  }

 private:
  // A block of k after the other, so that what the lanes write between each other's numbers stays in the level-1 cache.
  void pack_panel(const Panel& panel, const float* weights, const float* bias) {
    const int64_t first = int64_t{panel.block} * kBlock;
    for (int64_t begin = 0; begin < in_.c; begin += kBlock) {
      const int64_t end = std::min<int64_t>(in_.c, begin + kBlock);
      for (int lane = 0; lane < panel.lanes; ++lane) {
        float* to = weights_.data() + panel.weights + begin * panel.width + lane;
        for (int64_t k = begin; k < end; ++k, to += panel.width) {
          *to = weights[(first + lane) * in_.c + k];
        }
      }
    }
    for (int lane = 0; lane < panel.lanes; ++lane) {
      bias_.data()[panel.bias + lane] = bias == nullptr ? 0.0f : bias[first + lane] + 0.0f;
    }
  }

  void multiply(const Run& run, int64_t first, int64_t rows, int64_t panel_begin, int64_t panel_end,
                float* packed) const {
    const int64_t chunk = rows == 1 ? in_.c : kChunk;
    gemm::Tile tile{};
    tile.c_row = out_.image_floats;
    tile.c_block = kBlock;
    tile.activation = activation_;
    tile.alpha = alpha_;
    for (int64_t k = 0; k < in_.c; k += chunk) {
      const int64_t depth = std::min(chunk, in_.c - k);
      gemm::Tap taps[kChunk / kBlock];
      if (rows == 1) {
        tile.taps = single_row_.data();
        tile.tap_count = static_cast<int64_t>(single_row_.size());
      } else {
        tile.taps = taps;
        tile.tap_count = pack(run, first, rows, k, depth, packed, taps);
      }
      tile.accumulate = k > 0;
      tile.last = k + depth == in_.c;
      for (int64_t p = panel_begin; p < panel_end; ++p) {
        const Panel& panel = panels_[p];
        tile.b = weights_.data() + panel.weights + k * panel.width;
        tile.bias = bias_.data() + panel.bias;
        tile.lanes = panel.lanes;
        Ahead ahead;
        if (rows == 1 && asks_ahead_) {
          ahead = Ahead(tile.b + kAhead, depth * panel.width, tile.tap_count);
        } else if (rows > 1 && p + 1 < panel_end) {
          const Panel& next = panels_[p + 1];
          const int64_t strips = ceil_div(rows, tiling_.most_rows(panel.width));
          ahead = Ahead(weights_.data() + next.weights + k * next.width, depth * next.width, strips * tile.tap_count);
        }
        tiling_.strips(rows, panel.width, [&](int64_t row, gemm::Function kernel) {
          tile.a = rows == 1 ? run.image(in_, first) + k : packed + row * kBlock;
          tile.c = run.image(out_, first + row) + panel.block * kBlock;
          ahead.share(tile);
          kernel(tile);
        });
      }
    }
  }

  // [sixteen of k][row][16]; returns the number of taps.
  int64_t pack(const Run& run, int64_t first, int64_t rows, int64_t k, int64_t depth, float* packed,
               gemm::Tap* taps) const {
    int64_t count = 0;
    for (int64_t begin = 0; begin < depth; begin += kBlock, ++count) {
      taps[count] = {count * rows * kBlock, std::min<int64_t>(kBlock, depth - begin)};
      for (int64_t row = 0; row < rows; ++row) {
        std::memcpy(packed + (count * rows + row) * kBlock, run.image(in_, first + row) + k + begin,
                    kBlock * sizeof(float));
      }
    }
    return count;
  }

  const Value in_, out_;
  const int32_t activation_;
  const float alpha_;
  const int64_t packed_rows_;
  const Tiling tiling_;
  const std::vector<Panel> panels_;
  std::vector<gemm::Tap> single_row_;  // of an image that is its own left operand
  AlignedBuffer weights_;
  AlignedBuffer bias_;
  const bool asks_ahead_;  // for the weights of a single row
};

}  // namespace

std::unique_ptr<Step> make_linear(Isa isa, int max_batch, const Value& in, const Value& out, int32_t activation,
                                  float alpha, const float* weights, const float* bias) {
  return std::make_unique<Linear>(isa, max_batch, in, out, activation, alpha, weights, bias);
}

std::unique_ptr<Step> make_linear(Isa isa, convoy_mode mode, int max_batch, int slice, const Value& in,
                                  const Value& out, int32_t activation, float alpha, const float* weights,
                                  const float* bias, const Preference& preference) {
  Offer offer(CONVOY_LAYER_LINEAR, isa, mode, max_batch, in, out);
  offer.layer.activation = activation;
  offer.layer.alpha = alpha;
  offer.weights = weights;
  offer.bias = bias;
  const Candidate ours = {"linear", [] { return std::string(); }, [&] { return estimated_cost("linear", offer.layer); },
                          [&] { return make_linear(isa, slice, in, out, activation, alpha, weights, bias); }, true};
  return preference.choose(candidates(preference, offer, {ours}), "linear layer");
}

}  // namespace convoy
