package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.faults.HostileObjects.Hostile;
import dev.modelserver.operator.faults.LivingOperator.Space;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No object that the API server admits stops an informer: beside objects of every kind that a
 * tenant can make, a ModelServer of somebody else in the same namespace is reconciled all along.
 * {@code -Dhostile.objects} and {@code -Dhostile.seed} choose how many and which.
 */
class HostileObjectsIT {
  private static final Space HERE = Space.HOSTILE;
  private static final String NEIGHBOUR = "neighbour";
  private static final int OBJECTS = Integer.getInteger("hostile.objects", 200);
  private static final long SEED = Long.getLong("hostile.seed", new Random().nextLong());
  private static final int LOOK = 20;
  private static final int CLEAN = 100;

  private final LivingOperator stage = LivingOperator.get();

  @AfterEach
  void leaveNothing() {
    clean();
    stage.modelServer(HERE, NEIGHBOUR).delete();
  }

  @Test
  void noObjectStopsAnInformer() {
    stage.create(HERE, NEIGHBOUR, "model: {configMap: {name: iris-model, key: model.onnx}}");
    stage.awaitReady(HERE, NEIGHBOUR);
    HostileObjects objects = new HostileObjects(SEED);
    int admitted = 0;
    Duration slowest = Duration.ZERO;
    for (int i = 0; i < OBJECTS; i++) {
      admitted += create(objects.next(i, HERE.namespace(), NEIGHBOUR)) ? 1 : 0;
      if (i % LOOK == LOOK - 1) {
        Duration took = scale(1 + i / LOOK % 3);
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
      }
      if (i % CLEAN == CLEAN - 1) {
        clean();
      }
    }
    System.out.printf(
        "%nHostile objects, seed %d: %d sent, %d admitted; informers stopped: %s; slowest reconcile of the ModelServer beside them: %d ms%n",
        SEED,
        OBJECTS,
        admitted,
        stage.operator().metric("modelserver_informers_stopped"),
        slowest.toMillis());

    assertThat(stage.operator().metric("modelserver_informers_stopped")).isEqualTo("0.0");
    assertThat(stage.operator().live()).isTrue();
    assertThat(admitted).isGreaterThan(OBJECTS / 4);
    assertThat(slowest).isLessThan(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "disruption: {maxUnavailable: 3000000000} | spec.disruption.maxUnavailable",
        "rollout: {maxSurge: 3000000000} | spec.rollout.maxSurge",
        "rollout: {maxUnavailable: -1} | spec.rollout.maxUnavailable",
        "rollout: {maxSurge: many} | spec.rollout.maxSurge"
      })
  void theSchemaRefusesNumbersWithoutBounds(String field, String words) {
    String body =
        "{\"apiVersion\":\"modelserver.dev/v1alpha1\",\"kind\":\"ModelServer\",\"metadata\":{\"name\":\"refused\"},\"spec\":{\"model\":{\"configMap\":{\"name\":\"a\",\"key\":\"b\"}},%s}}"
            .formatted(field.replaceAll("([A-Za-z]+)(?=[:}])", "\"$1\""));
    HttpResponse<String> refused = stage.send("POST", path("modelservers"), body);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(refused.body()).contains(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'uri':'configmap://a/b'} | configmap:// is not supported: use spec.model.configMap {name, key}",
        "{'uri':'pvc://a/b.onnx'} | pvc:// is not supported: use spec.model.persistentVolumeClaim {claimName, path}",
        "{'uri':'ftp://a/b.onnx'} | spec.model.uri must be https://HOST/PATH",
        "{'version':'v1'} | spec.model must have exactly one source",
        "{'uri':'https://a/b','configMap':{'name':'a','key':'b'}} | spec.model must have exactly one source",
        "{'configMap':{'name':'a'}} | spec.model.configMap.key: Required value",
        "{'configMap':{'name':'a','key':'..data'}} | spec.model.configMap.key",
        "{'configMap':{'name':'A','key':'b'}} | spec.model.configMap.name",
        "{'persistentVolumeClaim':{'claimName':'a','path':'/b'}} | spec.model.persistentVolumeClaim.path must be relative",
        "{'persistentVolumeClaim':{'claimName':'a','path':'b/../c'}} | spec.model.persistentVolumeClaim.path must be relative"
      })
  void theSchemaRefusesWhatIsNoSource(String model, String words) {
    HttpResponse<String> refused = post("refused", model.replace('\'', '"'));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(refused.body()).contains(words);
  }

  @Test
  void aSignedUrlOfEightThousandCharactersIsAdmitted() {
    String uri = "https://models.invalid/m.onnx?sig=" + "a".repeat(8000);

    HttpResponse<String> made = post("long-uri", "{\"uri\":\"" + uri + "\"}");

    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    stage.awaitReady(HERE, "long-uri");
    ModelServer served = Objects.requireNonNull(stage.modelServer(HERE, "long-uri").get());
    assertThat(Objects.requireNonNull(served.getStatus()).toString()).doesNotContain("aaaaaaaa");
  }

  private HttpResponse<String> post(String name, String model) {
    return stage.send(
        "POST",
        path("modelservers"),
        "{\"apiVersion\":\"modelserver.dev/v1alpha1\",\"kind\":\"ModelServer\",\"metadata\":{\"name\":\"%s\",\"labels\":{\"%s\":\"true\"}},\"spec\":{\"model\":%s}}"
            .formatted(name, HostileObjects.LABEL, model));
  }

  @ParameterizedTest
  @CsvSource({"1001, more than 110 levels", "60, ''"})
  void aDeepSpecIsInvalidForItsOwnModelServerAlone(int levels, String words) {
    String request = "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
    HttpResponse<String> made =
        stage.send(
            "POST",
            path("modelservers"),
            "{\"apiVersion\":\"modelserver.dev/v1alpha1\",\"kind\":\"ModelServer\",\"metadata\":{\"name\":\"deep-%d\",\"labels\":{\"%s\":\"true\"}},\"spec\":{\"model\":{\"configMap\":{\"name\":\"a\",\"key\":\"b\"}},\"verification\":{\"requests\":[{\"name\":\"a\",\"expect\":{},\"request\":%s}]}}}"
                .formatted(levels, HostileObjects.LABEL, request));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    stage.create(HERE, NEIGHBOUR, "model: {configMap: {name: iris-model, key: model.onnx}}");

    if (!words.isEmpty()) {
      assertThat(stage.await(HERE, "deep-" + levels, "Ready", "False", "InvalidSpec").message())
          .contains(words);
    }
    stage.awaitReady(HERE, NEIGHBOUR);
  }

  private boolean create(Hostile hostile) {
    try {
      HttpResponse<String> answer = stage.send("POST", hostile.path(), hostile.body());
      return answer.statusCode() == 201;
    } catch (UncheckedIOException e) {
      // It hangs up on some: not admitted either.
      return false;
    }
  }

  /** How long the operator takes to follow a new number of replicas. */
  private Duration scale(int replicas) {
    stage.edit(HERE, NEIGHBOUR, server -> server.setSpec(with(server, replicas)));
    long start = System.nanoTime();
    Await.until(
        "the Deployment follows replicas " + replicas,
        LivingOperator.SOON,
        () ->
            Objects.equals(
                replicas,
                stage
                    .client()
                    .apps()
                    .deployments()
                    .inNamespace(HERE.namespace())
                    .withName(NEIGHBOUR)
                    .get()
                    .getSpec()
                    .getReplicas()));
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static ModelServerSpec with(ModelServer server, int replicas) {
    return new ModelServerSpec(
        server.getSpec().model(),
        null,
        replicas,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private void clean() {
    for (String kind :
        List.of("modelservers", "controllerrevisions", "configmaps", "serviceaccounts")) {
      stage.send("DELETE", path(kind) + "?labelSelector=" + HostileObjects.LABEL + "%3Dtrue", "");
    }
  }

  private static String path(String kind) {
    String group =
        switch (kind) {
          case "modelservers" -> "/apis/modelserver.dev/v1alpha1";
          case "controllerrevisions" -> "/apis/apps/v1";
          default -> "/api/v1";
        };
    return "%s/namespaces/%s/%s".formatted(group, HERE.namespace(), kind);
  }
}
