// A convolution by F(mh x mw, rh x rw), the transforms fused with the multiplications block by block:
//
//   for each block of tiles, in parallel:
//     V = the inputs' points                            [point][block of 16 channels][tile][16]
//     for each group of panels of output channels:
//       M = for each point: V[point] * U[point]         [point][block of 16 channels][tile][16]
//       outputs = M transformed back, + bias, + residual, activated
//
// With stride 2 the four phases of the input, every second pixel of every second row, count as channels of their own,
// each with its taps of the filter. A phase with fewer taps than the others has no part in the points at infinity.
//
// U, the filters' points, is packed for the GEMM tile: [group][point][panel][phase][input channel][panel's width].
//
// A PLAIN image is folded piece by piece, as the tiles need it (folding.h).
//
// When a batch has too few blocks for the threads they share one: they first transform it by channels, then take a
// part of the panels each.
//
// An output depends on the point arithmetic of its own tile only, and a tile's place in its image says which that is:
// the same bits for every batch, block, thread count and instruction set. An infinity or NaN of the input reaches every
// output of the tiles that meet it.
#ifndef CONVOY_OPS_WINOGRAD_CONV_H
#define CONVOY_OPS_WINOGRAD_CONV_H

#include <memory>
#include <vector>

#include "kernels/winograd/winograd.h"
#include "ops/convolution.h"
#include "ops/folding.h"
#include "ops/tiling.h"
#include "ops/winograd_tiles.h"

namespace convoy {

class WinogradConv final : public Step {
 public:
  // The kernel must be one for the problem's filter, or a phase of it.
  WinogradConv(const Convolution& problem, const winograd::Kernel& kernel, const float* weights, const float* bias);

  void run(const Run& run) const override;
  int64_t scratch_floats() const override { return v_floats_ + m_floats_ + piece_floats_; }
  int64_t parameter_bytes() const override { return filters_.bytes() + bias_.bytes(); }

 private:
  // Panels that are multiplied before any is transformed back.
  struct Group {
    size_t begin, end;
  };

  // Tiles begin .. end - 1 of the batch's sequence.
  struct Block {
    int64_t begin, end;
  };

  // Every stride-th row and column of the input, and of the filter from (y, x) on.
  struct Phase {
    int y, x;
  };

  // Of a point's sums: taps begin .. end - 1, whose terms begin at `first`. Channels whose filters have a 0 at infinity
  // are left out as far as they lie at the ends.
  struct Terms {
    int64_t begin, end, first;
  };

  void plan();
  void plan_phases();
  void plan_terms();
  void pack_parameters(const float* weights, const float* bias);
  int64_t panel_blocks(size_t begin, size_t end) const;
  // Floats from a point of M to the next.
  int64_t m_point(size_t panel_begin, size_t panel_end) const;
  const float* filters(const Group& group, size_t panel, int point) const;

  // The input's blocks of channels once for each phase.
  int planes() const { return static_cast<int>(phases_.size()) * problem_.in.blocks(); }
  // Terms of a point's sums.
  int64_t depth() const { return static_cast<int64_t>(phases_.size()) * problem_.in.c; }

  // piece: piece_floats_ of the thread
  void transform_in(const Run& run, const Block& block, int channel_begin, int channel_end, float* v,
                    float* piece) const;
  void transform_folded(const Run& run, const Block& block, int channel_begin, int channel_end, float* v,
                        float* piece) const;
  void multiply(const Run& run, const Block& block, const Group& group, size_t panel_begin, size_t panel_end,
                const float* v, float* m) const;
  void transform_out(const Run& run, const Block& block, size_t panel_begin, size_t panel_end, const float* m) const;
  void run_together(const Run& run, const Block& block) const;

  const std::unique_ptr<Folding> folding_;  // of a PLAIN input, otherwise null
  const Convolution problem_;               // the folded one
  const winograd::Kernel kernel_;
  const WinogradTiles tiles_;
  const int points_;  // of a tile
  std::vector<Phase> phases_;
  int64_t block_tiles_ = 1;
  int64_t least_tiles_ = 1;  // of a thread, if it is not to share a block with the others
  int64_t tile_stride_ = 1;  // tiles of a channel block of V and M
  int64_t v_point_ = 0;      // floats from a point of V to the next
  int64_t v_floats_ = 0, m_floats_ = 0;
  int64_t piece_floats_ = 0;  // of a folded image, for one row of tiles
  bool far_ = false;          // V and M do not stay in the level-2 cache
  bool ahead_ = false;        // the filters do not stay in the level-2 cache: ask for them in advance
  Tiling tiling_;
  std::vector<Panel> panels_;
  std::vector<Group> groups_;
  std::vector<gemm::Tap> taps_;
  std::vector<Terms> terms_;  // of each point
  AlignedBuffer filters_;
  AlignedBuffer bias_;
  AlignedBuffer zeros_;  // the tile's own bias
};

}  // namespace convoy

#endif
