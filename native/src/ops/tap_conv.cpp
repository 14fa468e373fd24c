#include "ops/tap_conv.h"

#include <algorithm>

#include "base/caches.h"
#include "base/status.h"
#include "ops/ahead.h"

namespace convoy {
namespace {

// A sum is put down in C and taken up again only after this many steps, so that it costs nothing.
constexpr int64_t kLeastK = 512;

// Pixels below which a block is not cut for another thread: its weights would be read too often.
constexpr int64_t kLeastPixels = 56;

// A gibibyte: no sane convolution comes near.
constexpr int64_t kMostScratch = int64_t{1} << 28;

int64_t left_operand_floats() { return l2_bytes() * 3 / 8 / static_cast<int64_t>(sizeof(float)); }
int64_t panel_floats() { return l2_bytes() / 4 / static_cast<int64_t>(sizeof(float)); }

}  // namespace

// How one run is dealt out: blocks of images or of rows, times parts of the panels.
struct TapConv::Split {
  int64_t images;  // of a block
  int row_blocks;  // of an image
  int parts;       // of the panels
  int64_t blocks;  // of the batch
};

TapConv::TapConv(const char* name, const Convolution& problem, int rows, int row_pixels, int64_t tile_pixels)
    : problem_(problem),
      rows_(rows),
      row_pixels_(row_pixels),
      slabs_(static_cast<int>(ceil_div(problem.group_in(), kBlock))),
      slab_k_(int64_t{std::min(kBlock, problem.group_in())} * problem.window.kernel_h * problem.window.kernel_w),
      k_(int64_t{problem.group_in()} * problem.window.kernel_h * problem.window.kernel_w),
      tiling_(problem.isa, std::min<int64_t>(tile_pixels, 1 << 20), problem.group_out(), k_) {
  algorithm = std::string(name) + " " + tiling_.name() + " " + isa_name(static_cast<int32_t>(problem.isa));
}

void TapConv::prepare(const float* weights, const float* bias) {
  plan();
  for (int slab = 0; slab < slabs_; ++slab) {
    if (slab % chunk_slabs_ == 0) {
      chunk_taps_.push_back(taps_.size());
    }
    const size_t begin = taps_.size();
    slab_taps(slab, block_rows_, taps_);
    const int64_t base = slab % chunk_slabs_ * slab_stride();
    for (size_t i = begin; i < taps_.size(); ++i) {
      taps_[i].offset += base;
    }
  }
  chunk_taps_.push_back(taps_.size());
  pack_parameters(weights, bias);
}

int TapConv::slab_channels(int slab) const { return std::min(kBlock, problem_.group_in() - slab * kBlock); }

int64_t TapConv::depth(int chunk) const {
  const int begin = chunk * chunk_slabs_, end = std::min(slabs_, begin + chunk_slabs_);
  const int64_t channels = std::min(end * kBlock, problem_.group_in()) - begin * kBlock;
  return channels * problem_.window.kernel_h * problem_.window.kernel_w;
}

int64_t TapConv::scratch_floats() const {
  return in_place() ? 0 : block_images_ * chunk_slabs_ * slab_floats(block_rows_);
}

void TapConv::plan() {
  const int64_t room = left_operand_floats();
  auto block = [&](int64_t slabs, int rows) { return slabs * slab_floats(rows); };
  if (!in_place() && block(1, 1) > kMostScratch) {
    fail(CONVOY_UNSUPPORTED, "a single row of the output needs %lld MiB of packed input",
         static_cast<long long>(block(1, 1) >> 18));
  }
  chunk_slabs_ = static_cast<int>(std::min<int64_t>(slabs_, ceil_div(kLeastK, slab_k_)));
  block_rows_ = rows_;
  if (block(chunk_slabs_, rows_) > room) {
    int low = 1, high = rows_;  // the most rows that fit, at least one
    while (low < high) {
      int middle = low + (high - low + 1) / 2;
      (block(chunk_slabs_, middle) <= room ? low : high) = block(chunk_slabs_, middle) <= room ? middle : middle - 1;
    }
    block_rows_ = static_cast<int>(ceil_div(rows_, ceil_div(rows_, low)));
  } else {
    int64_t images = room / std::max<int64_t>(1, block(chunk_slabs_, rows_));
    block_images_ = static_cast<int>(std::clamp<int64_t>(images, 1, problem_.slice));
  }
  // what room is left goes to a longer k
  const int64_t width = tiling_.widest();
  while (chunk_slabs_ < slabs_ && block_images_ * block(chunk_slabs_ + 1, block_rows_) <= room &&
         (chunk_slabs_ + 1) * slab_k_ * width <= panel_floats()) {
    ++chunk_slabs_;
  }
  chunk_slabs_ = static_cast<int>(ceil_div(slabs_, ceil_div(slabs_, chunk_slabs_)));
}

void TapConv::pack_parameters(const float* weights, const float* bias) {
  panels_ = make_panels(problem_.groups, problem_.group_out(), tiling_, k_);
  weights_ = AlignedBuffer(panel_weights(panels_, k_));
  bias_ = AlignedBuffer(panel_biases(panels_));
  for (size_t p = 0; p < panels_.size(); ++p) {
    if (p == 0 || panels_[p].group != panels_[p - 1].group) {
      group_panels_.push_back(p);
    }
  }
  group_panels_.push_back(panels_.size());
  parallel_for(static_cast<int64_t>(panels_.size()), kMaxThreads,
               [&](int64_t p, int) { pack_panel(panels_[p], weights, bias); });
}

// Slab by slab, so that what the lanes write between each other's numbers stays in the level-1 cache.
void TapConv::pack_panel(const Panel& panel, const float* weights, const float* bias) {
  const int64_t taps = int64_t{problem_.window.kernel_h} * problem_.window.kernel_w;
  const int64_t filter_floats = problem_.group_in() * taps;
  float* slab_to = weights_.data() + panel.weights;
  for (int slab = 0; slab < slabs_; ++slab) {
    const int channels = slab_channels(slab);
    for (int lane = panel.keep; lane < panel.lanes; ++lane) {
      const float* from = weights + (panel.block * kBlock + lane) * filter_floats + slab * kBlock * taps;
      float* to = slab_to + lane;
      for (int64_t tap = 0; tap < taps; ++tap) {
        for (int c = 0; c < channels; ++c, to += panel.width) {
          *to = from[c * taps + tap];
        }
      }
    }
    slab_to += taps * channels * panel.width;
  }
  for (int lane = panel.keep; lane < panel.lanes; ++lane) {
    // + 0 makes a bias of -0 the sum of nothing
    bias_.data()[panel.bias + lane] = bias == nullptr ? 0.0f : bias[panel.block * kBlock + lane] + 0.0f;
  }
}

TapConv::Split TapConv::split(const Run& run) const {
  Split split{};
  const int threads = run.threads;
  split.images = std::min<int64_t>(block_images_, std::max(1, run.batch / threads));
  split.row_blocks = static_cast<int>(ceil_div(rows_, block_rows_));
  split.parts = 1;
  int64_t image_blocks = ceil_div(run.batch, split.images);
  if (threads > 1 && split.images == 1) {
    const int64_t pixels = int64_t{rows_} * row_pixels_;
    split.row_blocks = static_cast<int>(
        run.even_parts(image_blocks, split.row_blocks, std::min<int64_t>(rows_, pixels / kLeastPixels)));
  }
  split.blocks = image_blocks * split.row_blocks;
  if (!run.even(split.blocks)) {
    split.parts = threads;
  }
  return split;
}

void TapConv::run(const Run& whole) const {
  const Run run = whole.worth(problem_.macs() * whole.batch);
  const Split how = split(run);
  const int groups = problem_.groups;
  // groups that begin inside a block of output channels wait for their predecessor
  const bool apart = problem_.group_out() % kBlock == 0;
  const int64_t bundles =
      groups == 1 ? std::min<int64_t>(how.parts, static_cast<int64_t>(panels_.size())) : (apart ? groups : 1);
  run.parallel(how.blocks * bundles, [&](int64_t task, int slot) {
    const int64_t block = task / bundles, bundle = task % bundles;
    const int64_t image = block / how.row_blocks * how.images, rows = block % how.row_blocks;
    const int64_t count = static_cast<int64_t>(panels_.size());
    const int64_t panel_begin = groups == 1 ? count * bundle / bundles : apart ? group_panels_[bundle] : 0;
    const int64_t panel_end = groups == 1 ? count * (bundle + 1) / bundles : apart ? group_panels_[bundle + 1] : count;
    multiply(run, image, std::min<int64_t>(run.batch, image + how.images),
             static_cast<int>(rows_ * rows / how.row_blocks), static_cast<int>(rows_ * (rows + 1) / how.row_blocks),
             static_cast<size_t>(panel_begin), static_cast<size_t>(panel_end), slot);
  });
}

void TapConv::run_rows(const Run& run, int64_t image, Rows out) const {
  const int height = problem_.out.h, unit = rows_ / height;  // rows of ours in one of the output
  auto wrap = [](int row, int held) { return row - row % held + held; };
  for (int begin = out.begin, end; begin < out.end; begin = end) {
    // no row lies below a later one in a rolling value
    end = std::min(out.end, wrap(begin, problem_.out.rows()));
    end = in_place() ? std::min(end, wrap(begin, problem_.in.rows())) : end;
    for (int row = begin * unit; row < end * unit; row += block_rows_) {
      multiply(run, image, image + 1, row, std::min(end * unit, row + block_rows_), 0, panels_.size(), 0);
    }
  }
}

void TapConv::multiply(const Run& run, int64_t image_begin, int64_t image_end, int row_begin, int row_end,
                       size_t panel_begin, size_t panel_end, int slot) const {
  const int64_t slab = slab_stride(), out_plane = problem_.out.plane();
  const int64_t first_pixel = int64_t{row_begin} * row_pixels_;
  // where the first pixel lies in planes of the output and, in place, of the input
  const int64_t out_first = first_pixel * kBlock % out_plane;
  const int64_t in_first = in_place() ? first_pixel * kBlock % slab : 0;
  const int64_t pixels = int64_t{row_end - row_begin} * row_pixels_;
  const int64_t a_pixel = pixel_stride(), a_row = row_stride();
  // what tiles may run across: all rows if they lie end to end
  const int64_t run_pixels = a_row == row_pixels_ * a_pixel ? pixels : row_pixels_;
  const int chunks = static_cast<int>(chunk_taps_.size()) - 1;
  float* const scratch = run.scratch_of(slot);

  gemm::Tile tile{};
  tile.c_row = kBlock;
  tile.c_block = out_plane;
  tile.plain = a_pixel == 1;
  tile.activation = problem_.activation;
  tile.alpha = problem_.alpha;
  while (panel_begin < panel_end) {
    const int group = panels_[panel_begin].group;
    const size_t group_end = std::min(panel_end, group_panels_[group + 1]);
    int64_t k = 0;
    for (int chunk = 0; chunk < chunks; ++chunk) {
      const int slab_begin = chunk * chunk_slabs_, slab_end = std::min(slabs_, slab_begin + chunk_slabs_);
      if (!in_place()) {
        float* to = scratch;
        for (int64_t image = image_begin; image < image_end; ++image) {
          for (int s = slab_begin; s < slab_end; ++s, to += slab) {
            pack(run.image(problem_.in, image), group, s, row_begin, row_end, to);
          }
        }
      }
      tile.taps = taps_.data() + chunk_taps_[chunk];
      tile.tap_count = static_cast<int64_t>(chunk_taps_[chunk + 1] - chunk_taps_[chunk]);
      tile.accumulate = chunk > 0;
      tile.last = chunk + 1 == chunks;
      for (size_t p = panel_begin; p < group_end; ++p) {
        const Panel& panel = panels_[p];
        tile.b = weights_.data() + panel.weights + k * panel.width;
        tile.bias = bias_.data() + panel.bias;
        tile.keep = panel.keep;
        tile.lanes = panel.lanes;
        tile.fetch_c = ceil_div(tiling_.most_rows(panel.width), tile.tap_count);
        // a left operand in place is as far away as the values before it; the first panel brings it near
        tile.fetch_a = in_place() && p == panel_begin ? tiling_.most_rows(panel.width) * kBlock : 0;
        const int64_t tiles =
            (image_end - image_begin) * (pixels / run_pixels) * ceil_div(run_pixels, tiling_.most_rows(panel.width));
        Ahead ahead;
        if (p + 1 < group_end) {
          const Panel& next = panels_[p + 1];
          ahead =
              Ahead(weights_.data() + next.weights + k * next.width, depth(chunk) * next.width, tiles * tile.tap_count);
        } else if (!tile.last) {
          const Panel& next = panels_[panel_begin];
          ahead = Ahead(weights_.data() + next.weights + (k + depth(chunk)) * next.width, depth(chunk + 1) * next.width,
                        tiles * tile.tap_count);
        }
        const int64_t at = panel.block * out_plane + out_first;
        for (int64_t image = image_begin; image < image_end; ++image) {
          const float* a = in_place() ? run.image(problem_.in, image) + slab_begin * slab + in_first
                                      : scratch + (image - image_begin) * (slab_end - slab_begin) * slab;
          float* c = run.image(problem_.out, image) + at;
          const float* residual = problem_.has_residual ? run.image(problem_.residual, image) + at : nullptr;
          for (int64_t run_begin = 0; run_begin < pixels; run_begin += run_pixels, a += a_row) {
            tiling_.strips(run_pixels, panel.width, [&](int64_t pixel, gemm::Function kernel) {
              tile.a = a + pixel * a_pixel;
              tile.c = c + (run_begin + pixel) * kBlock;
              tile.residual = residual == nullptr ? nullptr : residual + (run_begin + pixel) * kBlock;
              ahead.share(tile);
              kernel(tile);
            });
          }
        }
      }
      k += depth(chunk);
    }
    panel_begin = group_end;
  }
}

}  // namespace convoy
