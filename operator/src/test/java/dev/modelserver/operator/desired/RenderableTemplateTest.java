package dev.modelserver.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.kubernetes.api.model.EnvVarSourceBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RenderableTemplateTest {
  private static final ResolvedModelServer SERVER =
      Yaml.resolved(
          "model: {uri: 'pvc://claim/m.onnx'}\nserver: {env: [{name: A, value: b}]}\npod: {annotations: {a: b}}");
  private static final PodTemplateSpec OURS = PodTemplate.of(SERVER.owner(), SERVER.workload());

  @Test
  void knowsItsOwn() throws IOException {
    assertThat(RenderableTemplate.of(SERVER.owner(), OURS)).isTrue();
    try (Stream<Path> golden = Files.list(Path.of("src/test/resources/golden"))) {
      for (Path folder : golden.toList()) {
        ResolvedModelServer server =
            Yaml.resolved(
                Yaml.read(
                    dev.modelserver.operator.api.v1alpha1.ModelServer.class,
                    Files.readString(folder.resolve("in.yaml"))));
        assertThat(
                RenderableTemplate.of(
                    server.owner(), PodTemplate.of(server.owner(), server.workload())))
            .as(folder.toString())
            .isTrue();
      }
    }
  }

  static Stream<Arguments> forged() {
    return Stream.of(
        forged("hostNetwork", t -> t.editSpec().withHostNetwork(true).endSpec()),
        forged("hostPID", t -> t.editSpec().withHostPID(true).endSpec()),
        forged("hostIPC", t -> t.editSpec().withHostIPC(true).endSpec()),
        forged("another account", t -> t.editSpec().withServiceAccountName("admin").endSpec()),
        forged("a token", t -> t.editSpec().withAutomountServiceAccountToken(true).endSpec()),
        forged("no account settings", t -> t.editSpec().withServiceAccountName(null).endSpec()),
        forged("a node", t -> t.editSpec().withNodeName("control-plane").endSpec()),
        forged("a runtime class", t -> t.editSpec().withRuntimeClassName("none").endSpec()),
        forged("root", t -> t.editSpec().withSecurityContext(null).endSpec()),
        forged(
            "a privileged container",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .editSecurityContext()
                    .withPrivileged(true)
                    .endSecurityContext()
                    .endContainer()
                    .endSpec()),
        forged(
            "a command",
            t -> t.editSpec().editContainer(0).withCommand("sh").endContainer().endSpec()),
        forged(
            "other arguments",
            t -> t.editSpec().editInitContainer(0).withArgs("sh").endInitContainer().endSpec()),
        forged(
            "another container",
            t -> t.editSpec().addNewContainer().withName("more").endContainer().endSpec()),
        forged(
            "a host port",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .editPort(0)
                    .withHostPort(80)
                    .endPort()
                    .endContainer()
                    .endSpec()),
        forged(
            "a Secret as a variable",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .addNewEnv()
                    .withName("POD_NAME")
                    .withValueFrom(
                        new EnvVarSourceBuilder().withNewSecretKeyRef("k", "s", false).build())
                    .endEnv()
                    .endContainer()
                    .endSpec()),
        forged(
            "a Secret as variables",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .addNewEnvFrom()
                    .withNewSecretRef("s", false)
                    .endEnvFrom()
                    .endContainer()
                    .endSpec()),
        forged(
            "a host path",
            t ->
                t.editSpec()
                    .addToVolumes(
                        new VolumeBuilder().withName("source").withNewHostPath("/", null).build())
                    .endSpec()),
        forged(
            "a Secret as a volume",
            t ->
                t.editSpec()
                    .addToVolumes(
                        new VolumeBuilder()
                            .withName("source")
                            .withNewSecret()
                            .withSecretName("s")
                            .endSecret()
                            .build())
                    .endSpec()),
        forged(
            "another volume",
            t ->
                t.editSpec()
                    .addToVolumes(
                        new VolumeBuilder()
                            .withName("more")
                            .withNewConfigMap()
                            .withName("c")
                            .endConfigMap()
                            .build())
                    .endSpec()),
        forged(
            "no AppArmor",
            t ->
                t.editMetadata()
                    .addToAnnotations(
                        "container.apparmor.security.beta.kubernetes.io/server", "unconfined")
                    .endMetadata()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forged")
  void refusesWhatItWouldNeverRender(String what, PodTemplateSpec template) {
    assertThat(RenderableTemplate.of(SERVER.owner(), template)).as(what).isFalse();
  }

  private static Arguments forged(String what, UnaryOperator<PodTemplateSpecBuilder> change) {
    return Arguments.of(what, change.apply(new PodTemplateSpecBuilder(OURS)).build());
  }
}
