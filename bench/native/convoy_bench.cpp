// Layers without a JVM: for every shape of a file ms, GFLOP/s and the share of the peak, measured beside it.
//
//   convoy_bench [--isa avx512] [--threads 1] [--batch 1] [--seconds 0.2] bench/shapes/resnet50.txt ...
//   convoy_bench [--isa avx512] --kernels 64,256,1024
//   convoy_bench --linear 25088x4096 [--batch 1]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "convoy/convoy.h"
#include "shapes.h"

namespace {

using convoy::bench::Shape;

struct Options {
  int isa = convoy_isa_default();
  int threads = 1;
  int batch = 1;
  double seconds = 0.2;
};

[[noreturn]] void give_up() { throw std::runtime_error(convoy_last_error()); }

int checked(int32_t status) { return status >= 0 ? status : (give_up(), 0); }

int64_t floats(int layout, int64_t c, int64_t h, int64_t w) {
  return ((layout == CONVOY_PLAIN ? c : (c + 15) / 16 * 16) * h * w + 15) / 16 * 16;
}

struct Measured {
  double seconds, flops, bytes;
  std::string algorithm;
};

// One step between two values: the best of many runs.
template <class AddStep>
Measured measure(const Options& options, int layout, int c, int h, int w, int oc, int oh, int ow, AddStep&& add_step) {
  const int64_t in_floats = floats(layout, c, h, w) * options.batch, out_floats = floats(1, oc, oh, ow) * options.batch;
  std::unique_ptr<convoy_program, void (*)(convoy_program*)> program(
      convoy_program_create(options.isa, CONVOY_FAST, options.batch, options.threads, in_floats + out_floats),
      convoy_program_destroy);
  if (!program) give_up();
  const int in = checked(convoy_program_value(program.get(), layout, c, h, w, 0));
  const int out = checked(convoy_program_value(program.get(), CONVOY_BLOCKED16, oc, oh, ow, in_floats));
  const int step = checked(add_step(program.get(), in, out));
  checked(convoy_program_seal(program.get()));
  std::unique_ptr<convoy_execution, void (*)(convoy_execution*)> execution(convoy_execution_create(program.get()),
                                                                           convoy_execution_destroy);
  if (!execution) give_up();
  float* x = convoy_execution_value(execution.get(), in);
  for (int64_t i = 0; i < in_floats; ++i) x[i] = static_cast<float>(i % 17) / 17.0f;
  using Clock = std::chrono::steady_clock;
  Measured result{1e30, 0, static_cast<double>(convoy_program_parameter_bytes(program.get())),
                  convoy_program_algorithm(program.get(), step)};
  const auto end = Clock::now() + std::chrono::duration<double>(options.seconds);
  int runs = 0;
  do {
    const auto start = Clock::now();
    checked(convoy_execution_run(execution.get(), options.batch));
    result.seconds = std::min(result.seconds, std::chrono::duration<double>(Clock::now() - start).count());
  } while (++runs < 3 || Clock::now() < end);
  return result;
}

Measured measure_conv(const Options& options, const Shape& s) {
  std::vector<float> weights(static_cast<size_t>(s.oc) * (s.ic / s.g) * s.kh * s.kw, 0.01f), bias(s.oc, 0.1f);
  Measured result =
      measure(options, s.plain ? CONVOY_PLAIN : CONVOY_BLOCKED16, s.ic, s.ih, s.iw, s.oc, s.oh(), s.ow(),
              [&](convoy_program* program, int in, int out) {
                return convoy_program_conv(program, in, out, -1, s.window().data(), s.g, CONVOY_RELU, 0, weights.data(),
                                           static_cast<int64_t>(weights.size()), bias.data(), s.oc);
              });
  result.flops = s.flops() * options.batch;
  return result;
}

void print(const Options& options, const char* name, int times, const Measured& m, double peak) {
  std::printf("%-22s x%d %9.3f ms %8.1f GF/s %6.1f %%  %s\n", name, times, m.seconds * 1e3 / options.batch,
              m.flops / m.seconds * 1e-9, 100 * m.flops / m.seconds * 1e-9 / peak, m.algorithm.c_str());
}

void bench_file(const Options& options, const char* file) {
  double seconds = 0, flops = 0, peaks = 0;
  std::printf("%s: %s, batch %d, %d threads; ms per image\n", file, convoy_isa_name(options.isa), options.batch,
              options.threads);
  for (const Shape& shape : convoy::bench::read_shapes(file)) {
    const double peak = convoy_measure_peak(options.isa, 0.02) * options.threads;
    const Measured m = measure_conv(options, shape);
    print(options, shape.name.c_str(), shape.x, m, peak);
    seconds += m.seconds * shape.x;
    flops += m.flops * shape.x;
    peaks += peak * m.seconds * shape.x;
  }
  std::printf("%-22s    %9.3f ms %8.1f GF/s %6.1f %%\n", "all", seconds * 1e3 / options.batch, flops / seconds * 1e-9,
              100 * flops * 1e-9 / peaks);
}

void bench_kernels(const Options& options, const char* depths) {
  for (char* end = nullptr; *depths != 0; depths = *end == ',' ? end + 1 : end) {
    const long k = std::strtol(depths, &end, 10);
    if (end == depths) throw std::runtime_error("--kernels takes depths, such as 64,256");
    for (int kernel = 0; kernel < convoy_kernel_count(options.isa); ++kernel) {
      double speed[3];
      checked(convoy_measure_kernel(options.isa, kernel, static_cast<int32_t>(k), options.seconds, speed));
      std::printf("%-10s k %4ld %8.1f GF/s %6.1f %% of %.1f\n", convoy_kernel_name(options.isa, kernel), k, speed[0],
                  100 * speed[2], speed[1]);
    }
  }
}

void bench_linear(const Options& options, const char* shape) {
  int in = 0, out = 0;
  if (std::sscanf(shape, "%dx%d", &in, &out) != 2) throw std::runtime_error("--linear takes INxOUT");
  std::vector<float> weights(static_cast<size_t>(in) * out, 0.01f);
  Measured m = measure(options, CONVOY_BLOCKED16, in, 1, 1, out, 1, 1, [&](convoy_program* p, int from, int to) {
    return convoy_program_linear(p, from, to, CONVOY_RELU, 0, weights.data(), static_cast<int64_t>(weights.size()),
                                 nullptr, 0);
  });
  m.flops = 2.0 * in * out * options.batch;
  print(options, shape, 1, m, convoy_measure_peak(options.isa, 0.02) * options.threads);
  std::printf("%22s weights at %.1f GB/s\n", "", m.bytes / m.seconds * 1e-9);
}

int run(int argc, char** argv) {
  Options options;
  if (options.isa < 0) give_up();
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    auto next = [&] { return i + 1 < argc ? argv[++i] : throw std::runtime_error(word + " needs a value"); };
    if (word == "--isa") {
      const std::string name = next();
      options.isa = -1;
      for (int isa = 0; convoy_isa_name(isa) != nullptr; ++isa) {
        options.isa = name == convoy_isa_name(isa) ? isa : options.isa;
      }
    } else if (word == "--threads") {
      options.threads = std::atoi(next());
      checked(convoy_pool_start(options.threads));
    } else if (word == "--batch") {
      options.batch = std::atoi(next());
    } else if (word == "--seconds") {
      options.seconds = std::atof(next());
    } else if (word == "--kernels") {
      bench_kernels(options, next());
    } else if (word == "--linear") {
      bench_linear(options, next());
    } else {
      bench_file(options, argv[i]);
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "convoy_bench: %s\n", error.what());
    return 1;
  }
}
