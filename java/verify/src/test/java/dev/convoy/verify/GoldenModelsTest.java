package dev.convoy.verify;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.backend.Mode;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.cpu.Isa;
import dev.convoy.models.Catalog;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenModelsTest {
  /** Facts, then checkpoints and logits of two inputs. */
  private static final int CASES = 5;

  static List<Subject> subjects() {
    return Subjects.all();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void lenet5(Subject subject) {
    Goldens.check(Goldens.suite("models/lenet5.json"), subject, CASES, 0);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void resnet18(Mode mode) {
    Goldens.check(Goldens.suite("models/resnet18.json"), Subjects.best(mode), CASES, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mobilenet_v1",
        "mobilenet_v1_relu6",
        "mobilenet_v2",
        "inception_v2",
        "densenet121",
        "mobilenet_v3_large",
        "efficientnet_b0",
        "convnext_tiny"
      })
  void small(String model) {
    Goldens.check(Goldens.suite("models/" + model + ".json"), Subjects.best(Mode.FAST), CASES, 0);
  }

  /** One case more: what the heads give. */
  @ParameterizedTest
  @ValueSource(strings = {"googlenet", "inception_v3"})
  void withAuxiliaryHeads(String model) {
    Goldens.check(
        Goldens.suite("models/" + model + ".json"), Subjects.best(Mode.FAST), CASES + 1, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alexnet", "vgg16"})
  void largeOnesAtAnOddSize(String model) {
    GoldenSuite odd =
        Goldens.only(
            Goldens.suite("models/" + model + ".json"),
            id -> id.contains("193x161") || id.endsWith("facts"));

    Goldens.check(odd, Subjects.best(Mode.FAST), 3, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "lenet5,onednn",
    "resnet18,onednn",
    "mobilenet_v2,onednn",
    "efficientnet_b0,onednn",
    "lenet5,openblas",
    "resnet18,openblas",
    "mobilenet_v2,openblas",
    "resnet18,auto",
    "mobilenet_v2,auto"
  })
  void accelerated(String model, String backend) {
    Subjects.best(Mode.FAST);
    Goldens.check(
        Goldens.suite("models/" + model + ".json"), Subject.of(backend, Mode.FAST), CASES, 0);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "alexnet,PORTABLE",
    "alexnet,AVX2",
    "resnet18,PORTABLE",
    "resnet18,AVX2",
    "mobilenet_v3_large,PORTABLE",
    "mobilenet_v3_large,AVX2",
    "densenet121,AVX2",
    "efficientnet_b0,AVX2"
  })
  void otherInstructionSets(String model, Isa isa) {
    Subjects.best(Mode.EXACT);
    assumeTrue(Isa.available().contains(isa), () -> "no " + isa);
    Subject subject = Subject.of(CpuBackend.of(isa), Mode.EXACT);

    Goldens.check(Goldens.suite("models/" + model + ".json"), subject, CASES, 0);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(Mode.class)
  void vgg16AtBothSizes(Mode mode) {
    Goldens.check(Goldens.suite("models/vgg16.json"), Subjects.best(mode), CASES, 0);
  }

  static Stream<String> published() {
    return Stream.of(
        "mobilenet_v1",
        "mobilenet_v1_relu6",
        "mobilenet_v2",
        "inception_v2",
        "densenet121",
        "mobilenet_v3_large",
        "efficientnet_b0",
        "convnext_tiny",
        "googlenet",
        "inception_v3");
  }

  private static int cases(String model) {
    return model.equals("googlenet") || model.equals("inception_v3") ? CASES + 1 : CASES;
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("published")
  void publishedExactly(String model) {
    GoldenSuite suite = Goldens.suite("models/" + model + ".json");
    Goldens.check(suite, Subjects.best(Mode.EXACT), cases(model), 0);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("published")
  void publishedInDouble(String model) {
    GoldenSuite suite = Goldens.suite("models/" + model + ".json");
    Goldens.check(suite, Subjects.REFERENCE64, cases(model), 0);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"alexnet", "resnet18", "vgg16"})
  void inDouble(String model) {
    Goldens.check(Goldens.suite("models/" + model + ".json"), Subjects.REFERENCE64, CASES, 0);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"alexnet", "resnet18"})
  void onTheReference(String model) {
    Goldens.check(Goldens.suite("models/" + model + ".json"), Subjects.REFERENCE, CASES, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lenet5",
        "alexnet",
        "vgg16",
        "resnet18",
        "googlenet",
        "inception_v2",
        "inception_v3",
        "densenet121",
        "mobilenet_v1",
        "mobilenet_v1_relu6",
        "mobilenet_v2",
        "mobilenet_v3_large",
        "efficientnet_b0"
      })
  void keys(String model) {
    Goldens.check(Goldens.suite("keys/" + model + ".txt"), Subjects.REFERENCE, 1, 0);
  }

  @Test
  void countsOfEveryNetworkThatExists() {
    GoldenReport report = Goldens.suite("counts.json").run(Subjects.REFERENCE);

    assertEquals(0, report.count(CaseResult.Status.FAILED), report::toText);
    assertEquals(60, report.results().size());
    Set<String> ours = Catalog.all().stream().map(a -> "counts/" + a.name()).collect(toSet());
    Set<String> theirs = report.results().stream().map(CaseResult::id).collect(toSet());
    ours.retainAll(theirs);
    assertTrue(ours.size() >= 53, ours::toString);
    assertEquals(
        ours,
        report.results().stream().filter(CaseResult::passed).map(CaseResult::id).collect(toSet()));
  }

  @Test
  void vectors() {
    Goldens.check(Goldens.suite("vectors.json"), Subjects.REFERENCE, 16, 0);
  }

  @Test
  void aDetectorIsUnsupported() {
    Goldens.check(Goldens.suite("models/yolov8n.json"), Subjects.REFERENCE, 0, 3);
  }

  @Test
  void trainingIsUnsupportedCheckByCheck() {
    GoldenReport report =
        Goldens.check(Goldens.suite("train/lenet5.json"), Subjects.REFERENCE, 0, 5);

    assertEquals("lenet5/train/losses", report.results().get(0).id());
  }
}
