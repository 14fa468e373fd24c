// The loops around the GEMM tile that all dense convolutions share; an algorithm says how its left operand comes about.
//
// k is cut into slabs, one per block of sixteen input channels, each KH * KW * (its channels) long. The pixels of an
// image are cut into blocks of rows, or several whole images make one block:
//
//   for each block of pixels (and part of the panels), in parallel:
//     for each chunk of slabs:             the sums wait in C
//       pack the chunk for the block       a few hundred KiB: the level-2 cache
//       for each panel of output channels:
//         for each strip of pixels: one tile
#ifndef CONVOY_OPS_TAP_CONV_H
#define CONVOY_OPS_TAP_CONV_H

#include <vector>

#include "ops/convolution.h"
#include "ops/tiling.h"

namespace convoy {

class TapConv : public BandStep {
 public:
  void run(const Run& whole) const final;
  Rows needs(Rows out) const final { return problem_.needs(out); }
  void run_rows(const Run& run, int64_t image, Rows out) const final;
  int64_t scratch_floats() const final;
  int64_t parameter_bytes() const final { return weights_.bytes() + bias_.bytes(); }

 protected:
  // rows of row_pixels pixels each make an image of the output; tiles run across tile_pixels of them.
  TapConv(const char* name, const Convolution& problem, int rows, int row_pixels, int64_t tile_pixels);

  // To be called by the constructor of an algorithm: plans the blocks and packs the parameters.
  void prepare(const float* weights, const float* bias);

  // Channels of slab i.
  int slab_channels(int slab) const;
  // Floats of one slab's left operand for a block of at most `rows` rows.
  virtual int64_t slab_floats(int rows) const = 0;
  // Appends the slab's taps, in the order (kernel row, kernel column, channel), relative to where it begins.
  virtual void slab_taps(int slab, int block_rows, std::vector<gemm::Tap>& taps) const = 0;
  // Writes it for rows begin .. end - 1.
  virtual void pack(const float* image, int group, int slab, int begin, int end, float* to) const = 0;
  // The input already is the left operand: nothing is packed, its planes are the slabs.
  virtual bool in_place() const { return false; }

  // Floats from a pixel to the next in the packed left operand: 16, or 1 where taps are single floats.
  virtual int64_t pixel_stride() const { return kBlock; }
  // From a pixel to the one a row below it. More than a row's pixels: tiles end with rows.
  virtual int64_t row_stride() const { return int64_t{row_pixels_} * kBlock; }

  int block_rows() const { return block_rows_; }

  const Convolution problem_;

 private:
  struct Split;
  Split split(const Run& run) const;
  void plan();
  // From a slab to the next in the left operand.
  int64_t slab_stride() const { return in_place() ? problem_.in.plane() : slab_floats(block_rows_); }
  // Terms of the sum in a chunk.
  int64_t depth(int chunk) const;
  void pack_parameters(const float* weights, const float* bias);
  void pack_panel(const Panel& panel, const float* weights, const float* bias);
  void multiply(const Run& run, int64_t image_begin, int64_t image_end, int row_begin, int row_end, size_t panel_begin,
                size_t panel_end, int slot) const;

  const int rows_;
  const int row_pixels_;
  const int slabs_;
  const int64_t slab_k_;  // of a whole slab
  const int64_t k_;
  int chunk_slabs_ = 1;
  int block_rows_ = 1;
  int block_images_ = 1;
  Tiling tiling_;
  std::vector<Panel> panels_;
  std::vector<size_t> group_panels_;  // where the panels of each group begin, and the end
  std::vector<gemm::Tap> taps_;
  std::vector<size_t> chunk_taps_;  // where the taps of each chunk begin, and the end
  AlignedBuffer weights_;
  AlignedBuffer bias_;
};

}  // namespace convoy

#endif
