#include "ops/concat.h"

#include <algorithm>
#include <cstring>

#include "kernels/concat/concat.h"
#include "ops/pieces.h"

namespace convoy {
namespace {

class Concat final : public Step {
 public:
  Concat(Isa isa, const std::vector<Value>& in, const Value& out)
      : in_(in), out_(out), blocks_(out.blocks()), kernel_(concat::table(isa).shuffle) {
    int begin = 0;
    bool aligned = true;
    for (size_t input = 0; input < in.size(); ++input) {
      for (int block = 0; block < in[input].blocks(); ++block) {
        add(static_cast<int>(input), block, begin + block * kBlock, lanes_of(in[input], block));
      }
      aligned = aligned && begin % kBlock == 0;
      begin += in[input].c;
    }
    algorithm = aligned ? "block-copy" : std::string("shuffle-copy ") + isa_name(static_cast<int32_t>(isa));
  }

  void run(const Run& run) const override {
    const int64_t pixels = out_.pixels(), blocks = out_.blocks();
    for_pieces(run, run.batch * blocks, pixels, 1, [&](int64_t plane, int64_t begin, int64_t end, int) {
      const int64_t image = plane / blocks;
      const std::vector<Source>& sources = blocks_[plane % blocks];
      auto block_of = [&](const Source& source) {
        return run.image(in_[source.input], image) + (source.block * pixels + begin) * kBlock;
      };
      float* to = run.image(out_, 0) + (plane * pixels + begin) * kBlock;
      if (sources.size() == 1 && sources[0].shift == 0) {
        // lanes beyond the last channel are zero on both sides
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

  // The first `lanes` lanes of an input block, which begin at channel `channel` of the output.
  void add(int input, int block, int channel, int lanes) {
    for (int to = channel / kBlock; to * kBlock < channel + lanes; ++to) {
      int shift = channel - to * kBlock;
      blocks_[to].push_back({input, block, shift, std::max(0, shift), std::min(kBlock, shift + lanes)});
    }
  }

  std::vector<Value> in_;
  Value out_;
  std::vector<std::vector<Source>> blocks_;
  concat::Function kernel_;
};

}  // namespace

std::unique_ptr<Step> make_concat(Isa isa, const std::vector<Value>& in, const Value& out) {
  return std::make_unique<Concat>(isa, in, out);
}

}  // namespace convoy
