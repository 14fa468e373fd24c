#include "ops/spatial.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "kernels/resize/resize.h"
#include "ops/pieces.h"
#include "ops/reorder.h"

namespace convoy {
namespace {

constexpr int kOutside = -1;

// Every output pixel is an input pixel, found by its row and by its column, or a constant.
class GatherPixels final : public Step {
 public:
  GatherPixels(const Value& in, const Value& out, std::vector<int> rows, std::vector<int> columns, float constant)
      : in_(in), out_(out), rows_(std::move(rows)), columns_(std::move(columns)) {
    const int lanes = last_lanes(in);
    std::fill(constant_, constant_ + kBlock, constant);
    std::fill(last_constant_, last_constant_ + lanes, constant);
    std::fill(last_constant_ + lanes, last_constant_ + kBlock, 0.0f);
    for (int x = 0, begin = 0; x < out.w; ++x) {
      bool follows = x + 1 < out.w && columns_[x] != kOutside && columns_[x + 1] == columns_[x] + 1;
      if (!follows) {
        runs_.push_back({begin, x + 1 - begin});
        begin = x + 1;
      }
    }
  }

  void run(const Run& run) const override {
    const int blocks = in_.blocks();
    const int64_t planes = int64_t{run.batch} * blocks;
    for_pieces(run, planes, out_.h, out_.w, [&](int64_t plane, int64_t begin, int64_t end, int) {
      const float* constant = plane % blocks == blocks - 1 ? last_constant_ : constant_;
      const float* in = run.plane(in_, plane);
      float* out = run.plane(out_, plane);
      for (int64_t y = begin; y < end; ++y) {
        write_row(rows_[y] == kOutside ? nullptr : in + int64_t{rows_[y]} * in_.w * kBlock, constant,
                  out + y * out_.w * kBlock);
      }
    });
  }

 private:
  // Output columns whose input columns are neighbours.
  struct Consecutive {
    int begin, count;
  };

  // in: the input's row, or null.
  void write_row(const float* in, const float* constant, float* out) const {
    constexpr size_t pixel_bytes = kBlock * sizeof(float);
    for (const Consecutive& part : runs_) {
      const int column = columns_[part.begin];
      float* to = out + int64_t{part.begin} * kBlock;
      if (in == nullptr || column == kOutside) {
        for (int x = 0; x < part.count; ++x) {
          std::memcpy(to + x * kBlock, constant, pixel_bytes);
        }
      } else if (part.count == 1) {
        std::memcpy(to, in + int64_t{column} * kBlock, pixel_bytes);
      } else {
        std::memcpy(to, in + int64_t{column} * kBlock, part.count * pixel_bytes);
      }
    }
  }

  Value in_, out_;
  std::vector<int> rows_, columns_;
  std::vector<Consecutive> runs_;
  float constant_[kBlock], last_constant_[kBlock];
};

class Bilinear final : public Step {
 public:
  Bilinear(Isa isa, const Value& in, const Value& out, bool align_corners)
      : in_(in),
        out_(out),
        rows_(taps(in.h, out.h, align_corners)),
        columns_(taps(in.w, out.w, align_corners)),
        kernel_(resize::table(isa).bilinear) {
    algorithm = std::string("bilinear ") + isa_name(static_cast<int32_t>(isa));
  }

  void run(const Run& run) const override {
    // planes follow each other, so all of an image are one sequence of rows
    const int64_t rows = int64_t{in_.blocks()} * out_.h;
    for_pieces(run, run.batch, rows, out_.w, [&](int64_t image, int64_t begin, int64_t end, int) {
      kernel_({run.image(in_, image), run.image(out_, image), begin, end, in_.h, in_.w, out_.h, out_.w, rows_.data(),
               columns_.data()});
    });
  }

 private:
  static std::vector<resize::Tap> taps(int in, int out, bool align_corners) {
    std::vector<resize::Tap> taps;
    for (int i = 0; i < out; ++i) {
      double at = !align_corners ? std::max(0.0, (i + 0.5) * in / out - 0.5)
                  : out == 1     ? 0.0
                                 : static_cast<double>(i) * (in - 1) / (out - 1);
      int low = static_cast<int>(at);
      taps.push_back({low, std::min(low + 1, in - 1), static_cast<float>(at - low)});
    }
    return taps;
  }

  Value in_, out_;
  std::vector<resize::Tap> rows_, columns_;
  resize::Function kernel_;
};

class Flatten final : public Step {
 public:
  Flatten(const Value& in, const Value& out) : out_(out) {
    if (in.pixels() == 1 && out.holds(in, 0)) {
      algorithm = "flatten in place";
      return;
    }
    // a BLOCKED16 vector is its PLAIN elements and then zeros
    Value elements = out;
    elements.layout = in.pixels() == 1 ? CONVOY_BLOCKED16 : CONVOY_PLAIN;
    elements.c = in.c;
    elements.h = in.h;
    elements.w = in.w;
    reorder_ = make_reorder(in, elements);
    algorithm = "flatten " + reorder_->algorithm;
  }

  void run(const Run& run) const override {
    if (reorder_ == nullptr) {
      return;
    }
    reorder_->run(run);
    for (int64_t image = 0; image < run.batch; ++image) {
      float* out = run.image(out_, image);
      std::fill(out + out_.c, out + out_.floats(), 0.0f);
    }
  }

  int64_t scratch_floats() const override { return reorder_ == nullptr ? 0 : reorder_->scratch_floats(); }

 private:
  Value out_;
  std::unique_ptr<Step> reorder_;  // null: it lies there
};

std::vector<int> padded(int in, int out, int before, convoy_pad_mode mode) {
  std::vector<int> sources;
  for (int i = -before; i < out - before; ++i) {
    const bool inside = i >= 0 && i < in;
    sources.push_back(inside                        ? i
                      : mode == CONVOY_PAD_CONSTANT ? kOutside
                      : mode == CONVOY_PAD_EDGE     ? (i < 0 ? 0 : in - 1)
                                                    : (i < 0 ? -i : 2 * (in - 1) - i));
  }
  return sources;
}

std::vector<int> nearest(int64_t in, int64_t out) {
  std::vector<int> sources;
  for (int64_t i = 0; i < out; ++i) {
    sources.push_back(static_cast<int>(i * in / out));
  }
  return sources;
}

}  // namespace

std::unique_ptr<Step> make_pad(const Value& in, const Value& out, convoy_pad_mode mode, float value, int top,
                               int left) {
  auto step =
      std::make_unique<GatherPixels>(in, out, padded(in.h, out.h, top, mode), padded(in.w, out.w, left, mode), value);
  constexpr const char* kNames[] = {"pad constant", "pad edge", "pad reflect"};
  step->algorithm = kNames[mode];
  return step;
}

std::unique_ptr<Step> make_nearest_resize(const Value& in, const Value& out) {
  auto step = std::make_unique<GatherPixels>(in, out, nearest(in.h, out.h), nearest(in.w, out.w), 0.0f);
  step->algorithm = "nearest";
  return step;
}

std::unique_ptr<Step> make_bilinear_resize(Isa isa, const Value& in, const Value& out, bool align_corners) {
  return std::make_unique<Bilinear>(isa, in, out, align_corners);
}

std::unique_ptr<Step> make_flatten(const Value& in, const Value& out) { return std::make_unique<Flatten>(in, out); }

}  // namespace convoy
