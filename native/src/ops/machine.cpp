#include "ops/machine.h"

namespace convoy {
namespace {

// Zen 4 and whatever multiplies eight floats twice a cycle: measured on an Intel Xeon (Granite Rapids) and an EPYC
// (Zen 4), 2026-11, one thread, hot, with
//   convoy_algorithms_bench bench/shapes/vgg16.txt bench/shapes/resnet50.txt
// A byte of filters is between what the Xeon showed (6, 13) and the EPYC (4, 5). Strassen's: near what an EPYC (Zen 4)
// showed inside of resnet50, densenet121 and efficientnet_b0, 27 November 2026, convoy bench MODEL --layers.
constexpr Machine kOnce = {false, 670, 500, 0, 4, 5, 6, 16 << 20, 2, 0, 5, 4.5, 1, 0.9, 1};

// Two multiply-adds of sixteen floats a cycle: searched on a grid for the fewest wrong choices, weighed by what they
// cost, among the times that algorithms took inside of networks, where filters come from the shared cache: so no figure
// is a measurement of its own. 129 layers, counting both batches, of resnet18, resnet50, googlenet, inception_v3,
// densenet121, vgg16 and alexnet; an Intel Xeon (Emerald Rapids, 2 MiB of level-2 cache), 27 November 2026, with what
//   convoy plan MODEL --tune --backend native --threads 1 --batch 1|8
// measures when Winograd refuses nothing for its cost. Hot, filters cost little and Winograd wins where it loses there.
// Blocks were varied there too, one tuning each: 128 x 28 x 28 took 0.65 ms with few_filters of 2 and 0.44 with 1;
// 1 x 7 of 192 x 17 x 17 took 0.52 with few_tiles of 56 and 0.38 with 112; but 64 -> 192 x 56 x 56 took 1.24 with
// few_filters of 2 and 1.43 with a half. Strassen's are not measured: kOnce's for twice the speed of multiplying, and a
// little more for reading filters.
constexpr Machine kTwice = {true, 550, 300, 12'000, 3, 7, 8, 2 << 20, 1, 112, 10, 9, 3, 0.93, 0.4};

}  // namespace

bool splits_wide_vectors() { return detected_isa() == Isa::avx512 && __builtin_cpu_is("amdfam19h"); }

const Machine& machine(bool twice) { return twice ? kTwice : kOnce; }

const Machine& machine(Isa isa) {
  static const bool whole = !splits_wide_vectors();
  return machine(isa == Isa::avx512 && whole);
}

}  // namespace convoy
