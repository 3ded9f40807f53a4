package dev.modelserver.operator.names;

/** Names under which the operator owns fields of objects. */
public final class FieldManagers {
  /** Of everything the operator applies. */
  public static final String OPERATOR = "modelserver-operator";

  /** Of {@code replicas}, until the autoscaler writes it. */
  public static final String REPLICAS = "modelserver-operator-replicas";

  private FieldManagers() {}
}
