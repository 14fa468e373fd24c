#include "program/program.h"

#include <algorithm>
#include <cstdlib>

#include "base/status.h"
#include "program/bands.h"

namespace convoy {
namespace {

// Far beyond any memory, far below any overflow of the arithmetic on it.
constexpr int64_t kMaxFloats = int64_t{1} << 44;

}  // namespace

Program::Program(Isa isa, convoy_mode mode, int max_batch, int threads, int64_t arena_floats)
    : isa_(isa), mode_(mode), max_batch_(max_batch), threads_(threads), arena_floats_(arena_floats) {
  require(mode >= CONVOY_FAST && mode <= CONVOY_COMPACT, "there is no mode number %d", static_cast<int>(mode));
  require(max_batch >= 1, "max_batch must be at least 1, not %d", max_batch);
  require(threads >= 0 && threads <= kMaxThreads, "threads must be 0 (all) to %d, not %d", kMaxThreads, threads);
  require(arena_floats >= 0 && arena_floats <= kMaxFloats, "arena_floats must be 0 to 2^44, not %lld",
          static_cast<long long>(arena_floats));
  segments_.push_back({0, max_batch, 0});
}

int Program::begin_segment(int images, int64_t local_floats) {
  require(!sealed_, "the program is sealed");
  require_no_bands();
  require(images >= 1 && images <= max_batch_, "a segment takes 1 to %d images at a time, not %d", max_batch_, images);
  require(local_floats >= 0 && local_floats <= kMaxFloats, "local_floats must be 0 to 2^44, not %lld",
          static_cast<long long>(local_floats));
  segments_.push_back({static_cast<int>(steps_.size()), images, local_floats});
  return static_cast<int>(segments_.size()) - 1;
}

int Program::add_value(int32_t layout, int c, int h, int w, int64_t offset) {
  return add_value_in(kArena, layout, c, h, w, offset);
}

int Program::add_local_value(int32_t layout, int c, int h, int w, int64_t offset) {
  return add_value_in(static_cast<int>(segments_.size()) - 1, layout, c, h, w, offset);
}

int Program::add_rolling_value(int c, int h, int w, int held) {
  require(held >= 1 && held <= h, "a rolling value of %d rows holds 1 to as many of them, not %d", h, held);
  int64_t offset = 0;  // behind the one that it is computed from
  if (!passed_.empty() && values_[passed_.back()].rolling()) {
    const Value& before = values_[passed_.back()];
    offset = before.offset + before.image_floats + kBlock;
  }
  const int id = add_value_in(kRolling, CONVOY_BLOCKED16, c, h, w, offset);
  Value& value = values_[id];
  value.held = held;
  value.image_floats = value.floats();
  rolling_floats_ = std::max(rolling_floats_, offset + value.image_floats);
  return id;
}

int Program::add_value_in(int segment, int32_t layout, int c, int h, int w, int64_t offset) {
  const int images = images_in(segment);
  const int64_t floats = memory_floats(segment);
  require(!sealed_, "the program is sealed");
  require(layout == CONVOY_PLAIN || layout == CONVOY_BLOCKED16, "there is no layout number %d", layout);
  require(c >= 1 && h >= 1 && w >= 1, "a value of %d x %d x %d has no elements", c, h, w);
  int64_t channels = layout == CONVOY_PLAIN ? c : ceil_div(c, kBlock) * kBlock;
  int64_t image = 0, all = 0, end = 0;
  bool fits = !__builtin_mul_overflow(channels, int64_t{h}, &image) &&
              !__builtin_mul_overflow(image, int64_t{w}, &image) &&
              !__builtin_mul_overflow(image, int64_t{images}, &all) && !__builtin_add_overflow(all, offset, &end);
  require(offset >= 0 && offset % kBlock == 0, "a value's offset must be a multiple of %d and not negative, not %lld",
          kBlock, static_cast<long long>(offset));
  require(fits && end <= floats, "value %d of %d x %d x %d at offset %lld: %d images end beyond the %s of %lld floats",
          static_cast<int>(values_.size()), c, h, w, static_cast<long long>(offset), images,
          segment == kArena ? "arena" : "segment's memory", static_cast<long long>(floats));
  values_.push_back({layout, c, h, w, offset, image, segment});
  return static_cast<int>(values_.size()) - 1;
}

int Program::images_in(int segment) const {
  return segment == kRolling ? 1 : segment == kArena ? max_batch_ : segments_[segment].images;
}

int64_t Program::memory_floats(int segment) const {
  return segment == kRolling ? kMaxFloats : segment == kArena ? arena_floats_ : segments_[segment].local_floats;
}

void Program::set_image_stride(int id, int64_t floats) {
  require(!sealed_, "the program is sealed");
  require(id >= 0 && id == static_cast<int>(values_.size()) - 1, "value %d is not the one declared last", id);
  require(id >= values_of_steps_, "value %d is not the one declared last: a step was added behind it", id);
  Value& value = values_[id];
  require(!value.rolling(), "value %d is rolling: its rows lie where its thread holds them", id);
  const int64_t own = value.floats(), images = images_in(value.segment);
  require(floats >= own && floats % kBlock == 0,
          "images of %lld floats cannot lie %lld floats apart: at least as many, a multiple of %d",
          static_cast<long long>(own), static_cast<long long>(floats), kBlock);
  const int64_t room = memory_floats(value.segment) - value.offset - own;  // behind the first image
  require(images == 1 || floats <= room / (images - 1),
          "value %d: %lld images that lie %lld floats apart end beyond the memory", id, static_cast<long long>(images),
          static_cast<long long>(floats));
  value.image_floats = floats;
}

float* Program::staging(int64_t floats) {
  require(!sealed_, "the program is sealed");
  require(floats >= 1 && floats <= kMaxFloats, "room for parameters must be 1 to 2^44 floats, not %lld",
          static_cast<long long>(floats));
  if (staging_.size() < floats) {
    staging_ = AlignedBuffer();  // never both at once
    staging_ = AlignedBuffer(floats);
  }
  return staging_.data();
}

int Program::add_step(std::unique_ptr<Step> step) {
  require(!sealed_, "the program is sealed");
  require_no_bands();
  return append(std::move(step));
}

int Program::append(std::unique_ptr<Step> step) {
  const bool chosen = !step->candidates.empty();
  require(chosen || preference_.required.empty(), "there is no choice of algorithms for this step, %s was asked for",
          preference_.required.c_str());
  steps_.push_back(std::move(step));
  preference_.required.clear();
  values_of_steps_ = static_cast<int>(values_.size());
  return static_cast<int>(steps_.size()) - 1;
}

int Program::add_step(std::unique_ptr<Step> step, int in, int out) {
  require(!sealed_, "the program is sealed");
  const bool last = !values_[out].rolling();
  if (passed_.empty() && last) {
    return add_step(std::move(step));
  }
  require(dynamic_cast<const BandStep*>(step.get()) != nullptr, "this step cannot compute its output band by band");
  require(passed_.size() <= kMostBandSteps, "at most %d steps hand rolling values to each other", kMostBandSteps);
  const int id = static_cast<int>(steps_.size());
  if (last) {
    // early rows of the output are written before late rows of the input are read
    require_apart(values_[passed_.front()], values_[out], "the input of the first step in bands");
    bands_.push_back(make_bands(static_cast<const BandStep&>(*step), id, values_[out].h));
    passed_.clear();
  } else {
    if (passed_.empty()) {
      passed_.push_back(in);
    }
    passed_.push_back(out);
  }
  return append(std::move(step));
}

// The steps whose values are in passed_, then `last`, which will be step `id`.
Bands Program::make_bands(const BandStep& last, int id, int height) const {
  Bands bands{id + 1 - static_cast<int>(passed_.size()), id + 1, 0, height};
  while (bands.rows < height && fits(bands, bands.rows + 1, last)) {
    ++bands.rows;
  }
  require(bands.rows > 0, "value %d is rolling and holds too few rows to compute a single one of the output",
          passed_.back());
  return bands;
}

// Whether the rolling values hold what any so many rows of the last step's output are computed from.
bool Program::fits(const Bands& bands, int rows, const BandStep& last) const {
  for (int begin = 0; begin + rows <= bands.height; ++begin) {
    Rows needed = last.needs({begin, begin + rows});
    for (int step = bands.end - 2;; --step) {
      if (needed.count() > values_[passed_[step - bands.begin + 1]].held) {
        return false;
      }
      if (step == bands.begin) {
        break;
      }
      needed = static_cast<const BandStep&>(*steps_[step]).needs(needed);
    }
  }
  return true;
}

void Program::require_no_bands() const {
  if (!passed_.empty()) {
    fail(CONVOY_INVALID, "value %d is rolling: the next step must be a convolution of it", passed_.back());
  }
}

void Program::seal() {
  require(!sealed_, "the program is sealed already");
  require_no_bands();
  sealed_ = true;
  staging_ = AlignedBuffer();
}

const Value& Program::any_value(int id, const char* name) const {
  require(id >= 0 && id < static_cast<int>(values_.size()), "%s is value %d; there are %d values", name, id,
          static_cast<int>(values_.size()));
  return values_[id];
}

const Value& Program::value(int id, const char* name) const {
  const Value& value = any_value(id, name);
  require(!value.rolling(), "%s is value %d, which is rolling: only the next convolution reads it", name, id);
  require(value.segment == kArena || value.segment + 1 == static_cast<int>(segments_.size()),
          "%s is value %d, which belongs to segment %d alone", name, id, value.segment);
  return value;
}

const Value& Program::band_input(int id, const char* name) const {
  if (passed_.empty()) {
    return value(id, name);
  }
  require(id == passed_.back(), "%s must be value %d, which is rolling, not %d", name, passed_.back(), id);
  return values_[id];
}

const Value& Program::band_output(int id, const char* name) const {
  const bool rolling = any_value(id, name).rolling();
  require(!rolling || id + 1 == static_cast<int>(values_.size()),
          "%s is value %d: a rolling value is declared right before its step", name, id);
  return rolling ? values_[id] : value(id, name);
}

const Step& Program::step(int id) const {
  require(id >= 0 && id < static_cast<int>(steps_.size()), "there is no step %d; there are %d", id,
          static_cast<int>(steps_.size()));
  return *steps_[id];
}

bool Program::overlap(const Value& a, const Value& b) const {
  if (a.segment != b.segment) {
    return false;
  }
  const int64_t images = images_in(a.segment), apart = b.offset - a.offset;
  if (a.image_floats != b.image_floats) {
    return apart < (images - 1) * a.image_floats + a.floats() && -apart < (images - 1) * b.image_floats + b.floats();
  }
  // image 0 of b, seen from the image of a before it and from the one behind
  const int64_t before = std::clamp(apart / a.image_floats, 1 - images, images - 1);
  for (int64_t image : {before - 1, before, before + 1}) {
    const int64_t distance = apart - image * a.image_floats;
    if (std::abs(image) < images && distance < a.floats() && -distance < b.floats()) {
      return true;
    }
  }
  return false;
}

void Program::require_apart(const Value& in, const Value& out, const char* what) const {
  require(!overlap(in, out), "%s and the output share memory: offsets %lld and %lld", what,
          static_cast<long long>(in.offset), static_cast<long long>(out.offset));
}

}  // namespace convoy
