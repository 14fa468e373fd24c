#include "ops/accelerators.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "base/isa.h"
#include "base/pool.h"
#include "base/status.h"
#include "ops/estimate.h"

namespace convoy {
namespace {

constexpr int kWhySize = 512;

// An element of a layer without weights takes about as long as so many multiply-accumulates: it waits for memory.
constexpr int64_t kMacsOfAnElement = 12;

int64_t macs_of(const convoy_layer& layer) {
  const int64_t elements = int64_t{layer.out_c} * layer.out_h * layer.out_w;
  const bool products = layer.kind == CONVOY_LAYER_CONV || layer.kind == CONVOY_LAYER_LINEAR;
  return elements * layer.window[0] * layer.window[1] * (products ? layer.in_c / layer.groups : kMacsOfAnElement);
}

class AcceleratedStep final : public Step {
 public:
  AcceleratedStep(const Accelerator& accelerator, const convoy_layer_kernel& kernel, const Offer& offer)
      : accelerator_(accelerator),
        kernel_(kernel),
        in_(offer.in),
        out_(offer.out),
        has_residual_(offer.layer.residual != 0),
        residual_(offer.residual),
        together_(in_.end_to_end() && out_.end_to_end() && (!has_residual_ || residual_.end_to_end()) ? kernel.images
                                                                                                      : 1),
        macs_(macs_of(offer.layer)) {
    algorithm = accelerator.name + " " + kernel.algorithm;
  }
  ~AcceleratedStep() override { accelerator_.table.destroy(kernel_.state); }
  AcceleratedStep(const AcceleratedStep&) = delete;
  AcceleratedStep& operator=(const AcceleratedStep&) = delete;

  int64_t scratch_floats() const override { return kernel_.scratch_floats; }
  int64_t parameter_bytes() const override { return kernel_.parameter_bytes; }

  void run(const Run& whole) const override {
    const Run run = whole.worth(macs_ * whole.batch);
    const int64_t groups = ceil_div(run.batch, kernel_.images);
    run.parallel(groups * kernel_.slices, [&](int64_t task, int slot) {
      const int64_t begin = task / kernel_.slices * kernel_.images;
      const int64_t end = std::min<int64_t>(run.batch, begin + kernel_.images);
      for (int64_t image = begin; image < end; image += together_) {
        accelerator_.table.run(kernel_.state, static_cast<int32_t>(task % kernel_.slices),
                               static_cast<int32_t>(std::min(together_, end - image)), run.image(in_, image),
                               has_residual_ ? run.image(residual_, image) : nullptr, run.image(out_, image),
                               run.scratch_of(slot));
      }
    });
  }

