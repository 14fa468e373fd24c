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

// More than any kernel needs: 4 TiB.
constexpr int64_t kMostScratch = int64_t{1} << 40;

// An element of a layer without weights takes about as long as so many multiply-accumulates: it waits for memory.
constexpr int64_t kMacsOfAnElement = 12;

int64_t macs_of(const convoy_layer& layer) {
  const int64_t elements = int64_t{layer.out_c} * layer.out_h * layer.out_w;
  const bool products = layer.kind == CONVOY_LAYER_CONV || layer.kind == CONVOY_LAYER_LINEAR;
  return elements * layer.window[0] * layer.window[1] * (products ? layer.in_c / layer.groups : kMacsOfAnElement);
}

// What an accelerator made of a layer, and destroys.
using State = std::unique_ptr<void, void (*)(void*)>;

// Null, and why, if it refuses.
State described(const Accelerator& accelerator, const Offer& offer, std::string& why) {
  char text[kWhySize] = "no reason given";
  convoy_layer layer = offer.layer;
  const bool products = layer.kind == CONVOY_LAYER_CONV || layer.kind == CONVOY_LAYER_LINEAR;
  layer.bias = products && offer.bias != nullptr;
  void* state = nullptr;
  if (accelerator.table.describe(&layer, &state, text, kWhySize) == 0) {
    why = text;
    return State(nullptr, accelerator.table.destroy);
  }
  why = state == nullptr ? "its plug-in is broken: it takes the layer, but gives no state" : "";
  return State(state, accelerator.table.destroy);
}

// What a plug-in says of a kernel decides where memory ends: it is believed only if it makes sense.
convoy_layer_kernel packed(const Accelerator& accelerator, const Offer& offer, const State& state) {
  char why[kWhySize] = "no reason given";
  convoy_layer_kernel kernel{};
  if (accelerator.table.pack(state.get(), offer.weights, offer.bias, &kernel, why, kWhySize) == 0) {
    throw Error(CONVOY_UNSUPPORTED, accelerator.name + ": " + why);
  }
  kernel.algorithm[sizeof kernel.algorithm - 1] = 0;
  if (kernel.images < 1 || kernel.slices < 1 || kernel.scratch_floats < 0 || kernel.scratch_floats > kMostScratch ||
      kernel.parameter_bytes < 0) {
    fail(CONVOY_UNSUPPORTED, "%s: its plug-in is broken: a kernel of %d images, %d slices, %lld floats, %lld bytes",
         accelerator.name.c_str(), kernel.images, kernel.slices, static_cast<long long>(kernel.scratch_floats),
         static_cast<long long>(kernel.parameter_bytes));
  }
  return kernel;
}

class AcceleratedStep final : public Step {
 public:
  AcceleratedStep(const Accelerator& accelerator, const Offer& offer, State state)
      : accelerator_(accelerator),
        state_(std::move(state)),
        kernel_(packed(accelerator, offer, state_)),
        in_(offer.in),
        out_(offer.out),
        has_residual_(offer.layer.residual != 0),
        residual_(offer.residual),
        together_(in_.end_to_end() && out_.end_to_end() && (!has_residual_ || residual_.end_to_end()) ? kernel_.images
                                                                                                      : 1),
        macs_(macs_of(offer.layer)) {
    algorithm = accelerator.name + " " + kernel_.algorithm;
  }

  int64_t scratch_floats() const override { return kernel_.scratch_floats; }
  int64_t parameter_bytes() const override { return kernel_.parameter_bytes; }

  void run(const Run& whole) const override {
    const Run run = whole.worth(macs_ * whole.batch);
    const int64_t groups = ceil_div(run.batch, kernel_.images);
    run.parallel(groups * kernel_.slices, [&](int64_t task, int slot) {
      const int64_t begin = task / kernel_.slices * kernel_.images;
      const int64_t end = std::min<int64_t>(run.batch, begin + kernel_.images);
      for (int64_t image = begin; image < end; image += together_) {
        if (accelerator_.table.run(state_.get(), static_cast<int32_t>(task % kernel_.slices),
                                   static_cast<int32_t>(std::min(together_, end - image)), run.image(in_, image),
                                   has_residual_ ? run.image(residual_, image) : nullptr, run.image(out_, image),
                                   run.scratch_of(slot)) == 0) {
          run.fail(*this);
        }
      }
    });
  }

