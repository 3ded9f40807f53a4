package dev.modelserver.operator.apply;

import dev.modelserver.operator.snapshot.ForeignText;

/**
 * A field of an object of ours that an admission of the cluster set to another value than the one
 * that was applied.
 *
 * @param object kind and name of the object
 * @param path of the field, as conflicts of an apply name it
 * @param wanted the value that was applied, for people
 * @param actual the value that is stored, for people
 */
public record OverriddenField(String object, String path, String wanted, String actual) {
  private static final int LONGEST_PATH = 200;
  private static final int LONGEST_VALUE = 100;

  /** A field with texts of others in it. */
  public OverriddenField {
    path = ForeignText.shown(path, LONGEST_PATH);
    wanted = ForeignText.shown(wanted, LONGEST_VALUE);
    actual = ForeignText.shown(actual, LONGEST_VALUE);
  }

  /** Which value stands, and which one was applied. */
  public String sentence() {
    return "%s has %s = %s instead of %s".formatted(object, path, actual, wanted);
  }
}
