package dev.modelserver.operator.faults;

import java.util.Comparator;

/**
 * A right.
 *
 * @param verb as RBAC has it
 * @param resource group, a slash, and the plural name, with the subresource after another
 */
record Access(String verb, String resource) implements Comparable<Access> {
  private static final Comparator<Access> ORDER =
      Comparator.comparing(Access::resource).thenComparing(Access::verb);

  @Override
  public int compareTo(Access other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return verb + " " + resource;
  }
}
