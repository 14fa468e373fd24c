// One convolution with its data between guard pages, and what must come out of it.
#ifndef CONVOY_TEST_CONV_CASE_H
#define CONVOY_TEST_CONV_CASE_H

#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "guarded_buffer.h"
#include "ops/convolution.h"
#include "shapes.h"

namespace convoy::test {

enum class Fill { integers, gaussian };

inline Value make_value(int layout, int c, int h, int w, int64_t offset) {
  const int64_t channels = layout == CONVOY_PLAIN ? c : ceil_div(c, kBlock) * kBlock;
  return {layout, c, h, w, offset, channels * h * w};
}

// The same, as a part of larger images.
inline Value make_part(int layout, int c, int h, int w) {
  Value value = make_value(layout, c, h, w, 0);
  value.image_floats += 3 * kBlock;
  return value;
}

// Up to the end of the last image.
inline int64_t floats_of(const Value& value, int batch) { return value.image_floats * (batch - 1) + value.floats(); }

// Element (c, y, x) of image n.
inline float& element(float* base, const Value& v, int64_t n, int c, int64_t y, int64_t x) {
  float* image = base + n * v.image_floats;
  return v.layout == CONVOY_PLAIN ? image[(c * int64_t{v.h} + y) * v.w + x]
                                  : image[((c / kBlock * int64_t{v.h} + y) * v.w + x) * kBlock + c % kBlock];
}

inline uint32_t bits_of(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

class ConvCase {
 public:
  ConvCase(const bench::Shape& shape, int batch, Fill fill, bool with_residual, int activation, float alpha)
      : batch_(batch),
        problem_(make_problem(shape, batch, with_residual, activation, alpha)),
        in_(floats_of(problem_.in, batch)),
        residual_(floats_of(problem_.out, batch)),
        weights_(problem_.weight_count()),
        bias_(shape.oc) {
    std::mt19937 random(static_cast<unsigned>(shape.ic * 31 + shape.oc * 17 + shape.ih));
    std::uniform_int_distribution<int> integers(-4, 4);
    std::normal_distribution<float> gaussian;
    auto number = [&] { return fill == Fill::integers ? static_cast<float>(integers(random)) : gaussian(random); };
    auto fill_value = [&](GuardedBuffer& buffer, const Value& value) {
      std::fill(buffer.begin(), buffer.end(), 0.0f);
      for (int n = 0; n < batch; ++n)
        for (int c = 0; c < value.c; ++c)
          for (int y = 0; y < value.h; ++y)
            for (int x = 0; x < value.w; ++x) element(buffer.data(), value, n, c, y, x) = number();
    };
    fill_value(in_, problem_.in);
    fill_value(residual_, problem_.out);
    std::generate(weights_.begin(), weights_.end(), number);
    std::generate(bias_.begin(), bias_.end(), number);
  }

  const Convolution& problem() const { return problem_; }
  void set_mode(convoy_mode mode) { problem_.mode = mode; }
  int batch() const { return batch_; }
  int64_t out_floats() const { return floats_of(problem_.out, batch_); }
  GuardedBuffer& in() { return in_; }
  GuardedBuffer& weights() { return weights_; }
  GuardedBuffer& bias() { return bias_; }

  // Copies image 0 to every position of the batch.
  void repeat_first_image() {
    for (int n = 1; n < batch_; ++n) {
      std::copy_n(in_.data(), problem_.in.floats(), in_.data() + n * problem_.in.image_floats);
      std::copy_n(residual_.data(), problem_.out.floats(), residual_.data() + n * problem_.out.image_floats);
    }
  }

  // The output of one algorithm; empty and `refusal` set if it refuses. images: how many of the batch to run, 0 = all.
  std::vector<float> run(Isa isa, const ConvAlgorithm& algorithm, int threads, std::string* refusal, int images = 0) {
    *refusal = algorithm.refusal(problem_);
    return refusal->empty() ? run(isa, algorithm.make, threads, images) : std::vector<float>();
  }

  // The output of the step that make(problem, weights, bias) gives.
  template <class Make>
  std::vector<float> run(Isa isa, Make&& make, int threads, int images = 0) {
    Convolution problem = problem_;
    problem.isa = isa;
    GuardedBuffer out(out_floats());
    problem.out.offset = out.data() - in_.data();
    problem.residual.offset = residual_.data() - in_.data();
    std::unique_ptr<Step> step = make(problem, weights_.data(), bias_.data());
    // of the last thread, so that it too ends at the page; it begins as NaN like the output
    pool_reserve(step->scratch_floats());
    GuardedBuffer scratch(step->scratch_floats());
    Run run{in_.data(), scratch.data(), threads, images == 0 ? batch_ : images};
    step->run(run);
    return std::vector<float>(out.begin(), out.end());
  }

  // The documented order, one fma at a time, and what is needed to bound the error of any other order.
  struct Expected {
    float value;       // in the documented order
    double sum;        // in double, before the activation
    double magnitude;  // sum of |terms|
    int terms;
  };

  Expected expected(int64_t n, int o, int64_t y, int64_t x) {
    const Window& w = problem_.window;
    const int group = o / problem_.group_out(), channels = problem_.group_in();
    const float bias = bias_.data()[o] + 0.0f;
    Expected e{bias, bias, std::fabs(bias), 1};
    for (int block = 0; block < channels; block += kBlock)
      for (int kh = 0; kh < w.kernel_h; ++kh)
        for (int kw = 0; kw < w.kernel_w; ++kw)
          for (int c = block; c < std::min(channels, block + kBlock); ++c) {
            const int64_t in_y = y * w.stride_h + int64_t{kh} * w.dilation_h - w.top;
            const int64_t in_x = x * w.stride_w + int64_t{kw} * w.dilation_w - w.left;
            const bool inside = in_y >= 0 && in_y < problem_.in.h && in_x >= 0 && in_x < problem_.in.w;
            const float a = inside ? element(in_.data(), problem_.in, n, group * channels + c, in_y, in_x) : 0.0f;
            const float b = weights_.data()[((int64_t{o} * channels + c) * w.kernel_h + kh) * w.kernel_w + kw];
            e.value = std::fma(b, a, e.value);
            e.sum += double{a} * b;
            e.magnitude += std::fabs(double{a} * b);
            ++e.terms;
          }
    if (problem_.has_residual) {
      const float r = element(residual_.data(), problem_.out, n, o, y, x);
      e.value += r;
      e.sum += r;
      e.magnitude += std::fabs(r);
      ++e.terms;
    }
    if (problem_.activation == CONVOY_RELU) {
      e.value = std::fmax(e.value, 0.0f);
    } else if (problem_.activation == CONVOY_RELU6) {
      e.value = std::fmin(std::fmax(e.value, 0.0f), 6.0f);
    } else if (problem_.activation == CONVOY_LEAKY_RELU) {
      e.value = e.value < 0 ? problem_.alpha * e.value : e.value;
    } else if (problem_.activation == CONVOY_HARD_SWISH) {
      e.value *= std::fmin(std::fmax(e.value + 3, 0.0f), 6.0f) / 6;
    } else if (problem_.activation == CONVOY_HARD_SIGMOID) {
      e.value = std::fmin(std::fmax(e.value + 3, 0.0f), 6.0f) / 6;
    }
    return e;
  }

 private:
  static Convolution make_problem(const bench::Shape& s, int batch, bool with_residual, int activation, float alpha) {
    Convolution c{};
    c.mode = CONVOY_EXACT;
    c.max_batch = batch;
    c.slice = batch;
    c.in = make_part(s.plain ? CONVOY_PLAIN : CONVOY_BLOCKED16, s.ic, s.ih, s.iw);
    c.out = make_part(CONVOY_BLOCKED16, s.oc, s.oh(), s.ow());
    c.has_residual = with_residual;
    c.residual = c.out;
    c.window = {s.kh, s.kw, s.sh, s.sw, s.dh, s.dw, s.ph, s.pw, s.pb, s.pr};
    c.groups = s.g;
    c.activation = activation;
    c.alpha = alpha;
    return c;
  }

  int batch_;
  Convolution problem_;
  GuardedBuffer in_, residual_, weights_, bias_;
};

}  // namespace convoy::test

#endif
