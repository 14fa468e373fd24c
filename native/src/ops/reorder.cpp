#include "ops/reorder.h"

#include <algorithm>
#include <cstring>

namespace convoy {
namespace {

// Pixels of a task: sixteen channels of them stay in the level-1 cache.
constexpr int64_t kTile = 256;

class Reorder final : public Step {
 public:
  Reorder(const Value& in, const Value& out) : in_(in), out_(out) {
    algorithm = in.layout == out.layout ? "copy" : in.layout == CONVOY_PLAIN ? "plain-to-blocked" : "blocked-to-plain";
  }

  void run(const Run& run) const override {
    const int64_t pixels = in_.pixels();
    const int64_t tiles = ceil_div(pixels, kTile);
    const int blocks = in_.blocks();
    run.parallel(run.batch * blocks * tiles, [&](int64_t task, int) {
      int64_t image = task / (blocks * tiles);
      int block = static_cast<int>(task / tiles % blocks);
      int64_t begin = task % tiles * kTile;
      move(run.image(in_, image), run.image(out_, image), block, begin, std::min(pixels, begin + kTile));
    });
  }

 private:
  void move(const float* in, float* out, int block, int64_t begin, int64_t end) const {
    const int64_t pixels = in_.pixels();
    const int channels = std::min(kBlock, in_.c - block * kBlock);
    const int64_t first = block * kBlock * pixels;  // of the block, in both layouts
    if (in_.layout == out_.layout) {
      // a PLAIN block is `channels` whole planes
      int64_t lines = in_.layout == CONVOY_PLAIN ? channels : 1, width = in_.layout == CONVOY_PLAIN ? 1 : kBlock;
      for (int64_t line = 0; line < lines; ++line) {
        int64_t at = first + line * pixels + begin * width;
        std::memcpy(out + at, in + at, (end - begin) * width * sizeof(float));
      }
    } else if (in_.layout == CONVOY_PLAIN) {
      for (int64_t pixel = begin; pixel < end; ++pixel) {
        float* to = out + first + pixel * kBlock;
        for (int c = 0; c < channels; ++c) {
          to[c] = in[first + c * pixels + pixel];
        }
        std::fill(to + channels, to + kBlock, 0.0f);
      }
    } else {
      for (int c = 0; c < channels; ++c) {
        for (int64_t pixel = begin; pixel < end; ++pixel) {
          out[first + c * pixels + pixel] = in[first + pixel * kBlock + c];
        }
      }
    }
  }

  Value in_, out_;
};

}  // namespace

std::unique_ptr<Step> make_reorder(const Value& in, const Value& out) { return std::make_unique<Reorder>(in, out); }

}  // namespace convoy
