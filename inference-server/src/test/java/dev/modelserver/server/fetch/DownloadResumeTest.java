package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadResumeTest {

  private static final byte[] MODEL = new byte[100_000];
  private static final String OLD = "Wed, 21 Oct 2015 07:28:00 GMT";

  static {
    new Random(17).nextBytes(MODEL);
  }

  @TempDir Path folder;

  @Test
  void continuesWithTheSameEtag() throws Exception {
    try (RangeStore store = new RangeStore(MODEL, List.of(30_000, 20_000))) {
      assertThat(fetch(store)).isEqualTo(Digest.of(MODEL));

      assertThat(store.whole).hasValue(1);
      assertThat(store.resumed).hasValue(2);
      assertThat(store.conditions).containsExactly("\"v1\"", "\"v1\"");
      assertThat(folder.toFile().list()).containsExactly("model.onnx");
    }
  }

  @Test
  void continuesWithTheSameLastModified() throws Exception {
    try (RangeStore store = new RangeStore(MODEL, List.of(30_000))) {
      store.validator = List.of("Last-Modified", OLD);

      assertThat(fetch(store)).isEqualTo(Digest.of(MODEL));

      assertThat(store.conditions).containsExactly(OLD);
      assertThat(store.resumed).hasValue(1);
    }
  }

  /** A weak one may stay while bytes change; a date of the same second too. */
  @ParameterizedTest
  @ValueSource(
      strings = {"ETag|W/\"v1\"", "ETag|v1", "Last-Modified|Fri, 31 Dec 2100 00:00:00 GMT", "X|y"})
  void beginsAgainWhereTheVersionIsNotCertain(String validator) throws Exception {
    try (RangeStore store = new RangeStore(MODEL, List.of(30_000, 30_000))) {
      store.validator = List.of(validator.split("\\|"));

      assertThat(fetch(store)).isEqualTo(Digest.of(MODEL));

      assertThat(store.whole).hasValue(3);
      assertThat(store.resumed).hasValue(0);
      assertThat(store.conditions).isEmpty();
    }
  }

  @Test
  void beginsAgainWhenTheFileHasChanged() throws Exception {
    try (RangeStore store = new RangeStore(MODEL, List.of(30_000))) {
      store.next = Optional.of("\"v2\"");

      assertThat(fetch(store)).isEqualTo(Digest.of(MODEL));

      assertThat(store.whole).hasValue(2);
      assertThat(store.conditions).containsExactly("\"v1\"");
    }
  }

  @Test
  void beginsAgainWhereTheServerKnowsNoRanges() throws Exception {
    try (RangeStore store = new RangeStore(MODEL, List.of(30_000))) {
      store.ranges = false;

      assertThat(fetch(store)).isEqualTo(Digest.of(MODEL));

      assertThat(store.whole).hasValue(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 0-99999/100000",
        "bytes 30001-99999/100000",
        "bytes 30000-99999/*",
        "items 1-2/3",
        ""
      })
  void beginsAgainWhenAnotherRangeComes(String contentRange) throws Exception {
    try (RangeStore store = new RangeStore(MODEL, List.of(30_000))) {
      store.contentRange = Optional.of(contentRange);

      assertThat(fetch(store)).isEqualTo(Digest.of(MODEL));

      assertThat(store.whole).hasValue(2);
      assertThat(store.resumed).hasValue(1);
    }
  }

  @Test
  void continuesWhatAnEarlierPreflightLeft() throws Exception {
    try (RangeStore store = new RangeStore(MODEL, List.of())) {
      leave(40_000);

      assertThat(fetch(store)).isEqualTo(Digest.of(MODEL));

      assertThat(store.resumed).hasValue(1);
      assertThat(store.whole).hasValue(0);
    }
  }

  @Test
  void beginsAgainWhenNothingIsLeftToSend() throws Exception {
    try (RangeStore store = new RangeStore(MODEL, List.of())) {
      leave(MODEL.length);

      assertThat(fetch(store)).isEqualTo(Digest.of(MODEL));

      assertThat(store.unsatisfied).hasValue(1);
      assertThat(store.whole).hasValue(1);
    }
  }

  /** Each break would be the end after the retry time, if nothing had come between. */
  @Test
  void progressBeginsTheRetryTimeAnew() throws Exception {
    try (RangeStore store = new RangeStore(MODEL, Collections.nCopies(99, 1000))) {
      assertThat(fetch(store, Duration.ofMillis(300))).isEqualTo(Digest.of(MODEL));

      assertThat(store.resumed).hasValue(99);
    }
  }

  @Test
  void breaksWithoutProgressEndAfterTheRetryTime() throws Exception {
    try (RangeStore store = new RangeStore(MODEL, Collections.nCopies(1000, 0))) {
      PreflightException failure =
          catchThrowableOfType(
              PreflightException.class, () -> fetch(store, Duration.ofMillis(300)));

      assertThat(failure.reason()).isEqualTo(Reason.DownloadFailed);
      assertThat(failure.sentence()).contains("broke the connection before the end of the file");
      assertThat(store.whole).hasValueBetween(2, 20);
    }
  }

  private void leave(int bytes) throws IOException {
    Files.write(folder.resolve("model.onnx.part"), Arrays.copyOf(MODEL, bytes));
    Files.writeString(folder.resolve("model.onnx.version.part"), "\"v1\"");
  }

  private Digest fetch(RangeStore store) throws PreflightException {
    return fetch(store, Duration.ofSeconds(4));
  }

  private Digest fetch(RangeStore store, Duration retrying) throws PreflightException {
    Network network =
        new Network(
            InetAddress::isLoopbackAddress,
            new Limits(retrying, Duration.ofSeconds(5), Duration.ofSeconds(60)));
    return new Download(store.uri(), StoreAccess.open(network, AllowedHosts.ANY))
        .copyModel(new ModelStore(folder, 1_000_000));
  }
}
