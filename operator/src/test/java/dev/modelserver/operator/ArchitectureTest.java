package dev.modelserver.operator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between the packages: names, api, resolve, observe, revision, desired, status, apply,
 * reconcile.
 */
@AnalyzeClasses(
    packages = "dev.modelserver.operator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.modelserver.operator.";

  @ArchTest
  static final ArchRule pureParts =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + "names..",
              ROOT + "api..",
              ROOT + "resolve..",
              ROOT + "observe..",
              ROOT + "revision..",
              ROOT + "desired..",
              ROOT + "status..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "io\\.fabric8\\.kubernetes\\.client\\.(?!CustomResource).*|io\\.javaoperatorsdk\\..*|io\\.quarkus\\..*|java\\.io\\.File|java\\.nio\\.file\\..*")
          .because(
              "what is wanted and what is said are functions of values: no client, no framework");

  @ArchTest
  static final ArchRule namesAreTheGround =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "names..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.modelserver..").and(resideOutsideOfPackage(ROOT + "names..")))
          .because("what others rely on by name depends on nothing of ours");

  @ArchTest
  static final ArchRule onlyReconcileKnowsTheFramework =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "reconcile..", ROOT + "config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.javaoperatorsdk..", "io.quarkus..")
          .because("the rest must survive a change of framework");

  @ArchTest
  static final ArchRule onlyConfigReadsTheEnvironment =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "config..")
          .should()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(System.class, "getProperty", String.class)
          .because("a hidden input makes the same spec mean two things");

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.modelserver.operator.(*)..").should().beFreeOfCycles();
}
