package dev.modelserver.server.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.EmptyAxes.InputAxis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialResultsTest {

  private static final Digest MODEL = digest(1);
  private static final InputAxis PAST_KEY = new InputAxis("past \"key\"", 2);
  private static final InputAxis PAST_VALUE = new InputAxis("past value", 2);
  private static final InputAxis BOXES = new InputAxis("boxes", 0);

  @TempDir Path folder;

  @Test
  void readsWhatItWrote() throws IOException {
    TrialResults results =
        new TrialResults(
            true,
            Set.of(digest(2), digest(3)),
            Set.of(digest(4)),
            new EmptyAxes(Set.of(Set.of(PAST_KEY, PAST_VALUE), Set.of(BOXES))));
    ModelDirectory directory = new ModelDirectory(folder);

    results.write(directory, MODEL);

    assertThat(TrialResults.read(directory, MODEL)).contains(results);
    assertThat(TrialResults.read(directory, digest(9))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"version\":2,\"model\":\"MODEL\"}",
        "{\"version\":1,\"model\":\"MODEL\",\"crashed\":[\"no digest\"]}",
        "{\"version\":1,\"model\":\"MODEL\",\"survived\":[1]}"
      })
  void knowsNothingOfAFileThatItCannotRead(String content) throws IOException {
    Files.writeString(folder.resolve(TrialResults.FILE), content.replace("MODEL", MODEL.hex()));

    assertThat(TrialResults.read(new ModelDirectory(folder), MODEL)).isEmpty();
  }

  @Test
  void knowsNothingOfAMissingFileOrALargeOne() throws IOException {
    assertThat(TrialResults.read(new ModelDirectory(folder), MODEL)).isEmpty();

    Files.write(folder.resolve(TrialResults.FILE), new byte[5 << 20]);

    assertThat(TrialResults.read(new ModelDirectory(folder), MODEL)).isEmpty();
  }

  @Test
  void allowsTheCombinationsThatRanAndNoOthers() {
    EmptyAxes axes = new EmptyAxes(Set.of(Set.of(PAST_KEY, PAST_VALUE), Set.of(BOXES)));

    assertThat(axes.allow(Set.of())).isTrue();
    assertThat(axes.allow(Set.of(PAST_VALUE, PAST_KEY))).isTrue();
    assertThat(axes.allow(Set.of(BOXES))).isTrue();
    assertThat(axes.allow(Set.of(PAST_KEY))).isFalse();
    assertThat(axes.allow(Set.of(PAST_KEY, PAST_VALUE, BOXES))).isFalse();
    assertThat(EmptyAxes.NONE.allow(Set.of(BOXES))).isFalse();
  }

  private static Digest digest(int number) {
    return Digest.of(new byte[] {(byte) number});
  }
}
