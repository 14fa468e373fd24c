#include "ops/channelwise.h"

#include <algorithm>

#include "base/aligned_buffer.h"
#include "kernels/layernorm/layernorm.h"
#include "kernels/lrn/lrn.h"
#include "kernels/softmax/softmax.h"
#include "ops/pieces.h"

namespace convoy {
namespace {

constexpr int kLines = 8;  // pixels that the LRN kernel lays out before it computes

class Lrn final : public Step {
 public:
  Lrn(Isa isa, const Value& in, const Value& out, int32_t size, float alpha, float beta, float k)
      : in_(in), out_(out), kernel_(lrn::table(isa).power) {
    // a neighbour further away than the last channel does not exist
    pixels_.before = std::min(size / 2, in.c - 1);
    pixels_.after = std::min(size - 1 - size / 2, in.c - 1);
    pixels_.head = static_cast<int32_t>(ceil_div(pixels_.before, kBlock) * kBlock);
    pixels_.tail = static_cast<int32_t>(ceil_div(pixels_.after, kBlock) * kBlock);
    pixels_.block_stride = in.pixels() * kBlock;
    pixels_.blocks = in.blocks();
    pixels_.last_lanes = last_lanes(in);
    pixels_.scale = static_cast<float>(static_cast<double>(alpha) / size);
    pixels_.k = k;
    pixels_.beta = beta;
    algorithm = std::string("lrn ") + isa_name(static_cast<int32_t>(isa));
  }

  int64_t scratch_floats() const override {
    return kLines * (int64_t{pixels_.head} + int64_t{pixels_.blocks} * kBlock + pixels_.tail);
  }

  void run(const Run& run) const override {
    for_pieces(run, run.batch, in_.pixels(), in_.blocks(), [&](int64_t image, int64_t begin, int64_t end, int slot) {
      lrn::Pixels pixels = pixels_;
      pixels.lines = run.scratch_of(slot);
      for (int64_t at = begin; at < end; at += kLines) {
        pixels.in = run.image(in_, image) + at * kBlock;
        pixels.out = run.image(out_, image) + at * kBlock;
        pixels.count = static_cast<int32_t>(std::min<int64_t>(kLines, end - at));
        kernel_(pixels);
      }
    });
  }

 private:
  Value in_, out_;
  lrn::Pixels pixels_{};  // without in, out, count and lines
  lrn::Function kernel_;
};

class LayerNorm final : public Step {
 public:
  LayerNorm(Isa isa, const Value& in, const Value& out, const float* weight, const float* bias, float eps)
      : in_(in),
        out_(out),
        weight_(padded(in, weight)),
        bias_(padded(in, bias)),
        eps_(eps),
        kernel_(layernorm::table(isa).channels) {
    algorithm = std::string("layer-norm ") + isa_name(static_cast<int32_t>(isa));
  }

  int64_t parameter_bytes() const override { return weight_.bytes() + bias_.bytes(); }

  void run(const Run& run) const override {
    for_pieces(run, run.batch, in_.pixels(), in_.blocks(), [&](int64_t image, int64_t begin, int64_t end, int) {
      kernel_({run.image(in_, image) + begin * kBlock, run.image(out_, image) + begin * kBlock, in_.pixels() * kBlock,
               end - begin, in_.blocks(), last_lanes(in_), weight_.data(), bias_.data(), eps_});
    });
  }

 private:
  // A number a channel, zero to the end of the last block.
  static AlignedBuffer padded(const Value& value, const float* numbers) {
    AlignedBuffer buffer(int64_t{value.blocks()} * kBlock);
    std::copy(numbers, numbers + value.c, buffer.data());
    return buffer;
  }

  Value in_, out_;
  AlignedBuffer weight_, bias_;
  float eps_;
  layernorm::Function kernel_;
};

class Softmax final : public Step {
 public:
  Softmax(Isa isa, const Value& in, const Value& out, bool log)
      : in_(in), out_(out), kernel_(log ? softmax::table(isa).log : softmax::table(isa).plain) {
    algorithm = std::string(log ? "log-softmax " : "softmax ") + isa_name(static_cast<int32_t>(isa));
  }

  void run(const Run& run) const override {
    for_pieces(run, run.batch, in_.pixels(), in_.blocks(), [&](int64_t image, int64_t begin, int64_t end, int) {
      kernel_({run.image(in_, image) + begin * kBlock, run.image(out_, image) + begin * kBlock, in_.pixels() * kBlock,
               end - begin, in_.blocks(), last_lanes(in_)});
    });
  }

 private:
  Value in_, out_;
  softmax::Function kernel_;
};

}  // namespace

std::unique_ptr<Step> make_lrn(Isa isa, const Value& in, const Value& out, int32_t size, float alpha, float beta,
                               float k) {
  return std::make_unique<Lrn>(isa, in, out, size, alpha, beta, k);
}

std::unique_ptr<Step> make_layer_norm(Isa isa, const Value& in, const Value& out, const float* weight,
                                      const float* bias, float eps) {
  return std::make_unique<LayerNorm>(isa, in, out, weight, bias, eps);
}

std::unique_ptr<Step> make_softmax(Isa isa, const Value& in, const Value& out, bool log) {
  return std::make_unique<Softmax>(isa, in, out, log);
}

}  // namespace convoy
