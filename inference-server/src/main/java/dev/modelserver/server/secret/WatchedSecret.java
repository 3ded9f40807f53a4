package dev.modelserver.server.secret;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mounted Secret that may change while it is used: a good state is taken, and a bad one leaves
 * the last good one in use. {@link #look} is called by one thread at a time, the rest by any.
 */
public final class WatchedSecret<T> {

  /** Reads what the Secret holds. */
  @FunctionalInterface
  public interface Reader<T> {
    T read() throws SecretException;
  }

  /** Refuses a value that is well formed and still should not be used. */
  @FunctionalInterface
  public interface Check<T> {
    void check(T value) throws SecretException;
  }

  private final Path directory;
  private final Reader<T> reader;
  private final Check<T> check;
  private volatile T value;
  private volatile @Nullable String failure;
  private String fingerprint;

  /**
   * Begins with what is there. It must be well formed; when it does not pass the check, it is used
   * all the same, because there is no better one: {@link #failure} tells.
   */
  public WatchedSecret(Path directory, Reader<T> reader, Check<T> check) throws SecretException {
    this.directory = directory;
    this.reader = reader;
    this.check = check;
    fingerprint = SecretDirectory.fingerprint(directory);
    value = reader.read();
    try {
      check.check(value);
    } catch (SecretException e) {
      failure = e.sentence();
    }
  }

  /** The last good state. */
  public T value() {
    return value;
  }

  /** Why the state that is there now is not the one in use, or should not be; empty: it is good. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Looks at the files again, which costs next to nothing while they are the same and good.
   *
   * @return what happened since the last look
   */
  public Change look() {
    String seen = SecretDirectory.fingerprint(directory);
    if (!seen.isEmpty() && seen.equals(fingerprint) && failure == null) {
      return Change.NONE;
    }
    boolean same = !seen.isEmpty() && seen.equals(fingerprint);
    try {
      T read = reader.read();
      check.check(read);
      value = read;
      fingerprint = seen;
      failure = null;
      return Change.TAKEN;
    } catch (SecretException e) {
      fingerprint = seen;
      boolean told = same || e.sentence().equals(failure);
      failure = e.sentence();
      return told ? Change.NONE : Change.FAILED;
    }
  }

  /** What a look found. */
  public enum Change {
    /** Nothing that was not known before. */
    NONE,
    /** A good state, which is in use now. */
    TAKEN,
    /** A bad state, which is not. */
    FAILED
  }
}
