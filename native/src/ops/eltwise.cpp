#include "ops/eltwise.h"

#include <algorithm>

#include "base/aligned_buffer.h"
#include "kernels/eltwise/eltwise.h"
#include "ops/pieces.h"

namespace convoy {
namespace {

// Whether f(0) = 0, so that lanes without a channel need no care.
bool keeps_zero(int32_t activation) {
  return activation != CONVOY_HARD_SIGMOID && activation != CONVOY_SIGMOID && activation != CONVOY_SOFTPLUS;
}

class ScaleShift final : public Step {
 public:
  ScaleShift(Isa isa, const Value& in, const Value& out, const float* scale, const float* shift, int32_t activation,
             float alpha)
      : in_(in),
        out_(out),
        activation_(activation),
        alpha_(alpha),
        scale_(int64_t{in.blocks()} * kBlock),
        shift_(int64_t{in.blocks()} * kBlock),
        kernel_(eltwise::table(isa).scale_shift) {
    std::copy(scale, scale + in.c, scale_.data());
    std::copy(shift, shift + in.c, shift_.data());
    algorithm = std::string("scale-shift ") + isa_name(static_cast<int32_t>(isa));
  }

  int64_t parameter_bytes() const override { return scale_.bytes() + shift_.bytes(); }

  void run(const Run& run) const override {
    const int64_t pixels = in_.pixels();
    const int blocks = in_.blocks();
    for_pieces(run, int64_t{run.batch} * blocks, pixels, 1, [&](int64_t plane, int64_t begin, int64_t end, int) {
      const int block = static_cast<int>(plane % blocks);
      eltwise::Stream stream{};
      stream.a = run.plane(in_, plane) + begin * kBlock;
      stream.out = run.plane(out_, plane) + begin * kBlock;
      stream.pixels = end - begin;
      stream.scale = scale_.data() + block * kBlock;
      stream.shift = shift_.data() + block * kBlock;
      stream.activation = activation_;
      stream.alpha = alpha_;
      stream.lanes = lanes_of(in_, block);
      kernel_(stream);
    });
  }

 private:
  Value in_, out_;
  int32_t activation_;
  float alpha_;
  AlignedBuffer scale_, shift_;  // zero beyond the last channel
  eltwise::Function kernel_;
};

// An activation on one input or on the sum of two.
class Activate final : public Step {
 public:
  Activate(const Value& a, const Value* b, const Value& out, int32_t activation, float alpha, eltwise::Function kernel)
      : a_(a), b_(b == nullptr ? a : *b), out_(out), activation_(activation), alpha_(alpha), kernel_(kernel) {}

  void run(const Run& run) const override {
    // of an image without special lanes all blocks are one plane
    const bool uniform = keeps_zero(activation_) || a_.c % kBlock == 0;
    const int64_t blocks = uniform ? 1 : a_.blocks(), pixels = uniform ? a_.blocks() * a_.pixels() : a_.pixels();
    for_pieces(run, run.batch * blocks, pixels, 1, [&](int64_t plane, int64_t begin, int64_t end, int) {
      const int64_t image = plane / blocks, at = (plane % blocks * pixels + begin) * kBlock;
      eltwise::Stream stream{};
      stream.a = run.image(a_, image) + at;
      stream.b = run.image(b_, image) + at;
      stream.out = run.image(out_, image) + at;
      stream.pixels = end - begin;
      stream.activation = activation_;
      stream.alpha = alpha_;
      stream.lanes = uniform ? kBlock : lanes_of(a_, static_cast<int>(plane % blocks));
      kernel_(stream);
    });
  }

 private:
  Value a_, b_, out_;
  int32_t activation_;
  float alpha_;
  eltwise::Function kernel_;
};

class Multiply final : public Step {
 public:
  Multiply(Isa isa, const Value& in, const Value& factors, const Value& out)
      : in_(in), factors_(factors), out_(out), kernel_(eltwise::table(isa).multiply) {
    algorithm = std::string("multiply ") + isa_name(static_cast<int32_t>(isa));
  }

  void run(const Run& run) const override {
    const int64_t pixels = in_.pixels();
    for_pieces(run, int64_t{run.batch} * in_.blocks(), pixels, 1, [&](int64_t plane, int64_t begin, int64_t end, int) {
      eltwise::Stream stream{};
      stream.a = run.plane(in_, plane) + begin * kBlock;
      stream.out = run.plane(out_, plane) + begin * kBlock;
      stream.pixels = end - begin;
      stream.scale = run.plane(factors_, plane);
      stream.lanes = lanes_of(in_, static_cast<int>(plane % in_.blocks()));
      kernel_(stream);
    });
  }

 private:
  Value in_, factors_, out_;
  eltwise::Function kernel_;
};

}  // namespace

std::unique_ptr<Step> make_multiply(Isa isa, const Value& in, const Value& factors, const Value& out) {
  return std::make_unique<Multiply>(isa, in, factors, out);
}

std::unique_ptr<Step> make_scale_shift(Isa isa, const Value& in, const Value& out, const float* scale,
                                       const float* shift, int32_t activation, float alpha) {
  return std::make_unique<ScaleShift>(isa, in, out, scale, shift, activation, alpha);
}

std::unique_ptr<Step> make_activate(Isa isa, const Value& in, const Value& out, int32_t activation, float alpha) {
  auto step = std::make_unique<Activate>(in, nullptr, out, activation, alpha, eltwise::table(isa).activate);
  step->algorithm = std::string("activate ") + isa_name(static_cast<int32_t>(isa));
  return step;
}

std::unique_ptr<Step> make_add(Isa isa, const Value& a, const Value& b, const Value& out, int32_t activation,
                               float alpha) {
  auto step = std::make_unique<Activate>(a, &b, out, activation, alpha, eltwise::table(isa).add);
  step->algorithm = std::string("add ") + isa_name(static_cast<int32_t>(isa));
  return step;
}

}  // namespace convoy
