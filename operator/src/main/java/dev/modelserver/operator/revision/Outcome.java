package dev.modelserver.operator.revision;

/** What became of a revision, in one word for people. */
public enum Outcome {
  /** It was completely rolled out. */
  GOOD("Good"),
  /** It failed, or a person took it back; another one took its place. */
  ROLLED_BACK("RolledBack"),
  /** The spec asks for it, and nothing is decided yet. */
  ROLLING_OUT("RollingOut"),
  /** The spec left it before it was completely rolled out. */
  SUPERSEDED("Superseded");

  private final String word;

  Outcome(String word) {
    this.word = word;
  }

  /** The word, as status and labels have it. */
  public String word() {
    return word;
  }
}