 private:
  const Accelerator& accelerator_;
  const State state_;
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

// What the dynamic linker gave, or its error.
template <class T>
T* found(T* what) {
  if (what == nullptr) {
    const char* why = dlerror();
    throw Error(CONVOY_UNSUPPORTED, why == nullptr ? "the dynamic linker found nothing" : why);
  }
  return what;
}

// Variables that are set as long as this lives, and then are what they were: what an accelerator reads when it is
// loaded is not for child processes.
class Environment {
 public:
  Environment() = default;
  ~Environment() {
    for (auto before = before_.rbegin(); before != before_.rend(); ++before) {
      before->second == nullptr ? unsetenv(before->first.c_str())
                                : setenv(before->first.c_str(), before->second->c_str(), 1);
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  void set(const std::string& name, const char* value) {
    const char* before = std::getenv(name.c_str());
    before_.emplace_back(name, before == nullptr ? nullptr : std::make_unique<std::string>(before));
    require(setenv(name.c_str(), value, 1) == 0, "'%s' is no name for an environment variable", name.c_str());
  }

 private:
  std::vector<std::pair<std::string, std::unique_ptr<std::string>>> before_;
};

void require_whole(convoy_accelerator& table) {
  if (table.abi != CONVOY_PLUGIN_ABI) {
    fail(CONVOY_UNSUPPORTED, "it has interface version %d, expected %d: use the versions of one release", table.abi,
         CONVOY_PLUGIN_ABI);
  }
  if (table.describe == nullptr || table.pack == nullptr || table.run == nullptr || table.destroy == nullptr) {
    fail(CONVOY_UNSUPPORTED, "its plug-in is broken: a function is missing in the table");
  }
  table.description[sizeof table.description - 1] = 0;
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
  // a description takes time: what the refusal was asked of is what is made
  auto state = std::make_shared<State>(nullptr, table.destroy);
  auto refusal = [=]() -> std::string {
    if (offer.mode == CONVOY_EXACT) {
      return "exact mode has one order of additions, " + name + " another";
    }
    std::string why;
    *state = described(*this, offer, why);
    return why;
  };
  auto make = [=]() -> std::unique_ptr<Step> {
    std::string why;
    if (*state == nullptr) {
      *state = described(*this, offer, why);
    }
    if (!why.empty()) {
      throw Error(CONVOY_UNSUPPORTED, name + ": " + why);
    }
    return std::make_unique<AcceleratedStep>(*this, offer, std::move(*state));
  };
  return {name, refusal, [=] { return estimated_cost(name, offer.layer); }, make, false};
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

std::vector<Candidate> candidates(const Preference& preference, const Offer& offer,
                                  const std::vector<Candidate>& ours) {
  std::vector<Candidate> all;
  for (const std::string& family : preference.families) {
    if (const Accelerator* accelerator = find_family(family)) {
      all.push_back(accelerator->candidate(offer));
    } else {
      all.insert(all.end(), ours.begin(), ours.end());
    }
  }
  return all;
}

std::unique_ptr<Step> choose(const Preference& preference, const Offer& offer, std::unique_ptr<Step> ours) {
  const std::string name = ours->algorithm.substr(0, ours->algorithm.find(' '));
  const Candidate only = {name, [] { return std::string(); }, [&] { return estimated_cost(name, offer.layer); },
                          [&] { return std::move(ours); }, true};
  return preference.choose(candidates(preference, offer, {only}), "layer");
}

const Accelerator& load_accelerator(const std::string& name, const std::string& entries) {
  std::lock_guard<std::mutex> lock(loading);
  for (const auto& accelerator : loaded()) {
    if (accelerator->name == name) {
      return *accelerator;
    }
  }
  Environment environment;
  void *library = nullptr, *plugin = nullptr;
  for (const std::string& line : split(entries, '\n')) {
    require(!line.empty(), "a line of the accelerator '%s' is empty", name.c_str());
    const size_t equals = line.find('=');
    if (equals != std::string::npos && line[0] != '/') {
      environment.set(line.substr(0, equals), line.c_str() + equals + 1);
    } else {
      library = plugin;
      plugin = found(dlopen(line.c_str(), RTLD_NOW | RTLD_LOCAL));
    }
  }
  require(plugin != nullptr, "there is no library for the accelerator '%s'", name.c_str());
  auto init = reinterpret_cast<decltype(&convoy_plugin_init)>(found(dlsym(plugin, "convoy_plugin_init")));
  auto accelerator = std::make_unique<Accelerator>();
  accelerator->name = name;
  const convoy_host host{CONVOY_PLUGIN_ABI, static_cast<int32_t>(default_isa()), library};
  char why[kWhySize] = "";
  if (init(&host, &accelerator->table, why, kWhySize) == 0) {
    throw Error(CONVOY_UNSUPPORTED, why);
  }
  require_whole(accelerator->table);
  loaded().push_back(std::move(accelerator));
  return *loaded().back();
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
