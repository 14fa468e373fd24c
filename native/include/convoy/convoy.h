/*
 * Convoy's native interface: the only public header, plain C. JavaCPP parses this file and nothing else.
 *
 * Describe, compile, run: a program is built step by step, sealed, and then shared by any number of executions; an
 * execution owns the memory of one run at a time. Functions that can fail return a negative convoy_status (or NULL);
 * convoy_last_error() then says what went wrong, for the calling thread. No function throws, exits or prints.
 *
 * Building a program is single-threaded. A sealed program is immutable and may be used by any thread; an execution by
 * one thread at a time. All computing threads belong to one process-wide pool (convoy_pool_start).
 */
#ifndef CONVOY_CONVOY_H
#define CONVOY_CONVOY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef CONVOY_API
#define CONVOY_API __attribute__((visibility("default")))
#endif

/* Raised when a signature or a meaning below changes; Java refuses a library of another version. */
#define CONVOY_ABI 11

/* Channels of a block of CONVOY_BLOCKED16. */
#define CONVOY_BLOCK 16

/* The most threads that the pool can have. */
#define CONVOY_MAX_THREADS 256

typedef enum convoy_status {
  CONVOY_OK = 0,
  CONVOY_INVALID = -1,       /* an argument breaks the contract written at the function */
  CONVOY_UNSUPPORTED = -2,   /* no algorithm accepts the step; the message lists every refusal */
  CONVOY_OUT_OF_MEMORY = -3, /* the system gave no memory or no thread */
  CONVOY_INTERNAL = -4       /* a defect of this library */
} convoy_status;

/* Instruction sets, each including the ones before it. */
typedef enum convoy_isa { CONVOY_ISA_PORTABLE = 0, CONVOY_ISA_AVX2 = 1, CONVOY_ISA_AVX512 = 2 } convoy_isa;

/* How one image's value lies in memory; see dev.convoy.tensor.Layout. A vector of F features has c = F, h = w = 1. */
typedef enum convoy_layout {
  CONVOY_PLAIN = 0,    /* [C][H][W] */
  CONVOY_BLOCKED16 = 1 /* [ceil(C/16)][H][W][16]; lanes beyond C are always zero */
} convoy_layout;

/* dev.convoy.backend.Mode. COMPACT: as FAST, but no packed filter takes more than twice its memory. */
typedef enum convoy_mode { CONVOY_FAST = 0, CONVOY_EXACT = 1, CONVOY_COMPACT = 2 } convoy_mode;

/* The order of dev.convoy.graph.Activation.Kind. alpha is the slope of a leaky ReLU or the alpha of an ELU. */
typedef enum convoy_activation {
  CONVOY_IDENTITY = 0,
  CONVOY_RELU = 1,
  CONVOY_RELU6 = 2,
  CONVOY_LEAKY_RELU = 3,
  CONVOY_HARD_SIGMOID = 4,
  CONVOY_HARD_SWISH = 5,
  CONVOY_SIGMOID = 6,
  CONVOY_TANH = 7,
  CONVOY_SILU = 8,
  CONVOY_ELU = 9,
  CONVOY_GELU = 10,
  CONVOY_SOFTPLUS = 11,
  CONVOY_MISH = 12
} convoy_activation;

typedef enum convoy_pooling { CONVOY_POOL_MAX = 0, CONVOY_POOL_MIN = 1, CONVOY_POOL_AVERAGE = 2 } convoy_pooling;

typedef enum convoy_pad_mode { CONVOY_PAD_CONSTANT = 0, CONVOY_PAD_EDGE = 1, CONVOY_PAD_REFLECT = 2 } convoy_pad_mode;

typedef enum convoy_resize_mode { CONVOY_NEAREST = 0, CONVOY_BILINEAR = 1 } convoy_resize_mode;

typedef struct convoy_program convoy_program;
typedef struct convoy_execution convoy_execution;

/* ---- library and machine ---- */

CONVOY_API int32_t convoy_abi(void);

/* The calling thread's last error; empty if there was none. Valid until the thread's next failing call. */
CONVOY_API const char* convoy_last_error(void);

/* The best instruction set of this CPU and operating system, whatever CONVOY_MAX_ISA says. */
CONVOY_API int32_t convoy_isa_detected(void);

/*
 * The instruction set to use by default: the detected one capped by the environment variable CONVOY_MAX_ISA
 * (portable, avx2 or avx512). CONVOY_INVALID if that names something else.
 */
