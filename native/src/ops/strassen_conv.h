// A 1x1 convolution by one level of Strassen's algorithm in Winograd's form: seven products of halves instead of eight
// (V. Strassen, Gaussian Elimination is not Optimal, 1969; S. Winograd, On Multiplication of 2x2 Matrices, 1971).
//
// Pixels, input channels and output channels are cut into halves:
//
//   | C1 C2 |   | A1 A2 |   | B1 B2 |   top pixels
//   | C3 C4 | = | A3 A4 | x | B3 B4 |   bottom pixels
//
// For each block of some top and as many bottom pixels, in parallel, with S, Y and W that stay in the level-2 cache:
//
//                      Y  = A1 B1
//                      C1 = Y + A2 B3
//   S = A3 + A4        W  = S (B2 - B1)
//   S = S - A1         Y  = Y + S (B1 - B2 + B4)
//   S = A2 - S         C2 = Y + W + S B4
//   S = A1 - A3        Y  = Y + S (B4 - B2)
//                      C3 = Y + A4 (B2 - B1 + B3 - B4)
//                      C4 = Y + W
//
// An odd block of input channels adds its own product to each of the Cs; an odd block of output channels is multiplied
// as ever. An odd pixel in the middle is the last at the top; it is the first at the bottom too, but not written there.
//
// A stride is taken out first: the block's pixels are copied one behind the other.
//
// Sums across the halves of the input channels are only as exact as the larger term. So that this is not a channel with
// large values and small filters, the second half of A is taken times a power of two a channel, D, and that of B
// divided by it, which makes the filters of both channels as large: S = A3 + D A4 and S = D A2 - S, B4 / D where S
// meets it, and C3 = Y + A4 (D (B2 - B1) + B3 - B4).
//
// Which pixels are partners depends on the image's size alone: the same bits for every batch, block, thread count and
// instruction set. What an infinity or NaN meets, of input or filters, is NaN, and so may its partners' outputs be.
#ifndef CONVOY_OPS_STRASSEN_CONV_H
#define CONVOY_OPS_STRASSEN_CONV_H

#include <optional>
#include <vector>

#include "base/aligned_buffer.h"
#include "kernels/eltwise/eltwise.h"
#include "ops/convolution.h"
#include "ops/tiling.h"

namespace convoy {

// What is halved, and what is left over.
struct Halves {
  explicit Halves(const Convolution& problem)
      : pixels(static_cast<int>(problem.out.pixels())),
        rows((pixels + 1) / 2),
        in(problem.in.blocks() / 2),
        out(problem.out.blocks() / 2),
        odd_in(problem.in.blocks() % 2 == 0 ? 0 : problem.in.c - 2 * in * kBlock),
        odd_out(problem.out.blocks() % 2 == 0 ? 0 : problem.out.c - 2 * out * kBlock) {}

  int pixels;
  int rows;             // top pixels
  int in, out;          // blocks of channels of a half
  int odd_in, odd_out;  // channels of the odd block, 0: there is none
};

class StrassenConv final : public Step {
 public:
  // A 1x1 kernel without padding and groups over BLOCKED16, two or more pixels and blocks of channels on both sides.
  StrassenConv(const Convolution& problem, const float* weights, const float* bias);
  StrassenConv(const StrassenConv&) = delete;

  void run(const Run& run) const override;
  int64_t scratch_floats() const override { return scratch_planes() * stride_; }
  int64_t parameter_bytes() const override {
    return weights_.bytes() + scales_.bytes() + inverse_scales_.bytes() + bias_.bytes();
  }

 private:
  using Taps = std::vector<gemm::Tap>;

  // Panels of a matrix of filters and the tiles that meet them.
  struct Columns {
    Columns(const Convolution& problem, int rows, int columns, int depth);
    Tiling tiling;
    std::vector<Panel> panels;  // as of a matrix of one row: `bias` counts the columns before
  };

  // A packed matrix of filters with `depth` rows; a panel begins at begin + panel.bias * depth.
  struct Filters {
    const Columns* columns;
    int64_t begin, depth;
  };

  struct Left {
    const float* a;
    const Taps& taps;
  };

  // The top or the bottom of a block of rows.
  struct Side {
    const float *first, *second;  // halves of A
    float* c;                     // the output's first block of channels
    const float* residual;        // or null
    int unwritten;                // 1 if the first row is the top's last
  };

  // What is computed at once, and where that happens.
  struct Block {
    int rows;  // of each side
    Side top, bottom;
    float *s, *y, *w;
    int part, parts;  // of the panels
  };

  bool strided() const { return problem_.window.stride_h != 1 || problem_.window.stride_w != 1; }
  // Floats from a block of input channels to the next, for the tiles.
  int64_t a_plane() const { return strided() ? stride_ : problem_.in.plane(); }
  int s_planes() const { return halves_.in + (halves_.odd_in > 0 ? 1 : 0); }
  int gathered_planes() const { return strided() ? 2 * problem_.in.blocks() : 0; }
  int64_t scratch_planes() const { return s_planes() + 2 * int64_t{halves_.out} + gathered_planes(); }

  void plan_taps();
  void plan_filters();
  void plan_scales(const float* weights);
  void pack_filters(const float* weights);
  template <class Column>
  void pack_panel(const Filters& filters, const Panel& panel, Column&& column);

  Block make_block(const Run& run, int64_t image, int begin, int end, float* scratch) const;
  Side make_side(const Run& run, int64_t image, int first_pixel, int rows, float* gathered) const;
  // Every plane's input at so many output pixels.
  void gather(const float* image, int first_pixel, int rows, float* to) const;
  void compute(const Block& block) const;
  // S = function(a, b, D), whose planes are so many floats apart.
  void combine(eltwise::Function function, const Block& block, const float* a, int64_t a_plane, const float* b,
               int64_t b_plane) const;
  // to = left * filters + addend, which is null or `to`.
  void multiply(const Block& block, const Left& left, const Filters& filters, float* to, const float* addend) const;
  // Part of the output, from a block of channels on: left * filters + addends and whatever belongs to an output.
  void finish(const Block& block, const Side& side, int first_block, const Left& left, const Filters& filters,
              const float* addend, const float* other) const;
  void run_tiles(const Block& block, gemm::Tile tile, const Filters& filters, int rows, int first_block) const;

  const Convolution problem_;
  const Halves halves_;
  const Columns columns_;  // of a half
  const std::optional<Columns> odd_columns_;
  const eltwise::Table& eltwise_;
  int block_rows_ = 1;
  int64_t stride_ = 0;  // from a plane of scratch to the next
  Taps a_taps_, a_and_odd_taps_, s_taps_, s_and_odd_taps_, odd_taps_, all_taps_;
  std::vector<Filters> filters_;
  AlignedBuffer scales_, inverse_scales_;  // D, 1 / D
  AlignedBuffer weights_;
  AlignedBuffer bias_;
  AlignedBuffer zeros_;  // the bias of what is not finished
};

}  // namespace convoy

#endif
