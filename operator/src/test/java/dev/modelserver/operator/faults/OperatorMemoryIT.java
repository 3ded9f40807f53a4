package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.faults.LivingOperator.Space;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The operator's memory beside large objects of strangers, and of many ModelServers. Its heap has
 * 192 MiB here. {@code -Dmemory.foreign} and {@code -Dmemory.servers} choose how many.
 */
class OperatorMemoryIT {
  private static final Space HERE = Space.MEMORY;
  private static final int FOREIGN = Integer.getInteger("memory.foreign", 150);
  private static final int SERVERS = Integer.getInteger("memory.servers", 40);
  private static final long MOST = 384L << 20;
  private static final String MODEL = "model: {configMap: {name: iris-model, key: model.onnx}}";
  private static final Duration LONG = Duration.ofMinutes(10);

  private final LivingOperator stage = LivingOperator.get();

  @AfterEach
  void leaveNothing() {
    // One by one: deleting a gigabyte in one request exceeds the client's time-out of 10 s.
    for (int i = 0; i < FOREIGN; i++) {
      stage.client().configMaps().inNamespace(HERE.namespace()).withName(name(i)).delete();
    }
  }

  @Test
  void largeObjectsOfStrangersAreNotKept() {
    stage.create(HERE, "beside", MODEL);
    stage.awaitReady(HERE, "beside");
    for (int i = 0; i < FOREIGN; i++) {
      stage.client().resource(foreign(i)).create();
    }
    // A new start lists them all at once.
    stage.operator().crash();
    stage.operator().awaitStarted();
    stage.spec(HERE, "beside", MODEL + "\nreplicas: 2");
    Await.until(
        "the Deployment follows",
        LivingOperator.SOON,
        () ->
            stage
                    .client()
                    .apps()
                    .deployments()
                    .inNamespace(HERE.namespace())
                    .withName("beside")
                    .get()
                    .getSpec()
                    .getReplicas()
                == 2);

    System.out.printf(
        "%nOperator beside %d ConfigMaps of strangers, 1 MB each: %d MiB at most%n",
        FOREIGN, stage.operator().peakBytes() >> 20);
    assertThat(stage.operator().alive()).isTrue();
    assertThat(stage.operator().peakBytes()).isLessThan(MOST);
    stage.modelServer(HERE, "beside").delete();
  }

  @Test
  void manyModelServersComeAndGo() {
    List<String> names = IntStream.range(0, SERVERS).mapToObj(i -> "many-" + i).toList();
    long before = stage.operator().heapAfterCollection();
    long held = 0;
    for (int round = 0; round < 2; round++) {
      names.forEach(name -> stage.create(HERE, name, MODEL));
      names.forEach(name -> await(name));
      held = stage.operator().heapAfterCollection();
      names.forEach(name -> stage.modelServer(HERE, name).delete());
      Await.until(
          "all are gone",
          LONG,
          () ->
              stage
                  .client()
                  .apps()
                  .deployments()
                  .inNamespace(HERE.namespace())
                  .list()
                  .getItems()
                  .isEmpty());
    }

    System.out.printf(
        "%nOperator with %d ModelServers, created twice: %d KiB of heap for each; %d MiB resident at most%n",
        SERVERS, (held - before) / 1024 / SERVERS, stage.operator().peakBytes() >> 20);
    assertThat(stage.operator().alive()).isTrue();
    assertThat(stage.operator().peakBytes()).isLessThan(MOST);
  }

  private void await(String name) {
    Await.until(
        name + " is Ready",
        LONG,
        () ->
            stage
                .condition(HERE, name, "Ready")
                .filter(ready -> ready.status().equals("True"))
                .isPresent());
  }

  private static String name(int number) {
    return "foreign-" + number;
  }

  private static ConfigMap foreign(int number) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name(number))
        .withNamespace(HERE.namespace())
        .withLabels(
            Map.of("foreign", "true", "app.kubernetes.io/managed-by", "modelserver-operator"))
        .endMetadata()
        .withData(Map.of("large", "0123456789".repeat(100_000)))
        .build();
  }
}
