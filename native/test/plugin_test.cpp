// Accelerators that break their contract, or fail, are an error: never a crash, never wrong numbers.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "convoy/convoy.h"
#include "fake_plugin.h"

namespace convoy::test {
namespace {

using ProgramHandle = std::unique_ptr<convoy_program, void (*)(convoy_program*)>;
using ExecutionHandle = std::unique_ptr<convoy_execution, void (*)(convoy_execution*)>;

const std::string kPlugin = CONVOY_FAKE_PLUGIN;

const FakeCounts& counts() {
  void* plugin = dlopen(kPlugin.c_str(), RTLD_NOW | RTLD_NOLOAD);
  return *static_cast<const FakeCounts*>(dlsym(plugin, "fake_counts"));
}

std::string error_of(int32_t status, int32_t expected) {
  EXPECT_EQ(status, expected);
  return status == CONVOY_OK ? "" : convoy_last_error();
}

class Plugin : public testing::Test {
 protected:
  static constexpr int kBatch = 3, kSide = 4;
  ProgramHandle program{convoy_program_create(convoy_isa_detected(), CONVOY_FAST, kBatch, 0, 1 << 14),
                        convoy_program_destroy};
  int in = 0, out = 0;

  void SetUp() override {
    convoy_pool_start(3);
    ASSERT_EQ(convoy_accelerator_load("fake", kPlugin.c_str()), CONVOY_OK) << convoy_last_error();
    ASSERT_EQ(convoy_program_prefer(program.get(), "fake"), CONVOY_OK);
  }

  int32_t activate(int channels) {
    in = convoy_program_value(program.get(), CONVOY_BLOCKED16, channels, kSide, kSide, 0);
    out = convoy_program_value(program.get(), CONVOY_BLOCKED16, channels, kSide, kSide, 4096);
    return convoy_program_activate(program.get(), in, out, CONVOY_RELU, 0);
  }
};

TEST_F(Plugin, ATaskThatFailsFailsTheRun) {
  ASSERT_EQ(activate(kFakeWorks), 0) << convoy_last_error();
  ASSERT_EQ(convoy_program_seal(program.get()), CONVOY_OK);
  ExecutionHandle execution(convoy_execution_create(program.get()), convoy_execution_destroy);
  float* const from = convoy_execution_value(execution.get(), in);
  float* const to = convoy_execution_value(execution.get(), out);
  constexpr int kImage = kSide * kSide * kFakeWorks;
  ASSERT_EQ(convoy_execution_run(execution.get(), kBatch), CONVOY_OK);
  EXPECT_EQ(to[kBatch * kImage - 1], 1);
  for (int image = 0; image < kBatch; ++image) {
    for (int slice = 0; slice < kFakeSlices; ++slice) {
      float& number = from[image * kImage + kImage * slice / kFakeSlices];
      number = NAN;
      const std::string error = error_of(convoy_execution_run(execution.get(), kBatch), CONVOY_OUT_OF_MEMORY);
      EXPECT_NE(error.find("a layer failed while it ran (fake )"), std::string::npos) << error;
      double seconds = 0;
      EXPECT_EQ(convoy_execution_profile(execution.get(), kBatch, &seconds, 1), CONVOY_OUT_OF_MEMORY);
      number = 0;
      EXPECT_EQ(convoy_execution_run(execution.get(), kBatch), CONVOY_OK) << "the next run starts anew";
    }
  }
}

TEST_F(Plugin, AKernelOfNonsenseIsRefused) {
  for (int channels : {kFakeWithoutImages, kFakeWithoutSlices, kFakeNegativeScratch, kFakeHugeScratch,
                       kFakeNegativeParameters, kFakeWithoutState}) {
    const std::string error = error_of(activate(channels), CONVOY_UNSUPPORTED);
    EXPECT_NE(error.find("its plug-in is broken: "), std::string::npos) << channels << ": " << error;
  }
  EXPECT_EQ(error_of(activate(kFakeRefusesParameters), CONVOY_UNSUPPORTED), "fake: not these");
  ASSERT_EQ(activate(kFakeEndlessName), 0) << convoy_last_error();
  EXPECT_EQ(convoy_program_algorithm(program.get(), 0), "fake " + std::string(63, 'x'));
  EXPECT_EQ(convoy_accelerator_description("fake"), std::string(159, 'x'));
}

TEST_F(Plugin, ALayerIsDescribedOnceAndDestroyedOnce) {
  const FakeCounts before = counts();
  ASSERT_EQ(activate(kFakeWorks), 0);
  EXPECT_EQ(counts().described, before.described + 1);
  EXPECT_EQ(counts().destroyed, before.destroyed);
  ASSERT_EQ(convoy_program_prefer(program.get(), "native,fake"), CONVOY_OK);
  ASSERT_EQ(activate(kFakeWorks), 1);
  EXPECT_EQ(counts().described, before.described + 1) << "ours came first";
  EXPECT_EQ(activate(kFakeWithoutImages), 2);
  program.reset();
  EXPECT_EQ(counts().destroyed, before.destroyed + 1);
}

TEST(PluginLoading, RefusesWhatIsNoAccelerator) {
  EXPECT_NE(error_of(convoy_accelerator_load("none", "A=1"), CONVOY_INVALID).find("there is no library for"),
            std::string::npos);
  EXPECT_NE(error_of(convoy_accelerator_load("none", ""), CONVOY_INVALID).find("is empty"), std::string::npos);
  EXPECT_NE(error_of(convoy_accelerator_load("none", "/no/such.so"), CONVOY_UNSUPPORTED).find("/no/such.so"),
            std::string::npos);
  EXPECT_NE(error_of(convoy_accelerator_load("none", "libm.so.6"), CONVOY_UNSUPPORTED).find("convoy_plugin_init"),
            std::string::npos);
  EXPECT_NE(error_of(convoy_accelerator_load("none", "=1"), CONVOY_INVALID).find("no name"), std::string::npos);
  for (const char* how : kFakeMissing) {
    const std::string entries = std::string("FAKE_PLUGIN=") + how + "\n" + kPlugin;
    EXPECT_EQ(error_of(convoy_accelerator_load("none", entries.c_str()), CONVOY_UNSUPPORTED),
              "its plug-in is broken: a function is missing in the table");
  }
  const std::string old = std::string("FAKE_PLUGIN=") + kFakeOld + "\n" + kPlugin;
  EXPECT_NE(error_of(convoy_accelerator_load("none", old.c_str()), CONVOY_UNSUPPORTED).find("interface version"),
            std::string::npos);
  EXPECT_EQ(convoy_accelerator_description("none"), nullptr);
}

TEST(PluginLoading, LeavesTheEnvironmentAsItWas) {
  const std::string entries = "FAKE_PLUGIN=first\nFAKE_PLUGIN=refused\n" + kPlugin;
  unsetenv("FAKE_PLUGIN");
  EXPECT_EQ(error_of(convoy_accelerator_load("none", entries.c_str()), CONVOY_UNSUPPORTED), "not on this machine");
  EXPECT_EQ(std::getenv("FAKE_PLUGIN"), nullptr);
  setenv("FAKE_PLUGIN", "mine", 1);
  EXPECT_EQ(error_of(convoy_accelerator_load("none", entries.c_str()), CONVOY_UNSUPPORTED), "not on this machine");
  EXPECT_STREQ(std::getenv("FAKE_PLUGIN"), "mine");
  unsetenv("FAKE_PLUGIN");
}

}  // namespace
}  // namespace convoy::test
