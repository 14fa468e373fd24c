// What our activations are called by oneDNN.
#ifndef CONVOY_ACCEL_ONEDNN_ACTIVATION_H
#define CONVOY_ACCEL_ONEDNN_ACTIVATION_H

#include "handles.h"

namespace convoy::onednn {

struct Eltwise {
  dnnl_alg_kind_t kind;
  float alpha, beta;
};

// Throws Refusal for an activation that oneDNN lacks, IDENTITY among them.
Eltwise eltwise(int activation, float alpha);

// Fused behind a layer: + residual (if `residual` is a description), then the activation. Scratch memory is ours to
// give.
Attributes attributes(int activation, float alpha, const_dnnl_memory_desc_t residual);

}  // namespace convoy::onednn

#endif
