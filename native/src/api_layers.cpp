// convoy.h on top of the library, second part: every step but convolution, linear and reorder. Validate, build the
// step, no logic.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "api_contract.h"
#include "ops/accelerators.h"
#include "ops/channels.h"
#include "ops/channelwise.h"
#include "ops/eltwise.h"
#include "ops/pooling.h"
#include "ops/spatial.h"

using namespace convoy;

namespace {

struct InOut {
  Program& program;
  const Value& in;
  const Value& out;
};

InOut in_out(convoy_program* program, int32_t in, int32_t out) {
  Program& p = open_program(program);
  return {p, value_in(p, in, CONVOY_BLOCKED16, "in"), value_in(p, out, CONVOY_BLOCKED16, "out")};
}

void require_same_shape(const Value& in, const Value& out, const char* what) {
  require(in.same_shape(out), "%s must have the output's shape %d x %d x %d, but has %d x %d x %d", what, out.c, out.h,
          out.w, in.c, in.h, in.w);
}

void require_same_channels(const Value& in, const Value& out) {
  require(in.c == out.c, "out must have the input's %d channels, not %d", in.c, out.c);
}

// For element-wise steps: the same memory or none of it in common.
void require_same_or_apart(const Program& program, const Value& in, const Value& out, const char* what) {
  if (!out.holds(in, 0)) {
    program.require_apart(in, out, what);
  }
}

// The blocks that hold channels begin .. end - 1.
Value blocks_of(const Value& whole, int64_t begin, int64_t end) {
  Value part = whole;
  part.offset += begin / kBlock * whole.plane();
  part.c = static_cast<int>(end - begin / kBlock * kBlock);
  return part;
}

convoy_pooling checked_pooling(int32_t pooling) {
  require(pooling >= CONVOY_POOL_MAX && pooling <= CONVOY_POOL_AVERAGE, "there is no pooling number %d", pooling);
  return static_cast<convoy_pooling>(pooling);
}

// index: 0 vertical, 1 horizontal.
PoolAxis checked_axis(const int32_t* window, int index, const char* side, int32_t in, int32_t out) {
  const int32_t kernel = window[index], stride = window[2 + index], dilation = window[4 + index];
  const int32_t before = window[6 + index], after = window[8 + index];
  require(kernel >= 1 && stride >= 1 && dilation >= 1,
          "%s of the window: kernel %d, stride %d and dilation %d must each be at least 1", side, kernel, stride,
          dilation);
  const PoolAxis axis{kernel, stride, dilation, before, after};
  const long long span = axis.span();
  require(before >= 0 && after >= 0 && int64_t{before} * 2 <= span && int64_t{after} * 2 <= span,
          "%s of the window: padding %d and %d must be 0 to half of what the kernel spans, %lld", side, before, after,
          span);
  const long long least = axis.floor_size(in), most = axis.ceil_size(in);
  require(least >= 1, "%s of the window: the kernel spans %lld, the padded input only %lld", side, span,
          static_cast<long long>(int64_t{in} + before + after));
  require(out == least || out == most, "%s of out must be %lld (rounded down) or %lld (rounded up), not %d", side,
          least, most, out);
  return axis;
}

// The layer as accelerators are told of it.
Offer offer_of(const Program& p, convoy_layer_kind kind, const Value& in, const Value& out) {
  return Offer(kind, p.isa(), p.mode(), p.max_batch(), in, out);
}

Offer pool_offer(const Program& p, const Value& in, const Value& out, convoy_pooling pooling, const int32_t* window,
                 int32_t include_pad) {
  Offer offer = offer_of(p, CONVOY_LAYER_POOL, in, out);
  offer.layer.pooling = pooling;
  offer.layer.include_pad = include_pad;
  std::copy_n(window, 10, offer.layer.window);
  return offer;
}

Offer activation_offer(const Program& p, convoy_layer_kind kind, const Value& in, const Value& out, int32_t activation,
                       float alpha) {
  Offer offer = offer_of(p, kind, in, out);
  offer.layer.activation = activation;
  offer.layer.alpha = alpha;
  return offer;
}

}  // namespace

