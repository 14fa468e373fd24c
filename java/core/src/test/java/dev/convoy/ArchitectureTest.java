package dev.convoy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
          .definedBy("dev.convoy.graph")
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

  @ArchTest
  static final ArchRule NO_JAVACPP_IN_A_PUBLIC_SIGNATURE =
      methods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .resideOutsideOfPackage("dev.convoy.cpu.internal..")
          .and()
          .areDeclaredInClassesThat()
          .arePublic()
          .should()
          .notHaveRawReturnType(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "a type of JavaCPP", type -> type.getPackageName().startsWith("org.bytedeco")));
}
