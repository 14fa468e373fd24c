// An accelerator that does what tests want: the channels of a layer say what.
#ifndef CONVOY_TEST_FAKE_PLUGIN_H
#define CONVOY_TEST_FAKE_PLUGIN_H

namespace convoy::test {

// It takes CONVOY_LAYER_ACTIVATE of these, adds 1 to every number, and fails where a task's first number is not one.
enum FakeChannels : int {
  kFakeWorks = 16,  // in kFakeSlices tasks an image
  kFakeWithoutState = 1,
  kFakeWithoutImages = 2,
  kFakeWithoutSlices = 3,
  kFakeNegativeScratch = 4,
  kFakeHugeScratch = 5,
  kFakeNegativeParameters = 6,
  kFakeRefusesParameters = 7,
  kFakeEndlessName = 8,
};

constexpr int kFakeSlices = 4;

// Exported: layers described, and states destroyed.
struct FakeCounts {
  int described, destroyed;
};

// What the environment variable FAKE_PLUGIN makes of the table.
constexpr const char* kFakeMissing[] = {"no describe", "no pack", "no run", "no destroy"};
constexpr const char* kFakeOld = "old";

}  // namespace convoy::test

#endif
