// Every algorithm that takes a convolution, side by side: rounds are interleaved, so that a change of the clock or a
// neighbour meets all of them. Per algorithm the median ms of a run, its ratio to `direct`, GFLOP/s of the direct
// arithmetic, and max|error| / max|reference| against double precision at a few thousand outputs.
//
//   convoy_algorithms_bench [--isa avx512] [--threads 1] [--batch 1] [--rounds 15] [--layer part] [--only name]
//                           [--accelerator onednn LIBRARY:...:PLUGIN] bench/shapes/vgg16.txt ...
//
// --only: those whose name holds this, and `direct`; they are not asked whether they want to, so they must be able to.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

#include "base/pool.h"
#include "ops/accelerators.h"
#include "ops/convolution.h"
#include "ops/measure.h"
#include "shapes.h"

namespace convoy::bench {
namespace {

struct Options {
  Isa isa = default_isa();
  int threads = 1;
  int batch = 1;
  int rounds = 15;
  std::string layer;
  std::string only;
  std::vector<std::pair<std::string, const Accelerator*>> accelerators;
};

Value value(int layout, int c, int h, int w, int64_t offset) {
  return {layout, c, h, w, offset, (layout == CONVOY_PLAIN ? c : ceil_div(c, kBlock) * kBlock) * int64_t{h} * w};
}

float& element(float* image, const Value& v, int c, int64_t y, int64_t x) {
  return v.layout == CONVOY_PLAIN ? image[(c * int64_t{v.h} + y) * v.w + x]
                                  : image[((c / kBlock * int64_t{v.h} + y) * v.w + x) * kBlock + c % kBlock];
}

class Bench {
 public:
  Bench(const Options& options, const Shape& shape) : options_(options), shape_(shape) {
    const int layout = shape.plain ? CONVOY_PLAIN : CONVOY_BLOCKED16;
    problem_.isa = options.isa;
    problem_.mode = CONVOY_FAST;
    problem_.max_batch = options.batch;
    problem_.slice = options.batch;
    problem_.in = value(layout, shape.ic, shape.ih, shape.iw, 0);
    const int64_t in_floats = ceil_div(problem_.in.image_floats * options.batch, kBlock) * kBlock;
    problem_.out = value(CONVOY_BLOCKED16, shape.oc, shape.oh(), shape.ow(), in_floats);
    problem_.window = {shape.kh, shape.kw, shape.sh, shape.sw, shape.dh,
                       shape.dw, shape.ph, shape.pw, shape.pb, shape.pr};
    problem_.groups = shape.g;
    arena_ = AlignedBuffer(in_floats + problem_.out.image_floats * options.batch);
    std::mt19937 random(1);
    std::normal_distribution<float> gaussian;
    for (int n = 0; n < options.batch; ++n) {
      for (int c = 0; c < shape.ic; ++c) {
        for (int64_t pixel = 0; pixel < problem_.in.pixels(); ++pixel) {
          element(arena_.data() + n * problem_.in.image_floats, problem_.in, c, 0, pixel) =
              std::max(0.0f, gaussian(random));  // as behind a ReLU
        }
      }
    }
    weights_.resize(static_cast<size_t>(problem_.weight_count()));
    const float scale = std::sqrt(2.0f / static_cast<float>(problem_.group_in() * shape.kh * shape.kw));
    for (float& w : weights_) {
      w = scale * gaussian(random);
    }
  }

  void run() {
    ask_ours();
    ask_accelerators();
    for (int round = -1; round < options_.rounds; ++round) {
      for (Candidate& c : candidates_) {
        const Run run{arena_.data(), c.scratch->data(), options_.threads, options_.batch};
        const double seconds = timed([&] { c.step->run(run); });
        if (round < 0) {
          c.error = error();
        } else {
          c.seconds.push_back(seconds);
        }
      }
    }
    print();
  }

 private:
  struct Candidate {
    std::string name;
    std::unique_ptr<Step> step;
    std::unique_ptr<AlignedBuffer> scratch;
    double load = 0, error = 0;
    std::vector<double> seconds;
  };

  template <class Make>
  void add(const std::string& name, Make&& make) {
    Candidate c;
    c.name = name;
    c.load = timed([&] { c.step = make(); });
    c.scratch = std::make_unique<AlignedBuffer>(c.step->scratch_floats());
    pool_reserve(c.step->scratch_floats());
    candidates_.push_back(std::move(c));
  }

  void ask_ours() {
    for (const ConvAlgorithm* algorithm : conv_algorithms()) {
      const std::string name = algorithm->name;
      const bool asked = !options_.only.empty() && name.find(options_.only) != std::string::npos;
      if (asked || (algorithm->refusal(problem_).empty() && name != "im2col-gemm" &&
                    (options_.only.empty() || name == "direct"))) {
        add(name, [&] { return algorithm->make(problem_, weights_.data(), nullptr); });
      }
    }
  }

