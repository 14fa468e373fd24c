#include "fake_plugin.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "convoy/plugin.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

using namespace convoy::test;

EXPORT FakeCounts fake_counts;
FakeCounts fake_counts{};

namespace {

int32_t no(char* why, int32_t why_size, const char* reason) {
  std::snprintf(why, static_cast<size_t>(why_size), "%s", reason);
  return 0;
}

int32_t describe(const convoy_layer* layer, void** state, char* why, int32_t why_size) {
  if (layer->kind != CONVOY_LAYER_ACTIVATE) {
    return no(why, why_size, "activations only");
  }
  ++fake_counts.described;
  *state = layer->in_c == kFakeWithoutState ? nullptr : new convoy_layer(*layer);
  return 1;
}

int32_t pack(void* state, const float*, const float*, convoy_layer_kernel* kernel, char* why, int32_t why_size) {
  const int channels = static_cast<const convoy_layer*>(state)->in_c;
  if (channels == kFakeRefusesParameters) {
    return no(why, why_size, "not these");
  }
  std::memset(kernel->algorithm, channels == kFakeEndlessName ? 'x' : 0, sizeof kernel->algorithm);
  kernel->scratch_floats = channels == kFakeNegativeScratch ? -1 : channels == kFakeHugeScratch ? INT64_MAX : 0;
  kernel->parameter_bytes = channels == kFakeNegativeParameters ? -1 : 0;
  kernel->images = channels == kFakeWithoutImages ? 0 : 1;
  kernel->slices = channels == kFakeWithoutSlices ? 0 : kFakeSlices;
  return 1;
}

int32_t run(const void* state, int32_t slice, int32_t images, const float* in, const float*, float* out, float*) {
  const auto& layer = *static_cast<const convoy_layer*>(state);
  const int64_t floats = int64_t{16} * layer.in_h * layer.in_w * images;
  const int64_t begin = floats * slice / kFakeSlices, end = floats * (slice + 1) / kFakeSlices;
  if (in[begin] != in[begin]) {
    return 0;
  }
  std::transform(in + begin, in + end, out + begin, [](float x) { return x + 1; });
  return 1;
}

void destroy(void* state) {
  ++fake_counts.destroyed;
  delete static_cast<convoy_layer*>(state);
}

}  // namespace

EXPORT int32_t convoy_plugin_init(const convoy_host*, convoy_accelerator* accelerator, char* why, int32_t why_size) {
  const char* wanted = std::getenv("FAKE_PLUGIN");
  const char* how = wanted == nullptr ? "" : wanted;
  if (std::strcmp(how, "refused") == 0) {
    return no(why, why_size, "not on this machine");
  }
  accelerator->abi = CONVOY_PLUGIN_ABI - (std::strcmp(how, kFakeOld) == 0 ? 1 : 0);
  std::memset(accelerator->description, 'x', sizeof accelerator->description);  // without an end
  accelerator->describe = std::strcmp(how, kFakeMissing[0]) == 0 ? nullptr : describe;
  accelerator->pack = std::strcmp(how, kFakeMissing[1]) == 0 ? nullptr : pack;
  accelerator->run = std::strcmp(how, kFakeMissing[2]) == 0 ? nullptr : run;
  accelerator->destroy = std::strcmp(how, kFakeMissing[3]) == 0 ? nullptr : destroy;
  return 1;
}
