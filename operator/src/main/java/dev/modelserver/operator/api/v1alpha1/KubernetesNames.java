package dev.modelserver.operator.api.v1alpha1;

/** The forms that Kubernetes itself demands of names in a reference. */
public final class KubernetesNames {
  /** Name of an object: a DNS subdomain. */
  public static final String SUBDOMAIN =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  /** Key of a ConfigMap or Secret: no path, and not of the kubelet's own files (..data). */
  public static final String CONFIG_MAP_KEY = "^\\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$";

  /** Characters that a name or a key may have. */
  public static final int LONGEST = 253;

  private KubernetesNames() {}
}
