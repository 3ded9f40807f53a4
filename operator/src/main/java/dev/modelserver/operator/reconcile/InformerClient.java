package dev.modelserver.operator.reconcile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.modelserver.operator.apply.CachedForm;
import dev.modelserver.operator.config.Client;
import dev.modelserver.operator.config.TolerantJson;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.Set;

/**
 * The client of the informers, which reads objects in the form that is cached: what nobody reads is
 * gone before a list of them can fill the heap.
 */
final class InformerClient {
  private InformerClient() {}

  /**
   * A client beside another, of the same configuration.
   *
   * @param kinds those that are cached
   */
  static KubernetesClient beside(KubernetesClient client, Set<Class<? extends HasMetadata>> kinds) {
    ObjectMapper mapper = new ObjectMapper();
    TolerantJson.tolerate(mapper);
    mapper.registerModule(
        new SimpleModule("cached-form").setDeserializerModifier(new Reading(kinds)));
    KubernetesSerialization serialization = new KubernetesSerialization(mapper, false);
    kinds.forEach(serialization::registerKubernetesResource);
    serialization.registerKubernetesResource(Status.class);
    return Client.of(client.getConfiguration(), serialization);
  }

  /** Reads some types in their cached form. */
  private static final class Reading extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    private final transient Set<Class<? extends HasMetadata>> kinds;

    Reading(Set<Class<? extends HasMetadata>> kinds) {
      this.kinds = kinds;
    }

    @Override
    public JsonDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> whole) {
      return kinds.contains(bean.getBeanClass()) ? new Trimming(whole) : whole;
    }
  }

  private static final class Trimming extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    Trimming(JsonDeserializer<?> whole) {
      super(whole);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> whole) {
      return new Trimming(whole);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return switch (super.deserialize(parser, context)) {
        case Event event -> CachedForm.of(event);
        case HasMetadata object -> CachedForm.of(object);
        case Object other -> other;
      };
    }
  }
}
