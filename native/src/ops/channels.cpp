#include "ops/channels.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "kernels/channels/channels.h"
#include "ops/pieces.h"

namespace convoy {
namespace {

struct Channel {
  int input, channel;
};

class GatherChannels final : public Step {
 public:
  // channels: where each channel of out comes from.
  GatherChannels(Isa isa, const std::vector<Value>& in, const Value& out, const std::vector<Channel>& channels)
      : in_(in), out_(out), blocks_(out.blocks()), kernel_(channels::table(isa).shuffle) {
    for (int c = 0; c < out.c; ++c) {
      add(channels[c], c);
    }
    bool copies = true;
    for (int block = 0; block < out.blocks(); ++block) {
      blocks_[block].whole = is_whole_block(block);
      if (!is_in_place(block)) {
        moved_.push_back(block);
        copies = copies && blocks_[block].whole;
      }
    }
    algorithm = moved_.empty() ? "in place"
                : copies       ? "block-copy"
                               : std::string("shuffle-copy ") + isa_name(static_cast<int32_t>(isa));
    const int in_place = out.blocks() - static_cast<int>(moved_.size());
    if (!moved_.empty() && in_place > 0) {
      algorithm += ", " + std::to_string(in_place) + " of " + std::to_string(out.blocks()) + " blocks in place";
    }
  }

  void run(const Run& run) const override {
    const int64_t pixels = out_.pixels(), blocks = static_cast<int64_t>(moved_.size());
    if (moved_.empty()) {
      return;
    }
    for_pieces(run, run.batch * blocks, pixels, 1, [&](int64_t plane, int64_t begin, int64_t end, int) {
      const int64_t image = plane / blocks;
      const int block = moved_[plane % blocks];
      const std::vector<Source>& sources = blocks_[block].sources;
      const float* from[channels::kMaxPieces];
      int count = 0;
      for (const Source& source : sources) {
        from[count++] = run.image(in_[source.input], image) + (source.block * pixels + begin) * kBlock;
      }
      float* to = run.image(out_, image) + (block * pixels + begin) * kBlock;
      if (blocks_[block].whole) {
        std::memcpy(to, from[0], (end - begin) * kBlock * sizeof(float));
        return;
      }
      kernel_({from, blocks_[block].pieces.data(), count, to, end - begin});
    });
  }

 private:
  struct Source {
    int input, block;
  };
  // Where the lanes of an output block come from: of each source the piece that says which.
  struct Block {
    std::vector<Source> sources;
    std::vector<channels::Piece> pieces;
    bool whole = false;  // an input's block as it is
  };

  void add(Channel from, int channel) {
    Block& block = blocks_[channel / kBlock];
    size_t i = 0;
    while (i < block.sources.size() &&
           (block.sources[i].input != from.input || block.sources[i].block != from.channel / kBlock)) {
      ++i;
    }
    if (i == block.sources.size()) {
      block.sources.push_back({from.input, from.channel / kBlock});
      block.pieces.push_back({});
    }
    block.pieces[i].lanes[channel % kBlock] = from.channel % kBlock;
    block.pieces[i].keep[channel % kBlock] = -1;
  }

  // Lanes beyond the last channel are zero on both sides.
  bool is_whole_block(int number) const {
    const Block& block = blocks_[number];
    const Source& first = block.sources.front();
    const int lanes = lanes_of(out_, number);
    bool whole = block.sources.size() == 1 && lanes == lanes_of(in_[first.input], first.block);
    for (int lane = 0; lane < lanes; ++lane) {
      whole = whole && block.pieces[0].lanes[lane] == lane;
    }
    return whole;
  }

  bool is_in_place(int number) const {
    const Source& first = blocks_[number].sources.front();
    return blocks_[number].whole && first.block <= number && out_.holds(in_[first.input], number - first.block);
  }

  std::vector<Value> in_;
  Value out_;
  std::vector<Block> blocks_;  // of out
  std::vector<int> moved_;     // those that do not lie there already
  channels::Function kernel_;
};

}  // namespace

std::unique_ptr<Step> make_concat(Isa isa, const std::vector<Value>& in, const Value& out) {
  std::vector<Channel> channels;
  for (size_t input = 0; input < in.size(); ++input) {
    for (int c = 0; c < in[input].c; ++c) {
      channels.push_back({static_cast<int>(input), c});
    }
  }
  return std::make_unique<GatherChannels>(isa, in, out, channels);
}

std::unique_ptr<Step> make_select_channels(Isa isa, const Value& in, const Value& out, const int32_t* channels) {
  std::vector<Channel> sources;
  for (int c = 0; c < out.c; ++c) {
    sources.push_back({0, channels[c]});
  }
  return std::make_unique<GatherChannels>(isa, std::vector<Value>{in}, out, sources);
}

}  // namespace convoy
