package dev.modelserver.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.modelserver.server",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String BASE = "dev.modelserver.server.";

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.modelserver.server.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyOnnxKnowsTheRuntime =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule onlyConfigReadsTheEnvironment =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "config..")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule tensorsKnowNothing =
      inner(
          "tensor",
          "model",
          "onnx",
          "inference",
          "predict",
          "http",
          "serve",
          "config",
          "metrics",
          "health",
          "preflight");

  @ArchTest
  static final ArchRule modelKnowsTensors =
      inner(
          "model",
          "onnx",
          "inference",
          "predict",
          "http",
          "serve",
          "config",
          "metrics",
          "health",
          "preflight");

  @ArchTest
  static final ArchRule onnxKnowsModels =
      inner(
          "onnx",
          "inference",
          "predict",
          "http",
          "serve",
          "config",
          "metrics",
          "health",
          "preflight");

  @ArchTest
  static final ArchRule inferenceKnowsOnnx =
      inner("inference", "predict", "http", "serve", "config", "metrics", "health", "preflight");

  @ArchTest
  static final ArchRule nobodyKnowsAProtocol =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "predict..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BASE + "predict..");

  @ArchTest
  static final ArchRule preflightStartsNoServer =
      noClasses()
          .that()
          .resideInAPackage(BASE + "preflight..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "io.vertx..", "jakarta..");

  private static ArchRule inner(String inside, String... outside) {
    String[] packages = new String[outside.length];
    for (int i = 0; i < outside.length; i++) {
      packages[i] = BASE + outside[i] + "..";
    }
    return noClasses()
        .that()
        .resideInAPackage(BASE + inside + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }
}
