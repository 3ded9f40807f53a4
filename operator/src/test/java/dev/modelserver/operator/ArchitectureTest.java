package dev.modelserver.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The arrows between the packages: each knows only those that stand before it. */
@AnalyzeClasses(
    packages = "dev.modelserver.operator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.modelserver.operator.";

  /** Each package depends on none that stands behind it. */
  private static final List<String> ORDER =
      List.of(
          "names",
          "api",
          "resolve",
          "snapshot",
          "diagnosis",
          "revision",
          "desired",
          "apply",
          "status",
          "metrics",
          "config",
          "reconcile");

  @ArchTest
  static final ArchRule pureParts =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + "names..",
              ROOT + "api..",
              ROOT + "resolve..",
              ROOT + "snapshot..",
              ROOT + "diagnosis..",
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
  static void eachPackageKnowsOnlyThoseBeforeIt(JavaClasses all) {
    for (int i = 0; i < ORDER.size(); i++) {
      String[] behind =
          ORDER.subList(i + 1, ORDER.size()).stream()
              .map(name -> ROOT + name + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(ROOT + ORDER.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(behind)
          .because("names are the ground; what is read, decided, made, written and said follows")
          .check(all);
    }
  }

  @ArchTest
  static final ArchRule everyPackageHasItsPlace =
      classes()
          .should()
          .resideInAnyPackage(ORDER.stream().map(name -> ROOT + name + "..").toArray(String[]::new))
          .because("a package without a place has no rule");

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
