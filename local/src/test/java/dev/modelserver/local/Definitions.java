package dev.modelserver.local;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Objects;

/** A small definition of ModelServers, for tests that do not depend on the real one. */
public final class Definitions {
  private Definitions() {}

  public static CustomResourceDefinition modelServer() {
    return Serialization.unmarshal(
        Objects.requireNonNull(Definitions.class.getResourceAsStream("/definition.yaml")),
        CustomResourceDefinition.class);
  }
}