extern "C" {

int32_t convoy_program_pool(convoy_program* program, int32_t in_id, int32_t out_id, int32_t pooling,
                            const int32_t* window, int32_t count_include_pad) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    const convoy_pooling kind = checked_pooling(pooling);
    not_null(window, "window");
    require_same_channels(in, out);
    const PoolAxis vertical = checked_axis(window, 0, "height", in.h, out.h);
    const PoolAxis horizontal = checked_axis(window, 1, "width", in.w, out.w);
    require(kind != CONVOY_POOL_AVERAGE || (vertical.dilation == 1 && horizontal.dilation == 1),
            "average pooling has no dilation, but %d x %d was given", window[4], window[5]);
    p.require_apart(in, out, "in");
    const bool include_pad = count_include_pad != 0;
    return p.add_step(choose(p.preference(), pool_offer(p, in, out, kind, window, include_pad),
                             make_pool(p.isa(), in, out, kind, vertical, horizontal, include_pad)));
  });
}

int32_t convoy_program_adaptive_pool(convoy_program* program, int32_t in_id, int32_t out_id, int32_t pooling) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    const convoy_pooling kind = checked_pooling(pooling);
    require_same_channels(in, out);
    p.require_apart(in, out, "in");
    std::unique_ptr<Step> ours = make_adaptive_pool(p.isa(), in, out, kind);
    if (in.h % out.h != 0 || in.w % out.w != 0) {
      return p.add_step(std::move(ours));  // windows of several sizes are ours alone
    }
    const int32_t h = in.h / out.h, w = in.w / out.w, window[] = {h, w, h, w, 1, 1, 0, 0, 0, 0};
    return p.add_step(choose(p.preference(), pool_offer(p, in, out, kind, window, 0), std::move(ours)));
  });
}

int32_t convoy_program_scale_shift(convoy_program* program, int32_t in_id, int32_t out_id, int32_t activation,
                                   float alpha, const float* scale, const float* shift, int64_t count) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    require_same_shape(in, out, "in");
    checked_activation(activation);
    require_finite(alpha, "alpha");
    not_null(scale, "scale");
    not_null(shift, "shift");
    require(count == in.c, "scale and shift need one number for each of the %d channels, not %lld", in.c,
            static_cast<long long>(count));
    require_same_or_apart(p, in, out, "in");
    Offer offer = activation_offer(p, CONVOY_LAYER_SCALE_SHIFT, in, out, activation, alpha);
    offer.weights = scale;
    offer.bias = shift;
    return p.add_step(
        choose(p.preference(), offer, make_scale_shift(p.isa(), in, out, scale, shift, activation, alpha)));
  });
}

int32_t convoy_program_lrn(convoy_program* program, int32_t in_id, int32_t out_id, int32_t size, float alpha,
                           float beta, float k) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    require_same_shape(in, out, "in");
    require(size >= 1, "the size of a local response norm must be at least 1, not %d", size);
    require_finite(alpha, "alpha");
    require_finite(beta, "beta");
    require_finite(k, "k");
    p.require_apart(in, out, "in");
    Offer offer = offer_of(p, CONVOY_LAYER_LRN, in, out);
    offer.layer.size = size;
    offer.layer.alpha = alpha;
    offer.layer.beta = beta;
    offer.layer.k = k;
    return p.add_step(choose(p.preference(), offer, make_lrn(p.isa(), in, out, size, alpha, beta, k)));
  });
}

