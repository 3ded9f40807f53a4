package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Objects that the API server answered with other values than those that were applied, because an
 * admission of the cluster changes them. To apply the same again would give the same answer: that
 * is done only when what is wanted or what is stored is another, and now and then, since nothing
 * tells that an admission is gone.
 */
public final class Answers {
  /** After this time the same is applied again. */
  static final Duration AGAIN = Duration.ofHours(1);

  /** What is wanted of an object that still exists is applied more often: others are gone. */
  private static final Duration FORGOTTEN = AGAIN.multipliedBy(3);

  private static final int MOST = 50_000;

  private final Clock clock;
  private final ChangedRecords records = new ChangedRecords();

  /** The eldest first. */
  private final Map<Key, Answer> answers = new LinkedHashMap<>();

  private record Key(String uid, String manager) {}

  /** Digests of what was applied and of how the answer differed from it, and when. */
  private record Answer(String wish, String differences, Instant at) {}

  public Answers(Clock clock) {
    this.clock = clock;
  }

  /** What is wanted of an object, as a digest; a request to try again makes it another one. */
  static String wish(JsonNode wanted, String retryToken) {
    return Json.digest(Drift.content(wanted)) + retryToken;
  }

  /** Whether applying would change nothing: the last answer to the same was what is stored. */
  synchronized boolean stands(
      String uid, String manager, String wish, List<Difference> differences) {
    Answer last = answers.get(new Key(uid, manager));
    return last != null
        && last.wish().equals(wish)
        && last.differences().equals(digest(differences))
        && clock.instant().isBefore(last.at().plus(AGAIN));
  }

  /** Whether the last answer about an object was another than what was applied. */
  synchronized boolean differed(String uid, String manager) {
    return answers.containsKey(new Key(uid, manager));
  }

  /** Remembers an answer; one without differences is nothing to remember. */
  synchronized void remember(
      String uid, String manager, String wish, List<Difference> differences) {
    Key key = new Key(uid, manager);
    answers.remove(key);
    if (!differences.isEmpty()) {
      answers.put(key, new Answer(wish, digest(differences), clock.instant()));
    }
    Instant old = clock.instant().minus(FORGOTTEN);
    while (!answers.isEmpty()) {
      Map.Entry<Key, Answer> eldest = answers.entrySet().iterator().next();
      if (answers.size() <= MOST && eldest.getValue().at().isAfter(old)) {
        break;
      }
      answers.remove(eldest.getKey());
    }
  }

  /** Forgets an object that is as it is wanted, or gone. */
  synchronized void forget(String uid, String manager) {
    answers.remove(new Key(uid, manager));
  }

  /** Forgets an object that is being deleted. */
  synchronized void gone(String uid) {
    answers.keySet().removeIf(key -> key.uid().equals(uid));
    records.forget(uid);
  }

  synchronized int size() {
    return answers.size();
  }

  ChangedRecords records() {
    return records;
  }

  /** The records as they were written, where an admission changed what is stored of them. */
  public List<ControllerRevision> asWritten(List<ControllerRevision> stored) {
    return stored.stream().map(records::asWritten).toList();
  }

  /** Whether the API server stores another record than the one that was written. */
  public boolean changed(ControllerRevision record) {
    return records.changed(record);
  }

  private static String digest(List<Difference> differences) {
    StringBuilder all = new StringBuilder();
    differences.forEach(
        d ->
            all.append(d.kind())
                .append(' ')
                .append(d.path())
                .append(' ')
                .append(Json.digest(d.wanted()))
                .append(Json.digest(d.actual()))
                .append('\n'));
    return CachedForm.digest(all.toString());
  }
}
