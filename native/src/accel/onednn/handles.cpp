#include "handles.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "convoy/convoy.h"

// libdnnl brings its libgomp into the process; nothing of OpenMP is linked.
extern "C" {
void omp_set_num_threads(int) __attribute__((weak));
int omp_get_max_threads(void) __attribute__((weak));
}

namespace convoy::onednn {
namespace {

Memory memory(const_dnnl_memory_desc_t desc, const float* data) {
  Memory memory;
  check(dnnl_memory_create(memory.out(), desc, engine(), const_cast<float*>(data)), "memory");
  return memory;
}

void append_activation(dnnl_post_ops_t post_ops, int activation, float alpha) {
  auto append = [&](dnnl_alg_kind_t kind, float a, float b) {
    check(dnnl_post_ops_append_eltwise(post_ops, kind, a, b), "activation");
  };
  switch (activation) {
    case CONVOY_IDENTITY:
      return;
    case CONVOY_RELU:
      return append(dnnl_eltwise_relu, 0, 0);
    case CONVOY_RELU6:
      return append(dnnl_eltwise_clip, 0, 6);
    case CONVOY_LEAKY_RELU:
      return append(dnnl_eltwise_relu, alpha, 0);
    case CONVOY_HARD_SIGMOID:
      return append(dnnl_eltwise_hardsigmoid, 1.0f / 6, 0.5f);
    case CONVOY_HARD_SWISH:
      return append(dnnl_eltwise_hardswish, 1.0f / 6, 0.5f);
    case CONVOY_SIGMOID:
      return append(dnnl_eltwise_logistic, 0, 0);
    case CONVOY_TANH:
      return append(dnnl_eltwise_tanh, 0, 0);
    case CONVOY_SILU:
      return append(dnnl_eltwise_swish, 1, 0);
    case CONVOY_ELU:
      return append(dnnl_eltwise_elu, alpha, 0);
    case CONVOY_GELU:
      return append(dnnl_eltwise_gelu_erf, 0, 0);
    case CONVOY_SOFTPLUS:
      return append(dnnl_eltwise_soft_relu, 1, 0);
    case CONVOY_MISH:
      return append(dnnl_eltwise_mish, 0, 0);
    default:
      throw Refusal{"an activation that oneDNN lacks"};
  }
}

}  // namespace

void check(dnnl_status_t status, const char* what) {
  if (status == dnnl_unimplemented) {
    throw Refusal{std::string("oneDNN has no implementation (") + what + ")"};
  }
  if (status != dnnl_success) {
    throw Refusal{std::string("oneDNN: ") + what + " gave status " + std::to_string(status)};
  }
}

SingleThread::SingleThread() : before_(omp_get_max_threads == nullptr ? 1 : omp_get_max_threads()) {
  if (before_ != 1) {
    omp_set_num_threads(1);
  }
}

SingleThread::~SingleThread() {
  if (before_ != 1) {
    omp_set_num_threads(before_);
  }
}

dnnl_engine_t engine() {
  static dnnl_engine_t engine = [] {
    dnnl_engine_t made = nullptr;
    check(dnnl_engine_create(&made, dnnl_cpu, 0), "engine");
    return made;
  }();
  return engine;
}

dnnl_stream_t stream() {
  thread_local Stream stream = [] {
    Stream made;
    check(dnnl_stream_create(made.out(), engine(), dnnl_stream_in_order), "stream");
    return made;
  }();
  return stream;
}

MemoryDesc tagged(const Dims& dims, dnnl_format_tag_t tag) {
  MemoryDesc desc;
  check(dnnl_memory_desc_create_with_tag(desc.out(), static_cast<int>(dims.size()), dims.data(), dnnl_f32, tag),
        "memory layout");
  return desc;
}

MemoryDesc strided(const Dims& dims, const Dims& strides) {
  MemoryDesc desc;
  check(dnnl_memory_desc_create_with_strides(desc.out(), static_cast<int>(dims.size()), dims.data(), dnnl_f32,
                                             strides.data()),
        "memory layout");
  return desc;
}

Floats::Floats(size_t bytes) : bytes_(bytes) {
  void* memory = nullptr;
  if (bytes > 0 && posix_memalign(&memory, 64, bytes) != 0) {
    throw std::bad_alloc();
  }
  data_.reset(static_cast<float*>(memory));
}

void Floats::Free::operator()(float* memory) const { std::free(memory); }

Attributes attributes(int activation, float alpha, const_dnnl_memory_desc_t residual) {
  Attributes attributes;
  check(dnnl_primitive_attr_create(attributes.out()), "attributes");
  check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "scratchpad");
  PostOps post_ops;
  check(dnnl_post_ops_create(post_ops.out()), "post-ops");
  if (residual != nullptr) {
    check(dnnl_post_ops_append_binary(post_ops, dnnl_binary_add, residual), "residual");
  }
  append_activation(post_ops, activation, alpha);
  check(dnnl_primitive_attr_set_post_ops(attributes, post_ops), "post-ops");
  return attributes;
}

