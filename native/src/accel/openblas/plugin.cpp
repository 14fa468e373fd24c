// OpenBLAS behind convoy/plugin.h: the table, and the one place where exceptions end.
#include <cstdio>
#include <exception>
#include <string>

#include "blas.h"
#include "layers.h"

namespace convoy::openblas {
namespace {

int32_t no(char* why, int32_t why_size, const char* reason) {
  std::snprintf(why, why_size, "%s", reason);
  return 0;
}

template <class Body>
int32_t answered(char* why, int32_t why_size, Body&& body) {
  try {
    body();
    return 1;
  } catch (const std::exception& error) {
    return no(why, why_size, error.what());
  }
}

int32_t describe(const convoy_layer* layer, void** state, char* why, int32_t why_size) {
  if (layer->kind != CONVOY_LAYER_CONV && layer->kind != CONVOY_LAYER_LINEAR) {
    return no(why, why_size, "no matrix product");
  }
  if (layer->groups > 1 && layer->out_c / layer->groups < kBlock) {
    return no(why, why_size, "groups of less than sixteen output channels: no work for a matrix product");
  }
  return answered(why, why_size, [&] {
    const bool conv = layer->kind == CONVOY_LAYER_CONV;
    *state = (conv ? describe_convolution(*layer) : describe_linear(*layer)).release();
  });
}

int32_t pack(void* state, const float* weights, const float* bias, convoy_layer_kernel* kernel, char* why,
             int32_t why_size) {
  return answered(why, why_size, [&] { accel::pack(*static_cast<Layer*>(state), weights, bias, *kernel); });
}

int32_t run(const void* state, int32_t slice, int32_t images, const float* in, const float* residual, float* out,
            float* scratch) {
  static_cast<const Layer*>(state)->run(slice, images, in, residual, out, scratch);
  return 1;
}

void destroy(void* state) { delete static_cast<Layer*>(state); }

}  // namespace
}  // namespace convoy::openblas

extern "C" __attribute__((visibility("default"))) int32_t convoy_plugin_init(const convoy_host* host,
                                                                             convoy_accelerator* accelerator, char* why,
                                                                             int32_t why_size) {
  using namespace convoy::openblas;
  if (host->abi != CONVOY_PLUGIN_ABI) {
    std::snprintf(why, why_size, "the plug-in has interface version %d, Convoy %d", CONVOY_PLUGIN_ABI, host->abi);
    return 0;
  }
  std::string missing;
  if (!bind(host->library, missing)) {
    return no(why, why_size, missing.c_str());
  }
  accelerator->abi = CONVOY_PLUGIN_ABI;
  std::snprintf(accelerator->description, sizeof accelerator->description, "%s", description().c_str());
  accelerator->describe = describe;
  accelerator->pack = pack;
  accelerator->run = run;
  accelerator->destroy = destroy;
  return 1;
}
