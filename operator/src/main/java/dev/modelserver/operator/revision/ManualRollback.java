package dev.modelserver.operator.revision;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A person's wish to run an earlier revision, as a revision remembers it.
 *
 * @param request value of the annotation modelserver.dev/rollback-to that was last obeyed or was
 *     there when the spec came to this revision: only another value is a new wish
 * @param to hash of the revision that runs in place of this one; empty: the wish was not about it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ManualRollback(String request, String to) {
  /** Whether another revision runs in place of the one that remembers this. */
  public boolean active() {
    return !to.isEmpty();
  }

  /** The same wish, which a new spec ended. */
  ManualRollback over() {
    return new ManualRollback(request, "");
  }
}
