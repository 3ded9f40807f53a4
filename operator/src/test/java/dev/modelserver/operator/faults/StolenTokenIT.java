package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.desired.ForgedTemplates;
import dev.modelserver.operator.desired.ForgedTemplates.Forgery;
import dev.modelserver.operator.faults.LivingOperator.Space;
import dev.modelserver.operator.names.Labels;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What somebody can do with a stolen token of the operator, which has all its rights, where the
 * chart's admission policy is on: write what the operator could have rendered.
 */
class StolenTokenIT {
  private static final Space HERE = Space.STOLEN;
  private static final String CONFIG_MAPS =
      "/api/v1/namespaces/%s/configmaps".formatted(HERE.namespace());
  private static final LivingOperator STAGE = LivingOperator.get();
  private static final KubernetesClient OPERATORS = STAGE.as(ChartRules.NAME);

  @BeforeAll
  static void guard() {
    ChartPolicy.enforce(STAGE, HERE);
  }

  @AfterAll
  static void unguard() {
    ChartPolicy.remove(STAGE, HERE);
  }

  static Stream<Path> golden() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/resources/golden"))) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("out-Deployment-"))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void theOperatorWritesWhatItRenders(Path file) throws IOException {
    Deployment rendered = Yaml.read(Deployment.class, Files.readString(file));

    assertThat(Refused.by(() -> asOperator(rendered))).isEmpty();
  }

  @Test
  void aStolenTokenStartsWithAnAcceptedTemplate() {
    assertThat(Refused.by(() -> asOperator(forged(ForgedTemplates.OURS)))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.modelserver.operator.desired.ForgedTemplates#all")
  void aStolenTokenMakesNoOtherPods(Forgery forgery) {
    assertThat(Refused.by(() -> asOperator(forged(forgery.template()))))
        .contains("ValidatingAdmissionPolicy", "the ModelServer operator renders only");
  }

  @Test
  void aStolenTokenWritesNoObjectsOfOthers() {
    String theirs = "{\"metadata\":{\"name\":\"theirs\"},\"data\":{\"a\":\"b\"}}";
    STAGE.client().raw(CONFIG_MAPS, "POST", theirs);
    String taken =
        "{\"metadata\":{\"labels\":{\"app.kubernetes.io/managed-by\":\"modelserver-operator\"}},\"data\":{\"a\":\"c\"}}";

    assertThat(
            Refused.by(() -> OPERATORS.raw(CONFIG_MAPS, "POST", theirs.replace("theirs", "more"))))
        .contains("writes only objects with the label");
    assertThat(
            Refused.by(
                () ->
                    OPERATORS
                        .configMaps()
                        .inNamespace(HERE.namespace())
                        .withName("theirs")
                        .patch(PatchContext.of(PatchType.JSON_MERGE), taken)))
        .contains("writes only objects with the label");
    Deployment unlabelled = forged(ForgedTemplates.OURS);
    unlabelled.getMetadata().getLabels().remove("app.kubernetes.io/managed-by");
    assertThat(Refused.by(() -> asOperator(unlabelled)))
        .contains("writes only Deployments with the label");
  }

  private static Deployment forged(PodTemplateSpec template) {
    return new DeploymentBuilder()
        .withMetadata(Labels.metadata(ForgedTemplates.OWNER, ForgedTemplates.OWNER.name()))
        .withNewSpec()
        .withNewSelector()
        .withMatchLabels(Labels.serviceSelector(ForgedTemplates.OWNER))
        .endSelector()
        .withTemplate(template)
        .endSpec()
        .build();
  }

  /** A dry run: it is not there yet, by this name. */
  private static void asOperator(Deployment deployment) {
    deployment.getMetadata().setNamespace(HERE.namespace());
    OPERATORS.resource(deployment).dryRun(true).create();
  }
}
