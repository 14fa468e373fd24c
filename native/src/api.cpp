// convoy.h on top of the library: validate, catch, translate. No logic. The layers other than convolution, linear and
// reorder are in api_layers.cpp.
#include <memory>

#include "api_contract.h"
#include "base/caches.h"
#include "base/isa.h"
#include "base/pool.h"
#include "ops/accelerators.h"
#include "ops/convolution.h"
#include "ops/linear.h"
#include "ops/measure.h"
#include "ops/reorder.h"
#include "ops/scaling.h"
#include "program/execution.h"

using namespace convoy;

namespace {

constexpr int kMostWindow = 1 << 15;
constexpr double kMostWeights = int64_t{1} << 44;

Window checked_window(const int32_t* numbers, const Value& in, const Value& out) {
  const Window w{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4],
                 numbers[5], numbers[6], numbers[7], numbers[8], numbers[9]};
  for (int i = 0; i < 10; ++i) {
    require(numbers[i] >= (i < 6 ? 1 : 0) && numbers[i] <= kMostWindow,
            "window[%d] is %d; kernel, stride and dilation are 1 to %d, padding is 0 to %d", i, numbers[i], kMostWindow,
            kMostWindow);
  }
  const int64_t height = int64_t{in.h} + w.top + w.bottom, width = int64_t{in.w} + w.left + w.right;
  require(height >= w.reach_h() && width >= w.reach_w(),
          "the window of %lld x %lld is larger than the padded input of %lld x %lld",
          static_cast<long long>(w.reach_h()), static_cast<long long>(w.reach_w()), static_cast<long long>(height),
          static_cast<long long>(width));
  const int64_t out_h = (height - w.reach_h()) / w.stride_h + 1, out_w = (width - w.reach_w()) / w.stride_w + 1;
  require(out.h == out_h && out.w == out_w, "the window gives %lld x %lld, out is %d x %d",
          static_cast<long long>(out_h), static_cast<long long>(out_w), out.h, out.w);
  return w;
}

void require_parameters(const float* pointer, int64_t count, int64_t expected, const char* name) {
  require(count == expected, "%s must have %lld numbers, not %lld", name, static_cast<long long>(expected),
          static_cast<long long>(count));
  not_null(pointer, name);
}

void require_bias(const float* bias, int64_t count, int channels) {
  require(count == (bias == nullptr ? 0 : channels), "bias must be NULL and 0 or have %d numbers, not %lld", channels,
          static_cast<long long>(count));
}

// As convoy_program_conv is told of it.
Convolution checked_convolution(const Program& p, int32_t in_id, int32_t out_id, int32_t residual_id,
                                const int32_t* window, int32_t groups, int32_t activation, float alpha) {
  Convolution c{};
  c.isa = p.isa();
  c.mode = p.mode();
  c.max_batch = p.max_batch();
  c.slice = p.slice();
  c.in = p.band_input(in_id, "in");
  c.out = p.band_output(out_id, "out");
  require(c.out.layout == CONVOY_BLOCKED16, "out must be BLOCKED16");
  c.window = checked_window(&not_null(window, "window"), c.in, c.out);
  require(groups >= 1 && c.in.c % groups == 0 && c.out.c % groups == 0,
          "%d input and %d output channels cannot be split in %d groups", c.in.c, c.out.c, groups);
  c.groups = groups;
  c.activation = checked_activation(activation);
  require_finite(alpha, "alpha");
  c.alpha = alpha;
  p.require_apart(c.in, c.out, "in");
  c.has_residual = residual_id != -1;
  if (c.has_residual) {
    require(!c.out.rolling(), "a rolling value takes no residual");
    c.residual = value_in(p, residual_id, CONVOY_BLOCKED16, "residual");
    require(c.residual.same_shape(c.out), "the residual is %d x %d x %d, out is %d x %d x %d", c.residual.c,
            c.residual.h, c.residual.w, c.out.c, c.out.h, c.out.w);
    p.require_apart(c.residual, c.out, "residual");
  }
  const double numbers = static_cast<double>(c.out.c) * c.group_in() * c.window.kernel_h * c.window.kernel_w;
  require(numbers <= kMostWeights, "weights would be %g numbers, more than 2^44", numbers);
  return c;
}

}  // namespace