int32_t convoy_program_layer_norm(convoy_program* program, int32_t in_id, int32_t out_id, float eps,
                                  const float* weight, const float* bias, int64_t count) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    require_same_shape(in, out, "in");
    require_finite(eps, "eps");
    require(eps >= 0, "eps must not be negative, but is %g", static_cast<double>(eps));
    not_null(weight, "weight");
    not_null(bias, "bias");
    require(count == in.c, "weight and bias need one number for each of the %d channels, not %lld", in.c,
            static_cast<long long>(count));
    require_same_or_apart(p, in, out, "in");
    return p.add_step(make_layer_norm(p.isa(), in, out, weight, bias, eps));
  });
}

int32_t convoy_program_activate(convoy_program* program, int32_t in_id, int32_t out_id, int32_t activation,
                                float alpha) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    require_same_shape(in, out, "in");
    checked_activation(activation);
    require_finite(alpha, "alpha");
    require_same_or_apart(p, in, out, "in");
    const Offer offer = activation_offer(p, CONVOY_LAYER_ACTIVATE, in, out, activation, alpha);
    return p.add_step(choose(p.preference(), offer, make_activate(p.isa(), in, out, activation, alpha)));
  });
}

int32_t convoy_program_softmax(convoy_program* program, int32_t in_id, int32_t out_id, int32_t log) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    require_same_shape(in, out, "in");
    p.require_apart(in, out, "in");
    Offer offer = offer_of(p, CONVOY_LAYER_SOFTMAX, in, out);
    offer.layer.log = log != 0;
    return p.add_step(choose(p.preference(), offer, make_softmax(p.isa(), in, out, log != 0)));
  });
}

int32_t convoy_program_add(convoy_program* program, int32_t a_id, int32_t b_id, int32_t out_id, int32_t activation,
                           float alpha) {
  return guarded([&] {
    Program& p = open_program(program);
    const Value& a = value_in(p, a_id, CONVOY_BLOCKED16, "a");
    const Value& b = value_in(p, b_id, CONVOY_BLOCKED16, "b");
    const Value& out = value_in(p, out_id, CONVOY_BLOCKED16, "out");
    require_same_shape(a, out, "a");
    require_same_shape(b, out, "b");
    checked_activation(activation);
    require_finite(alpha, "alpha");
    require_same_or_apart(p, a, out, "a");
    require_same_or_apart(p, b, out, "b");
    Offer offer = activation_offer(p, CONVOY_LAYER_ADD, a, out, activation, alpha);
    offer.layer.residual = 1;
    offer.residual = b;
    return p.add_step(choose(p.preference(), offer, make_add(p.isa(), a, b, out, activation, alpha)));
  });
}

int32_t convoy_program_multiply(convoy_program* program, int32_t in_id, int32_t factors_id, int32_t out_id) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    const Value& factors = value_in(p, factors_id, CONVOY_BLOCKED16, "factors");
    require_same_shape(in, out, "in");
    require(factors.c == in.c && factors.h == 1 && factors.w == 1,
            "factors must be one pixel of the input's %d channels, not %d x %d x %d", in.c, factors.c, factors.h,
            factors.w);
    require_same_or_apart(p, in, out, "in");
    p.require_apart(factors, out, "factors");
    return p.add_step(make_multiply(p.isa(), in, factors, out));
  });
}

int32_t convoy_program_concat(convoy_program* program, const int32_t* in_ids, int32_t count, int32_t out_id) {
  return guarded([&] {
    Program& p = open_program(program);
    require(count >= 1, "a concat needs at least one input, not %d", count);
    not_null(in_ids, "in");
    const Value& out = value_in(p, out_id, CONVOY_BLOCKED16, "out");
    std::vector<Value> in, written;
    int64_t channels = 0;
    for (int32_t i = 0; i < count; ++i) {
      const Value& value = value_in(p, in_ids[i], CONVOY_BLOCKED16, "in");
      require(value.h == out.h && value.w == out.w,
              "input %d of the concat must be %d x %d pixels like out, not %d x %d", i, out.h, out.w, value.h, value.w);
      const int64_t begin = channels;
      channels += value.c;
      require(channels <= out.c, "out has %d channels, the first %d inputs of the concat already %lld", out.c, i + 1,
              static_cast<long long>(channels));
      const bool whole_blocks = begin % kBlock == 0 && (value.c % kBlock == 0 || i + 1 == count);
      if (!whole_blocks || !out.holds(value, begin / kBlock)) {
        written.push_back(blocks_of(out, begin, channels));
      }
      in.push_back(value);
    }
    require(channels == out.c, "the inputs of the concat have %lld channels together, out has %d",
            static_cast<long long>(channels), out.c);
    for (const Value& value : in) {
      for (const Value& blocks : written) {
        p.require_apart(value, blocks, "in");
      }
    }
    return p.add_step(make_concat(p.isa(), in, out));
  });
}

