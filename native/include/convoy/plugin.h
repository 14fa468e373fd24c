/*
 * What Convoy and an accelerator exchange: a shared library of its own that offers more algorithms for layers. There is
 * no link between the two files; the accelerator exports one function, convoy_plugin_init, and answers through the
 * table that it fills. Kinds of layers that it does not know it refuses.
 *
 * A kernel computes one task on the calling thread, which is a thread of Convoy's pool: accelerators start no threads.
 * Tasks are independent of each other. What a task computes must depend on neither the thread nor the batch.
 */
#ifndef CONVOY_PLUGIN_H
#define CONVOY_PLUGIN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when anything below changes. */
#define CONVOY_PLUGIN_ABI 3

/*
 * What a layer computes, in the words of convoy.h, and where it finds its numbers:
 *
 *   kind         out =                                     of the descriptor            weights, bias
 *   CONV         activation(conv(in) + bias [+ residual])  window, groups               OIHW, bias or NULL
 *   LINEAR       activation(weights * in + bias)                                        [out][in], bias or NULL
 *   POOL         of every window                           window, pooling, include_pad
 *   SCALE_SHIFT  activation(in * scale + shift)                                         scale, shift: one a channel
 *   LRN          in / (k + alpha / size * sum) ^ beta      size, alpha, beta, k
 *   SOFTMAX      over the channels, or its logarithm       log
 *   ACTIVATE     activation(in)
 *   ADD          activation(in + residual)
 *
 * The last four and SCALE_SHIFT keep the shape. out may be the memory of in or residual in SCALE_SHIFT, ACTIVATE, ADD.
 */
typedef enum convoy_layer_kind {
  CONVOY_LAYER_CONV = 0,
  CONVOY_LAYER_LINEAR = 1,
  CONVOY_LAYER_POOL = 2,
  CONVOY_LAYER_SCALE_SHIFT = 3,
  CONVOY_LAYER_LRN = 4,
  CONVOY_LAYER_SOFTMAX = 5,
  CONVOY_LAYER_ACTIVATE = 6,
  CONVOY_LAYER_ADD = 7
} convoy_layer_kind;

/* What a kind does not use is zero; its window is 1x1, its groups are 1. */
typedef struct convoy_layer {
  int32_t kind;
  int32_t isa; /* use no instruction beyond it */
  int32_t max_batch;
  int32_t pool_threads; /* what it is worth to cut a layer for; the same whatever a program uses of them */
  int32_t in_layout;    /* out and residual are CONVOY_BLOCKED16 */
  int32_t in_c, in_h, in_w;
  int32_t out_c, out_h, out_w; /* a vector has one pixel */
  int32_t window[10];          /* kernel h, w, stride h, w, dilation h, w, padding top, left, bottom, right */
  int32_t groups;
  int32_t bias;     /* 0 or 1: of CONV and LINEAR, whether there is one */
  int32_t residual; /* 0 or 1 */
  int32_t activation;
  float alpha; /* of the activation, or of LRN */
  int32_t pooling, include_pad;
  int32_t size;
  float beta, k;
  int32_t log;
} convoy_layer;

/* A layer that can be run. */
typedef struct convoy_layer_kernel {
  char algorithm[64]; /* what it is, such as "brgconv:avx512_core" */
  int64_t scratch_floats;
  int64_t parameter_bytes;
  int32_t images; /* of a task, 1 or more; the last one of a run may have fewer */
  int32_t slices; /* tasks of these images, 1 or more */
} convoy_layer_kernel;

typedef struct convoy_accelerator {
  int32_t abi;
  char description[160]; /* version, instruction set, for people */
  /* 1: it can, and *state is what it made of the layer. 0: it cannot, and why holds a sentence that says why not. */
  int32_t (*describe)(const convoy_layer* layer, void** state, char* why, int32_t why_size);
  /*
   * Puts the parameters into a state, at most once; neither weights nor bias is kept. 1, or 0 and why. From then on the
   * state is immutable and run by any number of threads at once.
   */
  int32_t (*pack)(void* state, const float* weights, const float* bias, convoy_layer_kernel* kernel, char* why,
                  int32_t why_size);
  /*
   * Pointers are to the first of the task's images (residual: NULL if there is none); images follow each other without
   * gaps. Nothing beyond the last one is read or written. scratch begins at a cache line. Lanes of out beyond the last
   * channel become zero. 1, or 0 where it failed, such as for want of memory: the program's run then fails too.
   */
  int32_t (*run)(const void* state, int32_t slice, int32_t images, const float* in, const float* residual, float* out,
                 float* scratch);
  void (*destroy)(void* state); /* packed or not */
} convoy_accelerator;

typedef struct convoy_host {
  int32_t abi;
  int32_t isa;   /* the most that any layer will ask for */
  void* library; /* dlopen's handle of the accelerator's own library, or NULL */
} convoy_host;

/* Fills the table. 1, or 0 and why. Called once, before anything else. */
int32_t convoy_plugin_init(const convoy_host* host, convoy_accelerator* accelerator, char* why, int32_t why_size);

#ifdef __cplusplus
}
#endif

#endif