 private:
  const Accelerator& accelerator_;
  const convoy_layer_kernel kernel_;
  const Value in_, out_;
  const bool has_residual_;
  const Value residual_;
  const int64_t together_;  // images of a call: one where they do not follow each other without gaps
  const int64_t macs_;
};

std::mutex loading;
std::vector<std::unique_ptr<Accelerator>>& loaded() {
  static auto* list = new std::vector<std::unique_ptr<Accelerator>>;  // outlives every program
  return *list;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

void* open(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(CONVOY_UNSUPPORTED, dlerror());
  }
  return library;
}

}  // namespace

Offer::Offer(convoy_layer_kind kind, Isa isa, convoy_mode mode, int max_batch, const Value& in, const Value& out)
    : layer(), mode(mode), in(in), out(out) {
  layer.kind = kind;
  layer.isa = static_cast<int32_t>(isa);
  layer.max_batch = max_batch;
  layer.pool_threads = pool_threads();
  layer.in_layout = in.layout;
  layer.in_c = in.c;
  layer.in_h = in.h;
  layer.in_w = in.w;
  layer.out_c = out.c;
  layer.out_h = out.h;
  layer.out_w = out.w;
  std::fill_n(layer.window, 6, 1);
  layer.groups = 1;
}

Candidate Accelerator::candidate(const Offer& offer) const {
  auto refusal = [=]() -> std::string {
    if (offer.mode == CONVOY_EXACT) {
      return "exact mode has one order of additions, " + name + " another";
    }
    char why[kWhySize] = "no reason given";
    return table.accepts(&offer.layer, why, kWhySize) != 0 ? "" : why;
  };
  auto make = [=]() -> std::unique_ptr<Step> {
    char why[kWhySize] = "no reason given";
    convoy_layer_kernel kernel{};
    if (table.make(&offer.layer, offer.weights, offer.bias, &kernel, why, kWhySize) == 0) {
      throw Error(CONVOY_UNSUPPORTED, name + ": " + why);
    }
    return std::make_unique<AcceleratedStep>(*this, kernel, offer);
  };
  return {name, refusal, [=] { return estimated_cost(name, offer.layer); }, make, false};
}

std::unique_ptr<Step> choose(const Preference& preference, const Offer& offer, std::unique_ptr<Step> ours) {
  const std::string name = ours->algorithm.substr(0, ours->algorithm.find(' '));
  std::vector<Candidate> candidates;
  for (const std::string& family : preference.families) {
    if (const Accelerator* accelerator = find_family(family)) {
      candidates.push_back(accelerator->candidate(offer));
    } else {
      candidates.push_back({name, [] { return std::string(); }, [&] { return estimated_cost(name, offer.layer); },
                            [&] { return std::move(ours); }, true});
    }
  }
  return preference.choose(candidates, "layer");
}

const Accelerator& load_accelerator(const std::string& name, const std::string& entries) {
  std::lock_guard<std::mutex> lock(loading);
  for (const auto& accelerator : loaded()) {
    if (accelerator->name == name) {
      return *accelerator;
    }
  }
  void *library = nullptr, *plugin = nullptr;
  for (const std::string& line : split(entries, '\n')) {
    const size_t equals = line.find('=');
    if (equals != std::string::npos && line[0] != '/') {
      setenv(line.substr(0, equals).c_str(), line.c_str() + equals + 1, 1);
    } else {
      library = plugin;
      plugin = open(line);
    }
  }
  auto init = reinterpret_cast<decltype(&convoy_plugin_init)>(dlsym(plugin, "convoy_plugin_init"));
  if (init == nullptr) {
    throw Error(CONVOY_UNSUPPORTED, dlerror());
  }
  auto accelerator = std::make_unique<Accelerator>();
  accelerator->name = name;
  const convoy_host host{CONVOY_PLUGIN_ABI, static_cast<int32_t>(default_isa()), library};
  char why[kWhySize] = "";
  if (init(&host, &accelerator->table, why, kWhySize) == 0) {
    throw Error(CONVOY_UNSUPPORTED, why);
  }
  if (accelerator->table.abi != CONVOY_PLUGIN_ABI) {
    fail(CONVOY_UNSUPPORTED, "it has interface version %d, expected %d: use the versions of one release",
         accelerator->table.abi, CONVOY_PLUGIN_ABI);
  }
  loaded().push_back(std::move(accelerator));
  return *loaded().back();
}

const Accelerator* find_family(const std::string& name) {
  if (name == "native") {
    return nullptr;
  }
  std::lock_guard<std::mutex> lock(loading);
  for (const auto& accelerator : loaded()) {
    if (accelerator->name == name) {
      return accelerator.get();
    }
  }
  throw Error(CONVOY_INVALID, "no accelerator '" + name + "' is loaded");
}

Preference preferred(const std::string& families) {
  static const std::string kAuto = "auto:";
  Preference preference;
  preference.by_estimate = families.compare(0, kAuto.size(), kAuto) == 0;
  preference.families = split(preference.by_estimate ? families.substr(kAuto.size()) : families, ',');
  for (const std::string& family : preference.families) {
    find_family(family);
  }
  return preference;
}

}  // namespace convoy
