#include "packed_primitive.h"

#include <algorithm>

#include "layers.h"

namespace convoy::onednn {
namespace {

// Where the calling thread looks first.
int first_place(int places) {
  static std::atomic<int> threads{0};
  thread_local const int mine = threads++;
  return mine % places;
}

}  // namespace

PackedPrimitive::PackedPrimitive(PrimitiveDesc desc, int second)
    : desc_(std::move(desc)), second_(second), idle_(std::make_unique<Idle>()) {
  if (implementation().compare(0, 3, "ref") == 0) {
    throw Refusal{"oneDNN has only its reference implementation (" + implementation() + ")"};
  }
}

PackedPrimitive::Idle::~Idle() {
  for (std::atomic<Arguments*>& place : places) {
    delete place.load();
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

size_t PackedPrimitive::parameter_bytes() const {
  size_t bytes = 0;
  for (const Parameter& parameter : parameters_) {
    bytes += parameter.numbers.bytes();
  }
  return bytes;
}

void PackedPrimitive::weights(const_dnnl_memory_desc_t given, const float* numbers) {
  const_dnnl_memory_desc_t wanted = described(dnnl_query_weights_md);
  Floats packed(dnnl_memory_desc_get_size(wanted));
  Memory to = memory(wanted, packed.data());
  PrimitiveDesc reorder_desc;
  check(dnnl_reorder_primitive_desc_create(reorder_desc.out(), given, engine(), wanted, engine(), nullptr), "packing");
  Primitive reorder;
  check(dnnl_primitive_create(reorder.out(), reorder_desc), "packing");
  Memory from = memory(given, numbers);
  const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  check(dnnl_primitive_execute(reorder, stream(), 2, arguments), "packing");
  check(dnnl_stream_wait(stream()), "packing");
  parameters_.push_back({DNNL_ARG_WEIGHTS, std::move(packed), std::move(to)});
}

void PackedPrimitive::vector(int argument, const float* numbers, size_t count) {
  Floats padded_numbers(static_cast<size_t>(padded(static_cast<int64_t>(count))) * sizeof(float));
  std::fill_n(padded_numbers.data(), padded_numbers.bytes() / sizeof(float), 0.0f);
  std::copy_n(numbers, count, padded_numbers.data());
  // a bias may be wanted as a row
  const_dnnl_memory_desc_t wanted =
      argument == DNNL_ARG_BIAS ? described(dnnl_query_weights_md, 1) : const_dnnl_memory_desc_t{};
  const MemoryDesc plain = tagged({static_cast<dnnl_dim_t>(count)}, dnnl_a);
  Memory kept = memory(wanted == nullptr ? static_cast<dnnl_memory_desc_t>(plain) : wanted, padded_numbers.data());
  parameters_.push_back({argument, std::move(padded_numbers), std::move(kept)});
}

void PackedPrimitive::make() {
  check(dnnl_primitive_create(primitive_.out(), desc_), "primitive");
  give(arguments());
}

std::unique_ptr<PackedPrimitive::Arguments> PackedPrimitive::arguments() const {
  auto made = std::make_unique<Arguments>();
  made->in = memory(described(dnnl_query_src_md), nullptr);
  made->out = memory(described(dnnl_query_dst_md), nullptr);
  made->scratch = memory(described(dnnl_query_scratchpad_md), nullptr);
  made->list = {{DNNL_ARG_SRC, made->in}, {DNNL_ARG_DST, made->out}, {DNNL_ARG_SCRATCHPAD, made->scratch}};
  if (second_ != 0) {
    made->second = memory(described(dnnl_query_dst_md), nullptr);  // of out's shape and layout
    made->list.push_back({second_, made->second});
  }
  for (const Parameter& parameter : parameters_) {
    made->list.push_back({parameter.argument, parameter.memory});
  }
  return made;
}

std::unique_ptr<PackedPrimitive::Arguments> PackedPrimitive::take() const {
  const int first = first_place(Idle::kPlaces);
  for (int i = 0; i < Idle::kPlaces; ++i) {
    if (Arguments* idle = idle_->places[(first + i) % Idle::kPlaces].exchange(nullptr, std::memory_order_acquire)) {
      return std::unique_ptr<Arguments>(idle);
    }
  }
  return arguments();
}

void PackedPrimitive::give(std::unique_ptr<Arguments> arguments) const {
  const int first = first_place(Idle::kPlaces);
  for (int i = 0; i < Idle::kPlaces; ++i) {
    Arguments* nobody = nullptr;
    if (idle_->places[(first + i) % Idle::kPlaces].compare_exchange_strong(nobody, arguments.get(),
                                                                           std::memory_order_release)) {
      arguments.release();
      return;
    }
  }
}

void PackedPrimitive::run(const float* in, const float* second, float* out, float* scratch) const {
  std::unique_ptr<Arguments> a = take();
  check(dnnl_memory_set_data_handle(a->in, const_cast<float*>(in)), "in");
  check(dnnl_memory_set_data_handle(a->out, out), "out");
  check(dnnl_memory_set_data_handle(a->scratch, scratch), "scratch");
  if (second_ != 0) {
    check(dnnl_memory_set_data_handle(a->second, const_cast<float*>(second)), "second");
  }
  check(dnnl_primitive_execute(primitive_, stream(), static_cast<int>(a->list.size()), a->list.data()), "run");
  give(std::move(a));
}

}  // namespace convoy::onednn
