package dev.modelserver.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.operator.Yaml;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the same is applied again. */
class AnswersTest {
  private static final String WANTED = "{'spec':{'a':1,'b':1}}";
  private static final String ANSWER = "{'spec':{'a':2,'b':1}}";

  private Instant now = Instant.parse("2026-11-30T12:00:00Z");
  private final InstantSource time = () -> now;
  private final Answers answers = new Answers(time.withZone(ZoneOffset.UTC));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "the same          | {'spec':{'a':1,'b':1}} | {'spec':{'a':2,'b':1}}       |       | 0   | true",
        "another order     | {'spec':{'b':1,'a':1}} | {'spec':{'b':1,'a':2}}       |       | 0   | true",
        "foreign field     | {'spec':{'a':1,'b':1}} | {'spec':{'a':2,'b':1,'c':1}} |       | 0   | true",
        "another wish      | {'spec':{'a':3,'b':1}} | {'spec':{'a':2,'b':1}}       |       | 0   | false",
        "one field more    | {'spec':{'a':1,'b':1}} | {'spec':{'a':2,'b':3}}       |       | 0   | false",
        "another answer    | {'spec':{'a':1,'b':1}} | {'spec':{'a':4,'b':1}}       |       | 0   | false",
        "a request to try  | {'spec':{'a':1,'b':1}} | {'spec':{'a':2,'b':1}}       | again | 0   | false",
        "shortly before    | {'spec':{'a':1,'b':1}} | {'spec':{'a':2,'b':1}}       |       | 59  | true",
        "after an hour     | {'spec':{'a':1,'b':1}} | {'spec':{'a':2,'b':1}}       |       | 60  | false",
      })
  void theSameIsAppliedAgainWhenTheWishOrTheAnswerIsAnother(
      String why, String wanted, String stored, String retry, int minutes, boolean stands) {
    remember("one");
    now = now.plus(Duration.ofMinutes(minutes));

    assertThat(
            answers.stands(
                "one",
                "us",
                Answers.wish(json(wanted), retry == null ? "" : retry),
                Drift.between(json(wanted), json(stored), "us")))
        .as(why)
        .isEqualTo(stands);
  }

  @Test
  void anObjectAndAManagerAreAnswered() {
    remember("one");

    assertThat(stands("one", "us")).isTrue();
    assertThat(stands("another", "us")).isFalse();
    assertThat(stands("one", "another")).isFalse();
  }

  @Test
  void aRepairedObjectAndADeletedOneAreForgotten() {
    remember("one");
    answers.remember("one", "us", Answers.wish(json(WANTED), ""), List.of());
    assertThat(answers.size()).isZero();

    remember("two");
    answers.forget("two", "us");
    assertThat(answers.size()).isZero();

    remember("three");
    answers.gone("three");
    assertThat(answers.size()).isZero();
  }

  /** Those that are looked at are applied once an hour. */
  @Test
  void objectsThatNobodyLooksAtAreForgotten() {
    remember("gone");
    remember("stays");
    for (int hour = 0; hour < 4; hour++) {
      now = now.plus(Answers.AGAIN);
      remember("stays");
    }

    assertThat(answers.size()).isEqualTo(1);
    assertThat(stands("stays", "us")).isTrue();
  }

  @Test
  void thereIsABound() {
    for (int i = 0; i < 50_100; i++) {
      answers.remember("object-" + i, "us", "wish", differences());
    }

    assertThat(answers.size()).isEqualTo(50_000);
    assertThat(answers.differed("object-99", "us")).isFalse();
    assertThat(answers.differed("object-100", "us")).isTrue();
  }

  @Test
  void aChangedRecordCountsAsItWasWritten() {
    ControllerRevision sent = record("1", "{modelserver.dev/proven-at: '3'}", "a");
    ControllerRevision answer = record("7", "{modelserver.dev/proven-at: x, foreign: y}", "b");
    answered(sent, answer);

    assertThat(answers.changed(answer)).isTrue();
    ControllerRevision read = answers.asWritten(List.of(answer)).getFirst();
    assertThat(read.getMetadata().getAnnotations()).isEqualTo(sent.getMetadata().getAnnotations());
    assertThat(read.getData()).isEqualTo(sent.getData());
    assertThat(read.getMetadata().getResourceVersion()).isEqualTo("7");

    ControllerRevision edited = record("8", "{modelserver.dev/proven-at: x, foreign: y}", "b");
    assertThat(answers.changed(edited)).as("somebody wrote it since").isFalse();
    assertThat(answers.asWritten(List.of(edited))).containsExactly(edited);

    answered(sent, record("9", "{modelserver.dev/proven-at: '3'}", "a"));
    assertThat(answers.changed(answer)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "labels: {a: c}, annotations: {}   | revision: 3 | data: {template: a}       | false",
        "annotations: {foreign: x}         | revision: 3 | data: {template: a}       | false",
        "annotations: {modelserver.dev/a: x} | revision: 3 | data: {template: a}     | true",
        "annotations: {}                   | revision: 4 | data: {template: a}       | true",
        "annotations: {}                   | revision: 3 | data: {template: b}       | true",
        "annotations: {}                   | revision: 3 | data: {template: a, b: c} | true",
      })
  void theContentOfARecordIsWhatTheStatusConfirms(
      String metadata, String revision, String data, boolean changed) {
    ControllerRevision answer =
        Yaml.read(
            ControllerRevision.class,
            "metadata: {name: iris-1, uid: u, resourceVersion: '7', %s}\n%s\n%s"
                .formatted(metadata, revision, data));
    answered(record("1", "{}", "a"), answer);

    assertThat(answers.changed(answer)).isEqualTo(changed);
  }

  private void remember(String uid) {
    answers.remember(uid, "us", Answers.wish(json(WANTED), ""), differences());
  }

  private boolean stands(String uid, String manager) {
    return answers.stands(uid, manager, Answers.wish(json(WANTED), ""), differences());
  }

  private static List<Difference> differences() {
    return Drift.between(json(WANTED), json(ANSWER), "us");
  }

  private void answered(ControllerRevision sent, ControllerRevision answer) {
    answers.records().answered(sent, answer, tree(sent), tree(answer));
  }

  private static ControllerRevision record(String version, String annotations, String template) {
    return Yaml.read(
        ControllerRevision.class,
        """
        metadata: {name: iris-1, uid: u, resourceVersion: '%s', labels: {a: b}, annotations: %s}
        revision: 3
        data: {template: %s}
        """
            .formatted(version, annotations, template));
  }

  private static JsonNode tree(ControllerRevision record) {
    return Json.tree(new KubernetesSerialization().asJson(record));
  }

  private static JsonNode json(String text) {
    return Json.tree(text.replace('\'', '"'));
  }
}
