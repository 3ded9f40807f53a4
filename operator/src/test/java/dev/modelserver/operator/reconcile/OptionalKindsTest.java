package dev.modelserver.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitorBuilder;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An informer lives as long as its kind does, and who asks for the kind is looked at. */
class OptionalKindsTest {
  private static final ResourceID MONITORED = new ResourceID("monitored", "models");

  private final BlockingQueue<ResourceID> told = new LinkedBlockingQueue<>();
  private final List<Monitors> started = new ArrayList<>();
  private final ModelServer monitored =
      named("monitored", "model: {uri: 'https://h/m'}\nmonitoring: {serviceMonitor: {}}");
  private final ModelServer plain = named("plain", "model: {uri: 'https://h/m'}");
  private volatile boolean served;
  private volatile boolean away;

  private final OptionalKinds kinds = kinds(Duration.ofHours(1));

  private OptionalKinds kinds(Duration interval) {
    return new OptionalKinds(
        OptionalKind.ALL.stream().filter(kind -> kind.type() == ServiceMonitor.class).toList(),
        _ -> {
          if (away) {
            throw new KubernetesClientException("away");
          }
          return served;
        },
        _ -> {
          started.add(new Monitors());
          return started.getLast();
        },
        new Primaries(),
        interval);
  }

  @BeforeEach
  void start() {
    start(kinds);
  }

  private void start(OptionalKinds started) {
    started.setEventHandler((Event event) -> told.add(event.getRelatedCustomResourceID()));
    started.start();
  }

  @AfterEach
  void stop() {
    kinds.stop();
  }

  @Test
  void whoAsksForItIsToldThatItAppearsAndVanishes() {
    assertThat(kinds.servedFor(plain)).isEmpty();
    served = true;
    kinds.look();

    assertThat(told).containsExactly(MONITORED);
    assertThat(kinds.servedFor(plain)).containsExactly(ServiceMonitor.class);
    told.clear();
    kinds.look();
    assertThat(told).isEmpty();
    served = false;
    kinds.look();

    assertThat(told).containsExactly(MONITORED);
    assertThat(kinds.servedFor(plain)).isEmpty();
    assertThat(started).singleElement().matches(informer -> informer.stopped);
  }

  @Test
  void whoAsksForItIsLookedAtOnceItIsWatched() {
    served = true;
    kinds.look();
    told.clear();
    kinds.listed(ServiceMonitor.class);

    assertThat(told).containsExactly(MONITORED);
  }

  @Test
  void anInformerThatEndedIsStartedAnew() {
    served = true;
    kinds.look();
    started.getFirst().ended = true;
    kinds.look();

    assertThat(started).hasSize(2);
    assertThat(started.getFirst().stopped).isTrue();
    assertThat(started.getLast().stopped).isFalse();
  }

  @Test
  void whatAnIncompleteInformerHoldsIsNotKnown() {
    served = true;
    kinds.look();

    assertThat(kinds.find(ServiceMonitor.class, MONITORED)).isPresent();
    assertThat(kinds.complete(ServiceMonitor.class)).isTrue();
    started.getFirst().complete = false;

    assertThat(kinds.find(ServiceMonitor.class, MONITORED)).isEmpty();
    assertThat(kinds.complete(ServiceMonitor.class)).isFalse();
    assertThat(kinds.complete()).isEmpty();
  }

  @Test
  void withoutAnAnswerTheLastOneStands() {
    served = true;
    kinds.look();
    told.clear();
    away = true;
    kinds.look();

    assertThat(told).isEmpty();
    assertThat(kinds.servedFor(plain)).containsExactly(ServiceMonitor.class);
  }

  @Test
  void discoveryIsAskedNowAndThen() throws InterruptedException {
    OptionalKinds often = kinds(Duration.ofMillis(20));
    start(often);
    try {
      served = true;
      assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(MONITORED);
    } finally {
      often.stop();
    }
  }

  @Test
  void aKindThatSomebodyMissesIsLookedForSoon() throws InterruptedException {
    served = true;
    assertThat(kinds.servedFor(plain)).isEmpty();
    assertThat(kinds.servedFor(monitored)).isEmpty();

    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(MONITORED);
  }

  private static ModelServer named(String name, String spec) {
    ModelServer server = Yaml.modelServer(spec);
    server.getMetadata().setName(name);
    server.getMetadata().setNamespace("models");
    return server;
  }

  private final class Primaries implements Cache<ModelServer> {
    @Override
    public Optional<ModelServer> get(ResourceID id) {
      return list().filter(server -> ResourceID.fromResource(server).equals(id)).findFirst();
    }

    @Override
    public Stream<ResourceID> keys() {
      return list().map(ResourceID::fromResource);
    }

    @Override
    public Stream<ModelServer> list(Predicate<ModelServer> predicate) {
      return Stream.of(monitored, plain).filter(predicate);
    }
  }

  private static final class Monitors implements OptionalInformer<ServiceMonitor> {
    private boolean complete = true;
    private boolean ended;
    private boolean stopped;

    @Override
    public Class<ServiceMonitor> kind() {
      return ServiceMonitor.class;
    }

    @Override
    public boolean complete() {
      return complete;
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public void stop() {
      stopped = true;
    }

    @Override
    public Optional<ServiceMonitor> get(ResourceID id) {
      return Optional.of(new ServiceMonitorBuilder().build());
    }

    @Override
    public Stream<ResourceID> keys() {
      return Stream.of(MONITORED);
    }

    @Override
    public Stream<ServiceMonitor> list(Predicate<ServiceMonitor> predicate) {
      return Stream.empty();
    }
  }
}
