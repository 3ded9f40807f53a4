package dev.modelserver.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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

  @ArchTest static final ArchRule textKnowsNothing = knows("text");

  @ArchTest static final ArchRule tensorsKnowNothing = knows("tensor");

  @ArchTest static final ArchRule secretsKnowNothing = knows("secret");

  @ArchTest static final ArchRule failuresKnowNothing = knows("failure");

  @ArchTest
  static final ArchRule rowsKnowJson = knows("rows", "json", "failure", "model", "tensor");

  @ArchTest static final ArchRule jsonKnowsTensors = knows("json", "failure", "tensor");

  @ArchTest static final ArchRule modelKnowsTensors = knows("model", "tensor");

  @ArchTest static final ArchRule graphKnowsModels = knows("graph", "model", "tensor");

  @ArchTest static final ArchRule onnxKnowsModels = knows("onnx", "graph", "model", "tensor");

  @ArchTest
  static final ArchRule inferenceKnowsOnnx = knows("inference", "onnx", "graph", "model", "tensor");

  @ArchTest
  static final ArchRule requestsOfTheProtocolKnowNoTransport =
      knows("oip", "failure", "inference", "onnx", "graph", "model", "tensor");

  @ArchTest
  static final ArchRule callsKnowNoTransport =
      noClasses()
          .that()
          .resideInAPackage(BASE + "call..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(BASE + "http..", BASE + "grpc..");

  @ArchTest static final ArchRule connectionsKnowNoRoutes = knows("connection");

  @ArchTest static final ArchRule pathsKnowNothing = knows("routing");

  /** But V1, which writes tensors as /predict does, and golden requests, which are asked there. */
  @ArchTest static final ArchRule nobodyKnowsPredict = nobodyKnows("predict", "v1", "verification");

  @ArchTest static final ArchRule nobodyKnowsV1 = nobodyKnows("v1");

  @ArchTest static final ArchRule nobodyKnowsOpenInference = nobodyKnows("openinference");

  /** A protocol describes itself. */
  @ArchTest
  static final ArchRule openApiKnowsNoProtocol =
      knows(
          "openapi",
          "config",
          "call",
          "http",
          "json",
          "failure",
          "inference",
          "metrics",
          "onnx",
          "graph",
          "model",
          "tensor");

  @ArchTest
  static final ArchRule onlyGrpcKnowsGrpc =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "grpc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(BASE + "grpc..", "io.grpc..");

  /** Where traces are off, nothing of it is loaded. */
  @ArchTest
  static final ArchRule onlyTracingKnowsOpenTelemetry =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "tracing..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..");

  @ArchTest
  static final ArchRule imagesKnowRequests = knows("image", "http", "failure", "model", "tensor");

  @ArchTest
  static final ArchRule onlyTheJpegDecoderLoadsTheDesktop =
      noClasses()
          .that()
          .haveNameNotMatching(".*[.]JpegRows.*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.awt..", "javax.imageio..");

  /** Bytes are brought and digested; nothing looks into them. */
  @ArchTest
  static final ArchRule fetchingKnowsNoModel =
      knows("fetch", "config", "model", "tensor", "secret", "verdict");

  @ArchTest
  static final ArchRule onlyFetchingKnowsTheAwsSdk =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "fetch..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..");

  /** But Main, which chooses between the two. What serves loads no client of a store. */
  @ArchTest
  static final ArchRule onlyPreflightFetches =
      noClasses()
          .that()
          .resideOutsideOfPackages(BASE + "fetch..", BASE + "preflight..")
          .and()
          .doNotHaveFullyQualifiedName(BASE + "Main")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BASE + "fetch..");

  @ArchTest
  static final ArchRule preflightStartsNoServer =
      noClasses()
          .that()
          .resideInAPackage(BASE + "preflight..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "io.vertx..", "jakarta..");

  /** Of our own packages it depends on these at most, and on text, as all may. */
  private static ArchRule knows(String inside, String... others) {
    String[] packages = new String[others.length + 2];
    packages[0] = BASE + inside + "..";
    packages[1] = BASE + "text..";
    for (int i = 0; i < others.length; i++) {
      packages[i + 2] = BASE + others[i] + "..";
    }
    return classes()
        .that()
        .resideInAPackage(packages[0])
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(packages).or(resideOutsideOfPackage("dev.modelserver..")));
  }

  /** A protocol translates, and nothing else depends on how. */
  private static ArchRule nobodyKnows(String protocol, String... but) {
    String[] packages = new String[but.length + 1];
    packages[0] = BASE + protocol + "..";
    for (int i = 0; i < but.length; i++) {
      packages[i + 1] = BASE + but[i] + "..";
    }
    return noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(BASE + protocol + "..");
  }
}
