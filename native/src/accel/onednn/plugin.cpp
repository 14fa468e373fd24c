// oneDNN behind convoy/plugin.h: the table, and the one place where exceptions end.
#include <cstdio>
#include <exception>

#include "handles.h"
#include "layers.h"

namespace convoy::onednn {
namespace {

template <class Body>
int32_t answered(char* why, int32_t why_size, Body&& body) {
  try {
    SingleThread single;
    body();
    return 1;
  } catch (const Refusal& refusal) {
    std::snprintf(why, why_size, "%s", refusal.why.c_str());
  } catch (const std::exception& error) {
    std::snprintf(why, why_size, "oneDNN: %s", error.what());
  }
  return 0;
}

int32_t& most_isa() {
  static int32_t isa = CONVOY_ISA_PORTABLE;
  return isa;
}

std::unique_ptr<Layer> described(const convoy_layer& layer) {
  // oneDNN has one instruction set a process, given before its first kernel
  if (layer.isa != most_isa()) {
    throw Refusal{"oneDNN runs on another instruction set in this process: set CONVOY_MAX_ISA"};
  }
  switch (layer.kind) {
    case CONVOY_LAYER_CONV:
      return describe_convolution(layer);
    case CONVOY_LAYER_LINEAR:
      return describe_linear(layer);
    default:
      return describe_blockwise(layer);
  }
}

int32_t describe(const convoy_layer* layer, void** state, char* why, int32_t why_size) {
  return answered(why, why_size, [&] { *state = described(*layer).release(); });
}

int32_t pack(void* state, const float* weights, const float* bias, convoy_layer_kernel* kernel, char* why,
             int32_t why_size) {
  return answered(why, why_size, [&] { accel::pack(*static_cast<Layer*>(state), weights, bias, *kernel); });
}

int32_t run(const void* state, int32_t slice, int32_t images, const float* in, const float* residual, float* out,
            float* scratch) {
  SingleThread single;
  try {
    static_cast<const Layer*>(state)->run(slice, images, in, residual, out, scratch);
    return 1;
  } catch (...) {
    return 0;
  }
}

void destroy(void* state) { delete static_cast<Layer*>(state); }

const char* isa_name(dnnl_cpu_isa_t isa) {
  switch (isa) {
    case dnnl_cpu_isa_sse41:
      return "sse41";
    case dnnl_cpu_isa_avx2:
      return "avx2";
    case dnnl_cpu_isa_avx512_core:
      return "avx512_core";
    default:
      return "an instruction set of its own choice";
  }
}

}  // namespace
}  // namespace convoy::onednn

extern "C" __attribute__((visibility("default"))) int32_t convoy_plugin_init(const convoy_host* host,
                                                                             convoy_accelerator* accelerator, char* why,
                                                                             int32_t why_size) {
  using namespace convoy::onednn;
  if (host->abi != CONVOY_PLUGIN_ABI) {
    std::snprintf(why, why_size, "the plug-in has interface version %d, Convoy %d", CONVOY_PLUGIN_ABI, host->abi);
    return 0;
  }
  most_isa() = host->isa;
  // float32 gains nothing from what lies between AVX-512's core and its newest extensions. Refused where something in
  // this process has used oneDNN before: its choice stands then.
  dnnl_set_max_cpu_isa(host->isa == CONVOY_ISA_AVX512 ? dnnl_cpu_isa_avx512_core
                       : host->isa == CONVOY_ISA_AVX2 ? dnnl_cpu_isa_avx2
                                                      : dnnl_cpu_isa_sse41);
  const dnnl_version_t* version = dnnl_version();
  accelerator->abi = CONVOY_PLUGIN_ABI;
  std::snprintf(accelerator->description, sizeof accelerator->description, "oneDNN %d.%d.%d, %s, one thread a worker",
                version->major, version->minor, version->patch, isa_name(dnnl_get_effective_cpu_isa()));
  accelerator->describe = describe;
  accelerator->pack = pack;
  accelerator->run = run;
  accelerator->destroy = destroy;
  return 1;
}