  void ask_accelerators() {
    for (const auto& [name, accelerator] : options_.accelerators) {
      Preference only;
      only.families = {name};
      try {
        add(name, [&] { return make_convolution(problem_, weights_.data(), nullptr, only); });
      } catch (const std::exception& error) {
        std::printf("%-18s %s\n", shape_.name.c_str(), error.what());
      }
    }
  }

  void print() {
    double direct = 0, best_direct = 0;
    for (Candidate& c : candidates_) {
      std::sort(c.seconds.begin(), c.seconds.end());
      if (c.name == "direct") {
        direct = c.seconds[c.seconds.size() / 2];
        best_direct = c.seconds[0];
      }
    }
    for (const Candidate& c : candidates_) {
      const double median = c.seconds[c.seconds.size() / 2];
      std::printf(
          "%-18s %-30s %9.3f ms %5.2fx (best %9.3f %5.2fx) %7.1f GF/s  error %.1e  load %.0f ms, %.1f MB, scratch %.1f "
          "MB\n",
          shape_.name.c_str(), c.step->algorithm.c_str(), median * 1e3 / options_.batch, direct / median,
          c.seconds[0] * 1e3 / options_.batch, best_direct / c.seconds[0],
          shape_.flops() * options_.batch / median * 1e-9, c.error, c.load * 1e3,
          static_cast<double>(c.step->parameter_bytes()) * 1e-6, static_cast<double>(c.scratch->bytes()) * 1e-6);
    }
    std::fflush(stdout);
  }

  // One thread is timed by its processor time: what others take away from it does not count.
  template <class Body>
  double timed(Body&& body) const {
    auto now = [this] {
      timespec time;
      clock_gettime(options_.threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);
      return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    };
    const double start = now();
    body();
    return now() - start;
  }

  double error() {
    const Value& out = problem_.out;
    const Window& w = problem_.window;
    std::mt19937 random(2);
    double most = 0, reference = 0;
    for (int sample = 0; sample < 2000; ++sample) {
      const int n = static_cast<int>(random() % options_.batch), o = static_cast<int>(random() % out.c);
      const int y = static_cast<int>(random() % out.h), x = static_cast<int>(random() % out.w);
      const int channels = problem_.group_in(), group = o / problem_.group_out();
      double sum = 0;
      for (int c = 0; c < channels; ++c) {
        for (int kh = 0; kh < w.kernel_h; ++kh) {
          for (int kw = 0; kw < w.kernel_w; ++kw) {
            const int in_y = y * w.stride_h + kh * w.dilation_h - w.top;
            const int in_x = x * w.stride_w + kw * w.dilation_w - w.left;
            if (in_y >= 0 && in_y < problem_.in.h && in_x >= 0 && in_x < problem_.in.w) {
              sum += double{element(arena_.data() + n * problem_.in.image_floats, problem_.in, group * channels + c,
                                    in_y, in_x)} *
                     weights_[((size_t(o) * channels + c) * w.kernel_h + kh) * w.kernel_w + kw];
            }
          }
        }
      }
      const float got = element(arena_.data() + out.offset + n * out.image_floats, out, o, y, x);
      most = std::max(most, std::fabs(got - sum));
      reference = std::max(reference, std::fabs(sum));
    }
    return most / reference;
  }

  const Options options_;
  const Shape shape_;
  Convolution problem_{};
  AlignedBuffer arena_;
  std::vector<float> weights_;
  std::vector<Candidate> candidates_;
};

int run(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    auto next = [&] { return i + 1 < argc ? argv[++i] : throw std::runtime_error(word + " needs a value"); };
    if (word == "--isa") {
      const std::string name = next();
      int isa = 0;
      while (isa < kIsaCount && name != isa_name(isa)) ++isa;
      options.isa = checked_isa(isa);
    } else if (word == "--threads") {
      options.threads = std::atoi(next());
      pool_start(options.threads);
    } else if (word == "--batch") {
      options.batch = std::atoi(next());
    } else if (word == "--rounds") {
      options.rounds = std::max(1, std::atoi(next()));
    } else if (word == "--layer") {
      options.layer = next();
    } else if (word == "--accelerator") {
      const std::string name = next();
      std::string libraries = next();
      std::replace(libraries.begin(), libraries.end(), ':', '\n');
      options.accelerators.emplace_back(name, &load_accelerator(name, libraries));
    } else if (word == "--only") {
      options.only = next();
    } else {
      std::printf("%s: %s, batch %d, %d threads, peak %.1f GF/s a thread; ms per image\n", argv[i],
                  isa_name(static_cast<int>(options.isa)), options.batch, options.threads,
                  measure_peak(options.isa, 0.05));
      for (const Shape& shape : read_shapes(argv[i])) {
        if (shape.name.find(options.layer) != std::string::npos) {
          Bench(options, shape).run();
        }
      }
    }
  }
  return 0;
}

}  // namespace
}  // namespace convoy::bench

int main(int argc, char** argv) {
  try {
    return convoy::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "convoy_algorithms_bench: %s\n", error.what());
    return 1;
  }
}
