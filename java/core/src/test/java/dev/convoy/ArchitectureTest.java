package dev.convoy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Who may know whom inside core. The arrows are drawn in the README. */
@AnalyzeClasses(packages = "dev.convoy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ARROWS_POINT_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("tensor")
          .definedBy("dev.convoy.tensor")
          .layer("graph")
          .definedBy("dev.convoy.graph..")
          .layer("nn")
          .definedBy("dev.convoy.nn")
          .layer("diagram")
          .definedBy("dev.convoy.diagram")
          .layer("optimize")
          .definedBy("dev.convoy.optimize")
          .layer("weights")
          .definedBy("dev.convoy.weights")
          .layer("backend")
          .definedBy("dev.convoy.backend")
          .layer("reference")
          .definedBy("dev.convoy.reference")
          .layer("cpu")
          .definedBy("dev.convoy.cpu..")
          .layer("plan")
          .definedBy("dev.convoy.plan")
          .whereLayer("tensor")
          .mayNotAccessAnyLayer()
          .whereLayer("graph")
          .mayOnlyAccessLayers("tensor")
          .whereLayer("nn")
          .mayOnlyAccessLayers("tensor", "graph")
          .whereLayer("diagram")
          .mayOnlyAccessLayers("tensor", "graph")
          .whereLayer("optimize")
          .mayOnlyAccessLayers("tensor", "graph")
          .whereLayer("weights")
          .mayOnlyAccessLayers("tensor", "graph")
          .whereLayer("backend")
          .mayOnlyAccessLayers("tensor", "graph")
          .whereLayer("reference")
          .mayOnlyAccessLayers("tensor", "graph", "backend")
          .whereLayer("cpu")
          .mayOnlyAccessLayers("tensor", "graph", "backend", "optimize")
          .whereLayer("plan")
          .mayOnlyAccessLayers("tensor", "graph", "nn", "optimize", "weights", "backend");

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("dev.convoy.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule THE_BINDING_STAYS_INSIDE_THE_NATIVE_BACKEND =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.convoy.cpu..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bytedeco..", "dev.convoy.cpu.internal..");

  /** The binding's own classes are wrappers of JavaCPP's. */
  private static final DescribedPredicate<JavaClass> OF_THE_BINDING =
      resideInAnyPackage("org.bytedeco..", "dev.convoy.cpu.internal..");

  @ArchTest
  static final ArchRule NO_JAVACPP_IN_A_PUBLIC_METHOD =
      methods()
          .that(areForUsers())
          .should()
          .notHaveRawReturnType(OF_THE_BINDING)
          .andShould()
          .notHaveRawParameterTypes(
              DescribedPredicate.describe("any of the binding", ArchitectureTest::anyOfIt));

  @ArchTest
  static final ArchRule NO_JAVACPP_IN_A_PUBLIC_CONSTRUCTOR =
      constructors()
          .that(areForUsers())
          .should()
          .notHaveRawParameterTypes(
              DescribedPredicate.describe("any of the binding", ArchitectureTest::anyOfIt));

  @ArchTest
  static final ArchRule NO_JAVACPP_IN_A_PUBLIC_FIELD =
      fields().that(areForUsers()).should().notHaveRawType(OF_THE_BINDING);

  private static DescribedPredicate<JavaMember> areForUsers() {
    return DescribedPredicate.describe(
        "are public or protected in a public class outside the binding",
        member ->
            (member.getModifiers().contains(JavaModifier.PUBLIC)
                    || member.getModifiers().contains(JavaModifier.PROTECTED))
                && member.getOwner().getModifiers().contains(JavaModifier.PUBLIC)
                && !OF_THE_BINDING.test(member.getOwner()));
  }

  private static boolean anyOfIt(List<JavaClass> types) {
    return types.stream().anyMatch(OF_THE_BINDING);
  }
}