CONVOY_API int32_t convoy_isa_default(void);

/* "portable", "avx2", "avx512"; NULL for an unknown number. */
CONVOY_API const char* convoy_isa_name(int32_t isa);

/* The CPU's own name and its extensions, as text for people. */
CONVOY_API const char* convoy_cpu_description(void);

/* Bytes of a core's level-2 cache, or of the level-3 cache that it shares; a guess where the system does not say. */
CONVOY_API int64_t convoy_cache_bytes(int32_t level);

/*
 * Starts the process-wide pool with this many threads, at most CONVOY_MAX_THREADS, the caller of a run included. Later
 * calls may only grow it.
 */
CONVOY_API int32_t convoy_pool_start(int32_t threads);

/* Threads of the pool, callers included; 0 before convoy_pool_start. */
CONVOY_API int32_t convoy_pool_threads(void);

/* ---- accelerators ---- */

/*
 * Loads an accelerator (convoy/plugin.h). entries, one a line, in order: NAME=VALUE is in the environment while this
 * goes on, and then what it was before; anything else is the path of a shared library; the last one is the plug-in, the
 * one before it the accelerator's own. With a NAME=VALUE no other thread should read or change the environment
 * meanwhile: C does not lock it. Once per name: later calls do nothing. CONVOY_UNSUPPORTED with the reason.
 */
CONVOY_API int32_t convoy_accelerator_load(const char* name, const char* entries);

/* Its version and instruction set, as text for people; NULL if it is not loaded. */
CONVOY_API const char* convoy_accelerator_description(const char* name);

/* ---- measuring ---- */

/* Fused multiply-adds at full width from registers on one thread, in GFLOP/s; takes about `seconds`. Negative: error.
 */
CONVOY_API double convoy_measure_peak(int32_t isa, double seconds);

/* Reading that many bytes (4 KiB to 1 GiB) again and again on one thread, in GB/s. Negative: error. */
CONVOY_API double convoy_measure_reading(int32_t isa, int64_t bytes, double seconds);

/* GEMM micro-kernels of an instruction set: how many, and their names. */
CONVOY_API int32_t convoy_kernel_count(int32_t isa);
CONVOY_API const char* convoy_kernel_name(int32_t isa, int32_t kernel);

/*
 * A kernel and the peak in turns of some ten microseconds, on operands as a convolution has them: a packed panel of
 * depth k and tiles of pixels, in the level-2 cache where k allows. speed[3] receives the kernel's GFLOP/s, the peak's,
 * and the median over turns of their ratio.
 */
CONVOY_API int32_t convoy_measure_kernel(int32_t isa, int32_t kernel, int32_t k, double seconds, double* speed);

/* ---- building a program ---- */

/*
 * isa: at most the detected one. threads: how many threads of the pool a run may use, 0 = all. arena_floats: memory of
 * all values for max_batch images, planned by the caller.
 */
CONVOY_API convoy_program* convoy_program_create(int32_t isa, int32_t mode, int32_t max_batch, int32_t threads,
                                                 int64_t arena_floats);

CONVOY_API void convoy_program_destroy(convoy_program* program);

/*
 * Declares a value: max_batch images, one behind the other, from `offset` floats on (a multiple of 16). Two values may
 * share memory if they are never alive together, or if they are input and output of an element-wise step and begin at
 * the same offset. Returns its number.
 */
CONVOY_API int32_t convoy_program_value(convoy_program* program, int32_t layout, int32_t c, int32_t h, int32_t w,
                                        int64_t offset);

/*
 * Steps from here on form a segment, which is run for at most `images` images before the next images take their place;
 * images = max_batch: step by step for the whole batch, as before the first call. local_floats: memory for the values
 * of the segment alone, for so many images; every thread has its own. Returns the segment's number.
 */
CONVOY_API int32_t convoy_program_begin_segment(convoy_program* program, int32_t images, int64_t local_floats);

/* Like convoy_program_value, in the memory of the current segment: only its own steps may use the value. */
CONVOY_API int32_t convoy_program_local_value(convoy_program* program, int32_t layout, int32_t c, int32_t h, int32_t w,
                                              int64_t offset);

/*
 * A BLOCKED16 value that passes from one convolution to the next a few rows at a time: a thread holds `held` rows of an
 * image of it, in memory of its own. Declared right before the convolution that writes it; the one that follows, and no
 * other step, reads it. Convolutions that hand such values to each other are run band by band, a band being as many
 * rows of the last one's output as the rows held allow.
 */
