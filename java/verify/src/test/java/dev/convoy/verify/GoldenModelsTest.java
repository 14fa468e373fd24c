package dev.convoy.verify;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.backend.Mode;
import dev.convoy.models.Catalog;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenModelsTest {
  /** Facts, then checkpoints and logits of two inputs. */
  private static final int CASES = 5;

  /** Every network in the golden files that inference knows. */
  private static final List<String> NETWORKS =
      List.of(
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
          "efficientnet_b0",
          "convnext_tiny");

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
    "lenet5,auto",
    "resnet18,auto",
    "mobilenet_v2,auto"
  })
  void accelerated(String model, String backend) {
    Subjects.best(Mode.FAST);
    Goldens.check(
        Goldens.suite("models/" + model + ".json"), Subject.of(backend, Mode.FAST), CASES, 0);
  }

  /** LeNet-5 needs no patience. */
  static Stream<Arguments> everywhere() {
    return NETWORKS.stream()
        .filter(model -> !model.equals("lenet5"))
        .flatMap(model -> Subjects.everywhere().map(subject -> Arguments.of(model, subject)));
  }

  /**
   * All of it, but where it takes minutes: there the logits of the odd size, at which every loop
   * has a tail.
   */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("everywhere")
  void everyNetworkOnEveryBackend(String model, Subject subject) {
    GoldenSuite suite = Goldens.suite("models/" + model + ".json");
    if (Subjects.isSlow(subject)) {
      suite = Goldens.only(suite, id -> id.contains("193x161") && id.endsWith("/logits"));
    }
    assertFalse(suite.cases().isEmpty());
    Goldens.check(suite, subject, suite.cases().size(), 0);
  }

  /** All but ConvNeXt, whose golden file came without one of keys. */
  static Stream<String> withKeys() {
    return NETWORKS.stream().filter(model -> !model.equals("convnext_tiny"));
  }

  @ParameterizedTest
  @MethodSource("withKeys")
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
