#include "ops/folding.h"

#include <algorithm>
#include <cstring>

namespace convoy {
namespace {

// kFloats floats of every `stride` to every sixteen.
template <int kFloats>
void copy_pixels(const float* from, int64_t stride, int64_t pixels, float* to) {
  for (int64_t i = 0; i < pixels; ++i, from += stride, to += kBlock) {
    std::memcpy(to, from, kFloats * sizeof(float));
  }
}

// `floats` columns of an image's row from column + i * stride on, to pixel i; nothing where there are none.
void copy_row(const float* row, int64_t width, int64_t column, int64_t stride, int floats, int64_t pixels, float* to) {
  // pixels that lie inside as a whole
  const int64_t begin = std::clamp<int64_t>(ceil_div(std::max<int64_t>(0, -column), stride), 0, pixels);
  const int64_t room = width - floats - column;
  const int64_t end = std::clamp<int64_t>(room < 0 ? 0 : room / stride + 1, begin, pixels);
  const float* from = row + (begin < end ? column + begin * stride : 0);
  float* const inside = to + begin * kBlock;
  switch (floats) {
    case 1:
      copy_pixels<1>(from, stride, end - begin, inside);
      break;
    case 2:
      copy_pixels<2>(from, stride, end - begin, inside);
      break;
    case 4:
      copy_pixels<4>(from, stride, end - begin, inside);
      break;
    default:
      for (int64_t i = begin; i < end; ++i) {
        std::copy_n(row + column + i * stride, floats, to + i * kBlock);
      }
  }
  auto partly = [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      for (int k = 0; k < floats; ++k) {
        const int64_t x = column + i * stride + k;
        if (x >= 0 && x < width) {
          to[i * kBlock + k] = row[x];
        }
      }
    }
  };
  partly(0, begin);
  partly(end, pixels);
}

}  // namespace

Convolution Folding::folded() const {
  Convolution folded = problem_;
  const Window& window = problem_.window;
  const int kernel_h = static_cast<int>(ceil_div(window.kernel_h, stride_));
  const int kernel_w = static_cast<int>(ceil_div(window.kernel_w, stride_));
  folded.window = {kernel_h, kernel_w, 1, 1, 1, 1, 0, 0, 0, 0};
  folded.in = Value{CONVOY_BLOCKED16,
                    problem_.in.c * stride_ * stride_,
                    problem_.out.h + kernel_h - 1,
                    problem_.out.w + kernel_w - 1,
                    0,
                    0};
  return folded;
}

AlignedBuffer Folding::fold_weights(const float* weights) const {
  const Window& window = problem_.window;
  const Convolution folded = this->folded();
  AlignedBuffer buffer(folded.weight_count());
  const int64_t taps = int64_t{folded.window.kernel_h} * folded.window.kernel_w;
  for (int o = 0; o < problem_.out.c; ++o) {
    for (int c = 0; c < problem_.in.c; ++c) {
      for (int y = 0; y < window.kernel_h; ++y) {
        for (int x = 0; x < window.kernel_w; ++x) {
          const int64_t channel = (int64_t{y % stride_} * problem_.in.c + c) * stride_ + x % stride_;
          buffer.data()[(int64_t{o} * folded.in.c + channel) * taps + y / stride_ * folded.window.kernel_w +
                        x / stride_] = *weights++;
        }
      }
    }
  }
  return buffer;
}

int Folding::full_channels() const { return ((problem_.window.kernel_h - 1) % stride_ + 1) * problem_.in.c * stride_; }

void Folding::fold(const Run& run, int64_t image, int block, int64_t y, int64_t rows, int64_t x, int64_t columns,
                   float* to) const {
  const Value& in = problem_.in;
  const float* from = run.image(in, image);
  const int first = block * kBlock, lanes = std::min(kBlock, in.c * stride_ * stride_ - first);
  std::memset(to, 0, rows * columns * kBlock * sizeof(float));
  for (int64_t row = 0; row < rows; ++row, to += columns * kBlock) {
    // a run of channels with neighbouring columns at a time, or what the block has of it
    for (int lane = 0, next; lane < lanes; lane = next) {
      const int channel = first + lane, begin = channel % stride_;
      next = std::min(lanes, lane + stride_ - begin);
      const int64_t in_y = (y + row) * stride_ + channel / (stride_ * in.c) - problem_.window.top;
      if (in_y < 0 || in_y >= in.h) {
        continue;
      }
      const float* line = from + (int64_t{channel / stride_ % in.c} * in.h + in_y) * in.w;
      copy_row(line, in.w, x * stride_ + begin - problem_.window.left, stride_, next - lane, columns, to + lane);
    }
  }
}

}  // namespace convoy