CONVOY_API int32_t convoy_program_rolling_value(convoy_program* program, int32_t c, int32_t h, int32_t w, int32_t held);

/*
 * The images of the value declared last lie `floats` apart (a multiple of 16) instead of end to end: it is a part of
 * the images of a larger value. In a concat, a part that lies where the result has it is not copied. Before the next
 * step is added, which takes the value as it is then.
 */
CONVOY_API int32_t convoy_program_image_stride(convoy_program* program, int32_t value, int64_t floats);

/*
 * Whose algorithms the steps from here on ask, the first that accepts taking the step: names separated by commas,
 * "native" and those of loaded accelerators. With "auto:" before them all of them are asked, and the one that is
 * estimated to be the quickest takes the step. At first it is "native".
 */
CONVOY_API int32_t convoy_program_prefer(convoy_program* program, const char* families);

/* The next step takes the algorithm of this name, one of its candidates, or fails, also if it has no choice. */
CONVOY_API int32_t convoy_program_require(convoy_program* program, const char* algorithm);

/*
 * Room for so many numbers, at a cache line: where the caller may put a step's parameters before it appends the step.
 * Valid until the next call of it, at most until the program is sealed. NULL on failure.
 */
CONVOY_API float* convoy_program_staging(convoy_program* program, int64_t floats);

/*
 * Multiplies each of factor_count runs of values, all of the same length, by its factor, computed in double and rounded
 * once: the scale of a batch norm into the filters before it. On all threads of the pool.
 */
CONVOY_API int32_t convoy_scale(float* values, int64_t count, const double* factors, int64_t factor_count);

/*
 * Each convoy_program_<step> appends one step, packs its parameters and returns the step's number. Parameters are
 * copied, never kept. Values are BLOCKED16 unless said otherwise; shapes of outputs must be exactly what the step
 * gives. window: kernel h, w, stride h, w, dilation h, w, padding top, left, bottom, right (ten numbers).
 */

/*
 * out = activation(conv(in) + bias [+ residual]). in may be PLAIN. weights: OIHW, I = channels / groups; bias: NULL or
 * one number per output channel; residual: a value of out's shape, or -1.
 */
CONVOY_API int32_t convoy_program_conv(convoy_program* program, int32_t in, int32_t out, int32_t residual,
                                       const int32_t* window, int32_t groups, int32_t activation, float alpha,
                                       const float* weights, int64_t weight_count, const float* bias,
                                       int64_t bias_count);

/*
 * Whether that step would take an algorithm of ours, 1 or 0, by the preferences alone and if its values are not
 * rolling. Appends nothing.
 */
CONVOY_API int32_t convoy_program_conv_is_ours(const convoy_program* program, int32_t in, int32_t out, int32_t residual,
                                               const int32_t* window, int32_t groups, int32_t activation, float alpha);

/* Vectors in and out. weights: [out][in]; bias: NULL or one number per output. */
CONVOY_API int32_t convoy_program_linear(convoy_program* program, int32_t in, int32_t out, int32_t activation,
                                         float alpha, const float* weights, int64_t weight_count, const float* bias,
                                         int64_t bias_count);

/* out's height and width say whether the size was rounded up; a window never starts beyond the input and its padding.
 */
CONVOY_API int32_t convoy_program_pool(convoy_program* program, int32_t in, int32_t out, int32_t pooling,
                                       const int32_t* window, int32_t count_include_pad);

/* Window i of n covers floor(i * in / n) .. ceil((i + 1) * in / n). */
CONVOY_API int32_t convoy_program_adaptive_pool(convoy_program* program, int32_t in, int32_t out, int32_t pooling);

/* out = activation(fma(in, scale[channel], shift[channel])); count = channels. Element-wise. */
CONVOY_API int32_t convoy_program_scale_shift(convoy_program* program, int32_t in, int32_t out, int32_t activation,
                                              float alpha, const float* scale, const float* shift, int64_t count);

/* out = in / (k + alpha / size * sum of in^2 over channels c - size/2 .. c - size/2 + size - 1) ^ beta. */
CONVOY_API int32_t convoy_program_lrn(convoy_program* program, int32_t in, int32_t out, int32_t size, float alpha,
                                      float beta, float k);

/*
 * Over the channels at every pixel: out = (in - mean) / sqrt(variance + eps) * weight[channel] + bias[channel];
 * count = channels. Element-wise as far as memory goes.
 */