extern "C" {

int32_t convoy_abi(void) { return CONVOY_ABI; }

const char* convoy_last_error(void) { return last_error(); }

int32_t convoy_isa_detected(void) { return static_cast<int32_t>(detected_isa()); }

int32_t convoy_isa_default(void) {
  return guarded([] { return static_cast<int32_t>(default_isa()); });
}

const char* convoy_isa_name(int32_t isa) { return isa_name(isa); }

const char* convoy_cpu_description(void) {
  return guarded_pointer([] { return cpu_description().c_str(); });
}

int64_t convoy_cache_bytes(int32_t level) {
  int64_t bytes = 0;
  int32_t status = guarded([&] {
    require(level == 2 || level == 3, "the cache levels that can be asked for are 2 and 3, not %d", level);
    bytes = level == 2 ? l2_bytes() : l3_bytes();
    return CONVOY_OK;
  });
  return status == CONVOY_OK ? bytes : status;
}

int32_t convoy_pool_start(int32_t threads) {
  return guarded([&] {
    pool_start(threads);
    return CONVOY_OK;
  });
}

int32_t convoy_pool_threads(void) { return pool_threads(); }

int32_t convoy_accelerator_load(const char* name, const char* entries) {
  return guarded([&] {
    load_accelerator(&not_null(name, "name"), &not_null(entries, "entries"));
    return CONVOY_OK;
  });
}

const char* convoy_accelerator_description(const char* name) {
  return guarded_pointer([&]() -> const char* {
    const Accelerator* accelerator = find_family(&not_null(name, "name"));
    return accelerator == nullptr ? nullptr : accelerator->table.description;
  });
}

double convoy_measure_peak(int32_t isa, double seconds) {
  double result = 0;
  int32_t status = guarded([&] {
    result = measure_peak(checked_isa(isa), checked_seconds(seconds));
    return CONVOY_OK;
  });
  return status == CONVOY_OK ? result : status;
}

double convoy_measure_reading(int32_t isa, int64_t bytes, double seconds) {
  double result = 0;
  int32_t status = guarded([&] {
    result = measure_reading(checked_isa(isa), bytes, checked_seconds(seconds));
    return CONVOY_OK;
  });
  return status == CONVOY_OK ? result : status;
}

int32_t convoy_kernel_count(int32_t isa) {
  return guarded([&] { return kernel_count(checked_isa(isa)); });
}

const char* convoy_kernel_name(int32_t isa, int32_t kernel) {
  return guarded_pointer([&] { return kernel_name(checked_isa(isa), kernel); });
}

int32_t convoy_measure_kernel(int32_t isa, int32_t kernel, int32_t k, double seconds, double* speed) {
  return guarded([&] {
    require(speed != nullptr, "speed is NULL");
    const KernelSpeed measured = measure_kernel(checked_isa(isa), kernel, k, checked_seconds(seconds));
    speed[0] = measured.gflops;
    speed[1] = measured.peak_gflops;
    speed[2] = measured.peak_share;
    return CONVOY_OK;
  });
}

convoy_program* convoy_program_create(int32_t isa, int32_t mode, int32_t max_batch, int32_t threads,
                                      int64_t arena_floats) {
  return guarded_pointer([&] {
    return new convoy_program(checked_isa(isa), static_cast<convoy_mode>(mode), max_batch, threads, arena_floats);
  });
}

void convoy_program_destroy(convoy_program* program) { delete program; }

int32_t convoy_program_value(convoy_program* program, int32_t layout, int32_t c, int32_t h, int32_t w, int64_t offset) {
  return guarded([&] { return open_program(program).add_value(layout, c, h, w, offset); });
}

int32_t convoy_program_begin_segment(convoy_program* program, int32_t images, int64_t local_floats) {
  return guarded([&] { return open_program(program).begin_segment(images, local_floats); });
}

int32_t convoy_program_local_value(convoy_program* program, int32_t layout, int32_t c, int32_t h, int32_t w,
                                   int64_t offset) {
  return guarded([&] { return open_program(program).add_local_value(layout, c, h, w, offset); });
}

int32_t convoy_program_rolling_value(convoy_program* program, int32_t c, int32_t h, int32_t w, int32_t held) {
  return guarded([&] { return open_program(program).add_rolling_value(c, h, w, held); });
}

int32_t convoy_program_image_stride(convoy_program* program, int32_t value, int64_t floats) {
  return guarded([&] {
    open_program(program).set_image_stride(value, floats);
    return CONVOY_OK;
  });
}

int32_t convoy_program_prefer(convoy_program* program, const char* families) {
  return guarded([&] {
    open_program(program).preference() = preferred(&not_null(families, "families"));
    return CONVOY_OK;
  });
}

int32_t convoy_program_require(convoy_program* program, const char* algorithm) {
  return guarded([&] {
    open_program(program).preference().required = &not_null(algorithm, "algorithm");
    return CONVOY_OK;
  });
}

float* convoy_program_staging(convoy_program* program, int64_t floats) {
  return guarded_pointer([&] { return open_program(program).staging(floats); });
}

int32_t convoy_scale(float* values, int64_t count, const double* factors, int64_t factor_count) {
  return guarded([&] {
    require(count >= 0 && factor_count >= 1 && count % factor_count == 0,
            "%lld values are not as many for each of %lld factors", static_cast<long long>(count),
            static_cast<long long>(factor_count));
    scale(&not_null(values, "values"), count / factor_count, &not_null(factors, "factors"), factor_count);
    return CONVOY_OK;
  });
}

int32_t convoy_program_conv(convoy_program* program, int32_t in_id, int32_t out_id, int32_t residual_id,
                            const int32_t* window, int32_t groups, int32_t activation, float alpha,
                            const float* weights, int64_t weight_count, const float* bias, int64_t bias_count) {
  return guarded([&] {
    Program& p = open_program(program);
    const Convolution c = checked_convolution(p, in_id, out_id, residual_id, window, groups, activation, alpha);
    require_parameters(weights, weight_count, c.weight_count(), "weights");
    require_bias(bias, bias_count, c.out.c);
    return p.add_step(make_convolution(c, weights, bias, p.preference()), in_id, out_id);
  });
}

int32_t convoy_program_conv_is_ours(const convoy_program* program, int32_t in_id, int32_t out_id, int32_t residual_id,
                                    const int32_t* window, int32_t groups, int32_t activation, float alpha) {
  return guarded([&] {
    const Program& p = not_null(program, "program");
    const Convolution c = checked_convolution(p, in_id, out_id, residual_id, window, groups, activation, alpha);
    return is_ours(c, p.preference()) ? 1 : 0;
  });
}

int32_t convoy_program_linear(convoy_program* program, int32_t in_id, int32_t out_id, int32_t activation, float alpha,
                              const float* weights, int64_t weight_count, const float* bias, int64_t bias_count) {
  return guarded([&] {
    Program& p = open_program(program);
    const Value& in = value_in(p, in_id, CONVOY_BLOCKED16, "in");
    const Value& out = value_in(p, out_id, CONVOY_BLOCKED16, "out");
    require(in.h == 1 && in.w == 1 && out.h == 1 && out.w == 1,
            "a linear step takes and gives vectors (c x 1 x 1): in is %d x %d x %d, out %d x %d x %d", in.c, in.h, in.w,
            out.c, out.h, out.w);
    checked_activation(activation);
    require_finite(alpha, "alpha");
    p.require_apart(in, out, "in");
    require_parameters(weights, weight_count, int64_t{in.c} * out.c, "weights");
    require_bias(bias, bias_count, out.c);
    return p.add_step(make_linear(p.isa(), p.mode(), p.max_batch(), p.slice(), in, out, activation, alpha, weights,
                                  bias, p.preference()));
  });
}

int32_t convoy_program_reorder(convoy_program* program, int32_t in_id, int32_t out_id) {
  return guarded([&] {
    Program& p = open_program(program);
    const Value& in = p.value(in_id, "in");
    const Value& out = p.value(out_id, "out");
    require(in.same_shape(out), "a reorder keeps the shape: in is %d x %d x %d, out %d x %d x %d", in.c, in.h, in.w,
            out.c, out.h, out.w);
    p.require_apart(in, out, "in");
    return p.add_step(make_reorder(in, out));
  });
}

int32_t convoy_program_seal(convoy_program* program) {
  return guarded([&] {
    not_null(program, "program").seal();
    return CONVOY_OK;
  });
}

const char* convoy_program_algorithm(const convoy_program* program, int32_t step) {
  return guarded_pointer([&] { return not_null(program, "program").step(step).algorithm.c_str(); });
}

const char* convoy_program_refusals(const convoy_program* program, int32_t step) {
  return guarded_pointer([&] { return not_null(program, "program").step(step).refusals.c_str(); });
}

const char* convoy_program_candidates(const convoy_program* program, int32_t step) {
  return guarded_pointer([&] { return not_null(program, "program").step(step).candidates.c_str(); });
}

int64_t convoy_program_parameter_bytes(const convoy_program* program) {
  int64_t bytes = 0;
  int32_t status = guarded([&] {
    for (const auto& step : not_null(program, "program").steps()) {
      bytes += step->parameter_bytes();
    }
    return CONVOY_OK;
  });
  return status == CONVOY_OK ? bytes : status;
}

convoy_execution* convoy_execution_create(const convoy_program* program) {
  return guarded_pointer([&] { return new convoy_execution(not_null(program, "program")); });
}

void convoy_execution_destroy(convoy_execution* execution) { delete execution; }

int64_t convoy_execution_bytes(const convoy_execution* execution) {
  int64_t bytes = 0;
  int32_t status = guarded([&] {
    bytes = not_null(execution, "execution").bytes();
    return CONVOY_OK;
  });
  return status == CONVOY_OK ? bytes : status;
}

float* convoy_execution_value(convoy_execution* execution, int32_t value) {
  return guarded_pointer([&] { return not_null(execution, "execution").value(value); });
}

int32_t convoy_execution_run(convoy_execution* execution, int32_t batch) {
  return guarded([&] {
    not_null(execution, "execution").run(batch, nullptr);
    return CONVOY_OK;
  });
}

int32_t convoy_execution_profile(convoy_execution* execution, int32_t batch, double* seconds, int32_t count) {
  return guarded([&] {
    convoy_execution& e = not_null(execution, "execution");
    require(count == e.steps(), "the program has %d steps, count is %d", e.steps(), count);
    e.run(batch, &not_null(seconds, "seconds"));
    return CONVOY_OK;
  });
}

}  // extern "C"
