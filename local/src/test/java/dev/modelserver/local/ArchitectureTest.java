package dev.modelserver.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.modelserver.local", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule partsStandAlone =
      noClasses()
          .that()
          .resideInAnyPackage("..apiserver", "..node", "..service")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.modelserver.local")
          .because("the run joins the parts; a part does not know the run");

  @ArchTest
  static final ArchRule theNodeKnowsTheApiServerAsAClientDoes =
      noClasses()
          .that()
          .resideInAPackage("..node")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..apiserver", "..service", "io.fabric8.mockwebserver..")
          .because("a kubelet speaks to the API server through its API");

  @ArchTest
  static final ArchRule theOperatorIsUnmodified =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.modelserver.operator..", "dev.modelserver.server..")
          .because("both programs run as they are shipped");
}
