package dev.modelserver.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a cache missed is told from what it has not heard of yet. */
class AuditedCacheTest {
  private final Objects stored = new Objects();
  private final Objects held = new Objects();
  private final AuditedCache<ConfigMap> audited = new AuditedCache<>("ConfigMap", stored, held);

  @Test
  void equalIsNotSuspicious() {
    stored.put("a", 7);
    held.put("a", 7);

    assertThat(audited.suspects()).isEmpty();
  }

  @Test
  void aCacheMayBeAheadOfTheList() {
    stored.put("a", 7);
    held.put("a", 8);

    assertThat(audited.suspects()).isEmpty();
  }

  @Test
  void aLostChangeStaysWrong() {
    stored.put("a", 8);
    held.put("a", 7);

    assertThat(audited.suspects()).singleElement().matches(AuditedCache.Suspect::stillWrong);
  }

  @Test
  void aLateChangeIsSettledByTime() {
    stored.put("a", 8);
    held.put("a", 7);
    var suspects = audited.suspects();
    held.put("a", 8);

    assertThat(suspects).singleElement().matches(suspect -> !suspect.stillWrong());
  }

  @Test
  void aLostAdditionStaysWrong() {
    stored.put("a", 7);

    assertThat(audited.suspects())
        .singleElement()
        .matches(AuditedCache.Suspect::stillWrong)
        .hasToString("ConfigMap models/a");
  }

  @Test
  void anAdditionThatIsDeletedMeanwhileIsSettled() {
    stored.put("a", 7);
    var suspects = audited.suspects();
    stored.objects.clear();

    assertThat(suspects).singleElement().matches(suspect -> !suspect.stillWrong());
  }

  @Test
  void aLostDeletionStaysWrong() {
    held.put("a", 7);

    assertThat(audited.suspects()).singleElement().matches(AuditedCache.Suspect::stillWrong);
  }

  @Test
  void aLateDeletionIsSettledByTime() {
    held.put("a", 7);
    var suspects = audited.suspects();
    held.objects.clear();

    assertThat(suspects).singleElement().matches(suspect -> !suspect.stillWrong());
  }

  /** ConfigMaps by name, as a cache or as the API server has them. */
  private static final class Objects implements Cache<ConfigMap>, AuditedCache.Stored<ConfigMap> {
    private final Map<String, ConfigMap> objects = new ConcurrentHashMap<>();

    void put(String name, long version) {
      objects.put(
          name,
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace("models")
              .withName(name)
              .withResourceVersion(Long.toString(version))
              .endMetadata()
              .build());
    }

    @Override
    public Optional<ConfigMap> get(ResourceID id) {
      return Optional.ofNullable(objects.get(id.getName()));
    }

    @Override
    public Stream<ResourceID> keys() {
      return objects.values().stream().map(ResourceID::fromResource);
    }

    @Override
    public Stream<ConfigMap> list(Predicate<ConfigMap> predicate) {
      return objects.values().stream().filter(predicate);
    }

    @Override
    public void forEach(Consumer<ConfigMap> reader) {
      objects.values().forEach(reader);
    }

    @Override
    public boolean exists(ResourceID id) {
      return objects.containsKey(id.getName());
    }
  }
}