int32_t convoy_program_select_channels(convoy_program* program, int32_t in_id, int32_t out_id, const int32_t* channels,
                                       int64_t count) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    not_null(channels, "channels");
    require(count == out.c, "a channel of in is needed for each of the %d channels of out, not %lld", out.c,
            static_cast<long long>(count));
    require(in.h == out.h && in.w == out.w, "in must be %d x %d pixels like out, not %d x %d", out.h, out.w, in.h,
            in.w);
    for (int64_t c = 0; c < count; ++c) {
      require(channels[c] >= 0 && channels[c] < in.c, "in has %d channels, there is no channel %d", in.c, channels[c]);
    }
    p.require_apart(in, out, "in");
    return p.add_step(make_select_channels(p.isa(), in, out, channels));
  });
}

int32_t convoy_program_pad(convoy_program* program, int32_t in_id, int32_t out_id, int32_t mode, float value,
                           int32_t top, int32_t left) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    require(mode >= CONVOY_PAD_CONSTANT && mode <= CONVOY_PAD_REFLECT, "there is no padding mode number %d", mode);
    require_same_channels(in, out);
    const int64_t bottom = int64_t{out.h} - in.h - top, right = int64_t{out.w} - in.w - left;
    require(top >= 0 && left >= 0 && bottom >= 0 && right >= 0,
            "an input of %d x %d pixels at (%d, %d) does not lie in an output of %d x %d", in.h, in.w, top, left, out.h,
            out.w);
    require(mode != CONVOY_PAD_REFLECT || (top < in.h && bottom < in.h && left < in.w && right < in.w),
            "reflected padding (top %d, left %d, bottom %lld, right %lld) must be smaller than the input, %d x %d", top,
            left, static_cast<long long>(bottom), static_cast<long long>(right), in.h, in.w);
    p.require_apart(in, out, "in");
    return p.add_step(make_pad(in, out, static_cast<convoy_pad_mode>(mode), value, top, left));
  });
}

int32_t convoy_program_resize(convoy_program* program, int32_t in_id, int32_t out_id, int32_t mode,
                              int32_t align_corners) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    require(mode == CONVOY_NEAREST || mode == CONVOY_BILINEAR, "there is no resize mode number %d", mode);
    require(mode == CONVOY_BILINEAR || align_corners == 0, "align_corners goes with bilinear resizing only");
    require_same_channels(in, out);
    p.require_apart(in, out, "in");
    return p.add_step(mode == CONVOY_NEAREST ? make_nearest_resize(in, out)
                                             : make_bilinear_resize(p.isa(), in, out, align_corners != 0));
  });
}

int32_t convoy_program_flatten(convoy_program* program, int32_t in_id, int32_t out_id) {
  return guarded([&] {
    auto [p, in, out] = in_out(program, in_id, out_id);
    const int64_t elements = in.pixels() * in.c;
    require(out.h == 1 && out.w == 1 && out.c == elements, "out must be a vector of %lld features, not %d x %d x %d",
            static_cast<long long>(elements), out.c, out.h, out.w);
    if (in.pixels() == 1) {
      require_same_or_apart(p, in, out, "in");
    } else {
      p.require_apart(in, out, "in");
    }
    return p.add_step(make_flatten(in, out));
  });
}

}  // extern "C"