CONVOY_API int32_t convoy_program_layer_norm(convoy_program* program, int32_t in, int32_t out, float eps,
                                             const float* weight, const float* bias, int64_t count);

/* Element-wise. */
CONVOY_API int32_t convoy_program_activate(convoy_program* program, int32_t in, int32_t out, int32_t activation,
                                           float alpha);

/* Over the channels at every pixel; log != 0: its logarithm. */
CONVOY_API int32_t convoy_program_softmax(convoy_program* program, int32_t in, int32_t out, int32_t log);

/* out = activation(a + b). Element-wise. */
CONVOY_API int32_t convoy_program_add(convoy_program* program, int32_t a, int32_t b, int32_t out, int32_t activation,
                                      float alpha);

/* out = in * factors[channel]; factors: a value of as many channels and one pixel. Element-wise in in and out. */
CONVOY_API int32_t convoy_program_multiply(convoy_program* program, int32_t in, int32_t factors, int32_t out);

/*
 * Channels of the inputs one behind the other. An input may lie where out has it (convoy_program_image_stride) if it is
 * whole blocks, or the last one.
 */
CONVOY_API int32_t convoy_program_concat(convoy_program* program, const int32_t* in, int32_t count, int32_t out);

/* Channel i of out is channel channels[i] of in; count = channels of out. */
CONVOY_API int32_t convoy_program_select_channels(convoy_program* program, int32_t in, int32_t out,
                                                  const int32_t* channels, int64_t count);

/* top and left say where the input lies in the output. value: for CONVOY_PAD_CONSTANT. */
CONVOY_API int32_t convoy_program_pad(convoy_program* program, int32_t in, int32_t out, int32_t mode, float value,
                                      int32_t top, int32_t left);

/* Positions in double precision; see dev.convoy.graph.Resize2d. */
CONVOY_API int32_t convoy_program_resize(convoy_program* program, int32_t in, int32_t out, int32_t mode,
                                         int32_t align_corners);

/* The same value in out's layout, either way. */
CONVOY_API int32_t convoy_program_reorder(convoy_program* program, int32_t in, int32_t out);

/* A map as a vector of its C * H * W elements in PLAIN order; in and out BLOCKED16. Element-wise if H = W = 1. */
CONVOY_API int32_t convoy_program_flatten(convoy_program* program, int32_t in, int32_t out);

/* No more steps; from now on the program is immutable. */
CONVOY_API int32_t convoy_program_seal(convoy_program* program);

/* What was chosen for a step, such as "im2col-gemm 14x32 avx512". Valid as long as the program. */
CONVOY_API const char* convoy_program_algorithm(const convoy_program* program, int32_t step);

/* The candidates that were refused for a step, one "name: reason" a line. Valid as long as the program. */
CONVOY_API const char* convoy_program_refusals(const convoy_program* program, int32_t step);

/*
 * The names by which convoy_program_require knows algorithms that accept a step, one a line: the chosen one, and under
 * "auto:" the others behind it, quickest first by estimate. Empty where there is no choice. As long as the program.
 */
CONVOY_API const char* convoy_program_candidates(const convoy_program* program, int32_t step);

/* Bytes of packed parameters. */
CONVOY_API int64_t convoy_program_parameter_bytes(const convoy_program* program);

/* ---- running ---- */

/*
 * Allocates the arena and the caller's scratch memory; runs allocate nothing. The scratch memory of the pool's other
 * threads is theirs, shared by all executions, as much as the greediest of them has needed so far.
 */
CONVOY_API convoy_execution* convoy_execution_create(const convoy_program* program);

CONVOY_API void convoy_execution_destroy(convoy_execution* execution);

/* Of the arena and the caller's scratch memory. */
CONVOY_API int64_t convoy_execution_bytes(const convoy_execution* execution);

/* Where a value's first image begins, if no segment owns it; the caller fills inputs and reads outputs there. */
CONVOY_API float* convoy_execution_value(convoy_execution* execution, int32_t value);

/* Runs every step for images 0 .. batch - 1. */
CONVOY_API int32_t convoy_execution_run(convoy_execution* execution, int32_t batch);

/* The same; seconds[step] receives what each step took. count: number of steps. */
CONVOY_API int32_t convoy_execution_profile(convoy_execution* execution, int32_t batch, double* seconds, int32_t count);

#ifdef __cplusplus
}
#endif

#endif
