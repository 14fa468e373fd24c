#include "ops/pooling.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "kernels/pool/pool.h"
#include "ops/pieces.h"

namespace convoy {
namespace {

using pool::Span;

// The kernel is faster where it may look at some planes of one window at once.
constexpr int64_t kPlanesAtOnce = 4;

std::vector<Span> window_spans(const PoolAxis& axis, int64_t in, int64_t out, bool count_include_pad) {
  std::vector<Span> spans;
  for (int64_t i = 0; i < out; ++i) {
    int64_t start = i * axis.stride - axis.before;
    int64_t first = start + (start < 0 ? ceil_div(-start, axis.dilation) * axis.dilation : 0);
    int64_t end = std::min(start + axis.span(), in);
    int64_t count = first < end ? ceil_div(end - first, axis.dilation) : 0;
    int64_t counted = count_include_pad ? std::min(start + axis.span(), in + axis.after) - start : end - first;
    spans.push_back({static_cast<int32_t>(count > 0 ? first : 0), static_cast<int32_t>(count),
                     static_cast<int32_t>(std::min<int64_t>(counted, INT32_MAX))});
  }
  return spans;
}

std::vector<Span> adaptive_spans(int64_t in, int64_t out) {
  std::vector<Span> spans;
  for (int64_t i = 0; i < out; ++i) {
    int64_t first = i * in / out, end = ceil_div((i + 1) * in, out);
    spans.push_back(
        {static_cast<int32_t>(first), static_cast<int32_t>(end - first), static_cast<int32_t>(end - first)});
  }
  return spans;
}

class Pool final : public Step {
 public:
  Pool(Isa isa, const Value& in, const Value& out, convoy_pooling pooling, std::vector<Span> rows,
       std::vector<Span> columns, int64_t row_step, int64_t column_step)
      : in_(in), out_(out), rows_(std::move(rows)), columns_(std::move(columns)) {
    const pool::Table& table = pool::table(isa);
    kernel_ = pooling == CONVOY_POOL_MAX ? table.max : pooling == CONVOY_POOL_MIN ? table.min : table.average;
    // a step beyond the input is never taken
    row_step_ = static_cast<int32_t>(std::min<int64_t>(row_step, in.h));
    column_step_ = static_cast<int32_t>(std::min<int64_t>(column_step, in.w));
    const char* kind = pooling == CONVOY_POOL_MAX   ? "max-pool "
                       : pooling == CONVOY_POOL_MIN ? "min-pool "
                                                    : "average-pool ";
    algorithm = std::string(kind) + isa_name(static_cast<int32_t>(isa));
  }

  void run(const Run& run) const override {
    // planes follow each other, so all of an image are one sequence of rows
    const int64_t rows = int64_t{in_.blocks()} * out_.h;
    int64_t row_pixels = ceil_div(in_.pixels(), out_.h) + out_.w;
    if (out_.pixels() == 1) {
      row_pixels = std::min(row_pixels, kPiecePixels / kPlanesAtOnce);
    }
    for_pieces(run, run.batch, rows, row_pixels, [&](int64_t image, int64_t begin, int64_t end, int) {
      kernel_({run.image(in_, image), run.image(out_, image), begin, end, in_.h, in_.w, out_.h, out_.w, rows_.data(),
               columns_.data(), row_step_, column_step_, in_.blocks(), last_lanes(in_)});
    });
  }

 private:
  Value in_, out_;
  std::vector<Span> rows_, columns_;
  int32_t row_step_, column_step_;
  pool::Function kernel_;
};

}  // namespace

int64_t PoolAxis::floor_size(int64_t in) const {
  int64_t room = in + before + after - span();
  return room < 0 ? 0 : room / stride + 1;
}

int64_t PoolAxis::ceil_size(int64_t in) const {
  int64_t size = floor_size(in);
  bool left_over = (in + before + after - span()) % stride != 0;
  return size > 0 && left_over && size * stride < in + before ? size + 1 : size;
}

std::unique_ptr<Step> make_pool(Isa isa, const Value& in, const Value& out, convoy_pooling pooling,
                                const PoolAxis& vertical, const PoolAxis& horizontal, bool count_include_pad) {
  return std::make_unique<Pool>(isa, in, out, pooling, window_spans(vertical, in.h, out.h, count_include_pad),
                                window_spans(horizontal, in.w, out.w, count_include_pad), vertical.dilation,
                                horizontal.dilation);
}

std::unique_ptr<Step> make_adaptive_pool(Isa isa, const Value& in, const Value& out, convoy_pooling pooling) {
  return std::make_unique<Pool>(isa, in, out, pooling, adaptive_spans(in.h, out.h), adaptive_spans(in.w, out.w), 1, 1);
}

}  // namespace convoy
