package dev.modelserver.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator finds the causes of a stuck pod in its Warning events. */
class EventSelectorTest {
  private ApiServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() {
    server = ApiServer.start(List.of());
    client = server.client();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void eventsAreFoundByTheirFields() {
    client.resource(event("warning", "Warning")).create();
    client.resource(event("normal", "Normal")).create();

    var warnings =
        client
            .v1()
            .events()
            .inNamespace("default")
            .withField("type", "Warning")
            .withField("involvedObject.kind", "Pod")
            .list();

    assertThat(warnings.getItems())
        .extracting(event -> event.getMetadata().getName())
        .containsExactly("warning");
  }

  @Test
  void aWatchOfWarningsHearsOnlyOfThem() {
    var heard = new CopyOnWriteArrayList<String>();
    try (var watch =
        client
            .v1()
            .events()
            .inNamespace("default")
            .withField("type", "Warning")
            .watch(
                new Watcher<Event>() {
                  @Override
                  public void eventReceived(Action action, Event event) {
                    heard.add(action + " " + event.getMetadata().getName());
                  }

                  @Override
                  public void onClose(WatcherException cause) {}
                })) {
      client.resource(event("normal", "Normal")).create();
      client.resource(event("warning", "Warning")).create();

      await().until(() -> !heard.isEmpty());
      assertThat(heard).containsExactly("ADDED warning");
      assertThat(watch).isNotNull();
    }
  }

  private static Event event(String name, String type) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .withType(type)
        .withNewInvolvedObject()
        .withKind("Pod")
        .withName("pod")
        .endInvolvedObject()
        .build();
  }
}