PackedPrimitive::PackedPrimitive(PrimitiveDesc desc) : desc_(std::move(desc)) {
  if (implementation().compare(0, 3, "ref") == 0) {
    throw Refusal{"oneDNN has only its reference implementation (" + implementation() + ")"};
  }
}

std::string PackedPrimitive::implementation() const {
  const char* name = nullptr;
  check(dnnl_primitive_desc_query(desc_, dnnl_query_impl_info_str, 0, &name), "name");
  return name;
}

const_dnnl_memory_desc_t PackedPrimitive::described(dnnl_query_t query, int index) const {
  return dnnl_primitive_desc_query_md(desc_, query, index);
}

size_t PackedPrimitive::scratch_bytes() const { return dnnl_memory_desc_get_size(described(dnnl_query_scratchpad_md)); }

void PackedPrimitive::pack(const_dnnl_memory_desc_t given, const float* weights, const float* bias, size_t biases) {
  check(dnnl_primitive_create(primitive_.out(), desc_), "primitive");
  const_dnnl_memory_desc_t wanted = described(dnnl_query_weights_md);
  weights_ = Floats(dnnl_memory_desc_get_size(wanted));
  weights_memory_ = memory(wanted, weights_.data());
  PrimitiveDesc reorder_desc;
  check(dnnl_reorder_primitive_desc_create(reorder_desc.out(), given, engine(), wanted, engine(), nullptr), "packing");
  Primitive reorder;
  check(dnnl_primitive_create(reorder.out(), reorder_desc), "packing");
  Memory from = memory(given, weights);
  const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, weights_memory_}};
  check(dnnl_primitive_execute(reorder, stream(), 2, arguments), "packing");
  check(dnnl_stream_wait(stream()), "packing");
  if (bias != nullptr) {
    bias_ = Floats(biases * sizeof(float));
    std::memcpy(bias_.data(), bias, bias_.bytes());
    bias_memory_ = memory(described(dnnl_query_weights_md, 1), bias_.data());
  }
}

// oneDNN wants its arguments as objects, which it allocates; that is some hundred nanoseconds a task.
void PackedPrimitive::run(const float* in, const float* residual, float* out, float* scratch) const {
  Memory source = memory(described(dnnl_query_src_md), in);
  Memory result = memory(described(dnnl_query_dst_md), out);
  Memory scratchpad = memory(described(dnnl_query_scratchpad_md), scratch);
  Memory added;
  dnnl_exec_arg_t arguments[6] = {{DNNL_ARG_SRC, source},
                                  {DNNL_ARG_DST, result},
                                  {DNNL_ARG_WEIGHTS, weights_memory_},
                                  {DNNL_ARG_SCRATCHPAD, scratchpad}};
  int count = 4;
  if (bias_.data() != nullptr) {
    arguments[count++] = {DNNL_ARG_BIAS, bias_memory_};
  }
  if (residual != nullptr) {
    added = memory(described(dnnl_query_dst_md), residual);
    arguments[count++] = {DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, added};
  }
  check(dnnl_primitive_execute(primitive_, stream(), count, arguments), "run");
}

}  // namespace convoy::onednn
