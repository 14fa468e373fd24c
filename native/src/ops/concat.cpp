#include "ops/concat.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "kernels/concat/concat.h"
#include "ops/pieces.h"

namespace convoy {
namespace {

struct Channel {
  int input, channel;
};

class Gather final : public Step {
 public:
  // channels: where each channel of out comes from.
  Gather(Isa isa, const std::vector<Value>& in, const Value& out, const std::vector<Channel>& channels)
      : in_(in), out_(out), blocks_(out.blocks()), kernel_(concat::table(isa).shuffle) {
    for (int c = 0; c < out.c; ++c) {
      add(channels[c], c);
    }
    bool copies = true;
    for (int block = 0; block < out.blocks(); ++block) {
      if (!is_in_place(block)) {
        moved_.push_back(block);
        copies = copies && is_whole_block(blocks_[block]);
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
      const std::vector<Source>& sources = blocks_[block];
      auto block_of = [&](const Source& source) {
        return run.image(in_[source.input], image) + (source.block * pixels + begin) * kBlock;
      };
      float* to = run.image(out_, image) + (block * pixels + begin) * kBlock;
      if (is_whole_block(sources)) {
        std::memcpy(to, block_of(sources[0]), (end - begin) * kBlock * sizeof(float));
        return;
      }
      concat::Piece pieces[concat::kMaxPieces];
      int count = 0;
      for (const Source& source : sources) {
        pieces[count++] = {block_of(source), source.shift, source.from, source.end};
      }
      kernel_({pieces, count, to, end - begin});
    });
  }

 private:
  // Lanes from .. end - 1 of an output block.
  struct Source {
    int input, block;
    int32_t shift, from, end;
  };

  // Lane `channel` % 16 of an output block: the next one of the source before, or a source of its own.
  void add(Channel from, int channel) {
    const int32_t lane = channel % kBlock;
    const Source next{from.input, from.channel / kBlock, lane - from.channel % kBlock, lane, lane + 1};
    std::vector<Source>& sources = blocks_[channel / kBlock];
    if (!sources.empty() && sources.back().input == next.input && sources.back().block == next.block &&
        sources.back().shift == next.shift) {
      sources.back().end = next.end;
    } else {
      sources.push_back(next);
    }
  }

  // Whether the block is an input's block as it is; lanes beyond its last channel are zero on both sides.
  bool is_whole_block(const std::vector<Source>& sources) const {
    const Source& first = sources.front();
    return sources.size() == 1 && first.shift == 0 && first.from == 0 &&
           first.end == lanes_of(in_[first.input], first.block);
  }

  bool is_in_place(int block) const {
    const Source& first = blocks_[block].front();
    return is_whole_block(blocks_[block]) && first.block <= block && out_.holds(in_[first.input], block - first.block);
  }

  std::vector<Value> in_;
  Value out_;
  std::vector<std::vector<Source>> blocks_;  // where each block of out comes from
  std::vector<int> moved_;                   // those that do not lie there already
  concat::Function kernel_;
};

}  // namespace

std::unique_ptr<Step> make_concat(Isa isa, const std::vector<Value>& in, const Value& out) {
  std::vector<Channel> channels;
  for (size_t input = 0; input < in.size(); ++input) {
    for (int c = 0; c < in[input].c; ++c) {
      channels.push_back({static_cast<int>(input), c});
    }
  }
  return std::make_unique<Gather>(isa, in, out, channels);
}

std::unique_ptr<Step> make_select_channels(Isa isa, const Value& in, const Value& out, const int32_t* channels) {
  std::vector<Channel> sources;
  for (int c = 0; c < out.c; ++c) {
    sources.push_back({0, channels[c]});
  }
  return std::make_unique<Gather>(isa, std::vector<Value>{in}, out, sources);
}

}  // namespace convoy
