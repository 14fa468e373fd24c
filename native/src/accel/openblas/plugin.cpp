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

int32_t accepts(const convoy_layer* layer, char* why, int32_t why_size) {
  if (layer->kind != CONVOY_LAYER_CONV && layer->kind != CONVOY_LAYER_LINEAR) {
    return no(why, why_size, "no matrix product");
  }
  if (layer->groups > 1 && layer->out_c / layer->groups < kBlock) {
    return no(why, why_size, "groups of less than sixteen output channels: no work for a matrix product");
  }
  return 1;
}

int32_t make(const convoy_layer* layer, const float* weights, const float* bias, convoy_layer_kernel* kernel, char* why,
             int32_t why_size) {
  try {
    const bool conv = layer->kind == CONVOY_LAYER_CONV;
    std::unique_ptr<Layer> made = conv ? make_convolution(*layer, weights, bias) : make_linear(*layer, weights, bias);
    std::snprintf(kernel->algorithm, sizeof kernel->algorithm, "%s",
                  conv                  ? "im2col-sgemm"
                  : made->images() == 1 ? "sgemv"
                                        : "sgemm");
    kernel->scratch_floats = made->scratch_floats();
    kernel->parameter_bytes = made->parameter_bytes();
    kernel->images = made->images();
    kernel->slices = made->slices();
    kernel->state = made.release();
    return 1;
  } catch (const std::exception& error) {
    return no(why, why_size, error.what());
  }
}

void run(const void* state, int32_t slice, int32_t images, const float* in, const float* residual, float* out,
         float* scratch) {
  static_cast<const Layer*>(state)->run(slice, images, in, residual, out, scratch);
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
  accelerator->accepts = accepts;
  accelerator->make = make;
  accelerator->run = run;
  accelerator->destroy = destroy;
  return 1;
}
