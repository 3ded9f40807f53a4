package dev.modelserver.server.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.onnx.RunGuard.Permit;
import dev.modelserver.server.onnx.RunRefusedException;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The processes of a pod, one after the other: each leaves its files as they are. */
class CrashRecorderTest {

  private static final Digest MODEL = Digest.of(new byte[] {1});

  @TempDir Path directory;

  @Test
  void recordsNothingBeforeTheFirstCrash() throws IOException {
    assertThat(CrashRecorder.open(directory.resolve("state"), MODEL)).isEmpty();
    assertThat(directory.resolve("state")).isEmptyDirectory();
    // killed, or ended in order: neither leaves an error file
    assertThat(CrashRecorder.open(directory.resolve("state"), MODEL)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# There is insufficient memory for the Java Runtime Environment to continue.",
        "#  Internal Error (x.cpp:1), pid=1, tid=12"
      })
  void takesNoOtherEndForACrash(String content) throws IOException {
    Files.writeString(directory.resolve(FatalErrorLog.FILE), content);

    assertThat(CrashRecorder.open(directory, MODEL)).isEmpty();
  }

  @Test
  void refusesWhatWasTheOnlyRun() throws Exception {
    crash("SIGFPE");
    CrashRecorder second = CrashRecorder.open(directory, MODEL).orElseThrow();
    assertThat(second.crashes()).isEqualTo(1);
    assertThat(second.refused()).isZero();
    second.begin(request("good")).close();
    var _ = second.begin(request("bad"));
    crash("SIGSEGV");

    CrashRecorder third = CrashRecorder.open(directory, MODEL).orElseThrow();

    assertThat(third.crashes()).isEqualTo(2);
    assertThat(third.signal()).isEqualTo("SIGSEGV");
    assertThat(third.refused()).isEqualTo(1);
    assertThatThrownBy(() -> third.begin(request("bad")))
        .isInstanceOf(RunRefusedException.class)
        .hasMessageContaining("ended the server's process (SIGSEGV)");
    third.begin(request("good")).close();
    // a later process still knows it, and one that was killed adds nothing
    var _ = third.begin(request("good"));
    CrashRecorder fourth = CrashRecorder.open(directory, MODEL).orElseThrow();
    assertThatThrownBy(() -> fourth.begin(request("bad"))).isInstanceOf(RunRefusedException.class);
    fourth.begin(request("good")).close();
  }

  @Test
  void runsEachOfSeveralAlone() throws Exception {
    crash("SIGFPE");
    CrashRecorder second = CrashRecorder.open(directory, MODEL).orElseThrow();
    for (String text : List.of("a", "b", "bad")) {
      var _ = second.begin(request(text));
    }
    crash("SIGFPE");
    CrashRecorder third = CrashRecorder.open(directory, MODEL).orElseThrow();
    assertThat(third.suspects()).isEqualTo(3);
    assertThat(third.refused()).isZero();

    third.begin(request("a")).close();
    assertThat(third.suspects()).isEqualTo(2);
    var _ = third.begin(request("bad"));
    crash("SIGFPE");

    CrashRecorder fourth = CrashRecorder.open(directory, MODEL).orElseThrow();
    assertThat(fourth.suspects()).isEqualTo(1);
    assertThat(fourth.refused()).isEqualTo(1);
    assertThatThrownBy(() -> fourth.begin(request("bad"))).isInstanceOf(RunRefusedException.class);
    fourth.begin(request("a")).close();
    fourth.begin(request("b")).close();
    assertThat(fourth.suspects()).isZero();
  }

  @Test
  void letsNothingRunBesideASuspect() throws Exception {
    crash("SIGFPE");
    CrashRecorder second = CrashRecorder.open(directory, MODEL).orElseThrow();
    var _ = second.begin(request("a"));
    var _ = second.begin(request("b"));
    crash("SIGFPE");
    CrashRecorder third = CrashRecorder.open(directory, MODEL).orElseThrow();
    Permit other = third.begin(request("other"));
    CountDownLatch alone = new CountDownLatch(1);
    Thread suspect =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (Permit _ = third.begin(request("a"))) {
                    alone.countDown();
                  } catch (RunRefusedException e) {
                    throw new IllegalStateException(e);
                  }
                });

    while (suspect.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(alone.getCount()).isEqualTo(1);
    other.close();
    assertThat(alone.await(10, TimeUnit.SECONDS)).isTrue();
    suspect.join();
  }

  @Test
  void forgetsWhatItKnewOfAnotherModel() throws Exception {
    crash("SIGFPE");
    assertThat(CrashRecorder.open(directory, MODEL)).isPresent();

    assertThat(CrashRecorder.open(directory, Digest.of(new byte[] {2}))).isEmpty();
  }

  private void crash(String signal) throws IOException {
    Files.writeString(
        directory.resolve(FatalErrorLog.FILE),
        """
        #
        # A fatal error has been detected by the Java Runtime Environment:
        #
        #  %s (0x8) at pc=0x00007f0f1d03dad8, pid=1, tid=12
        """
            .formatted(signal));
  }

  private static Map<String, Tensor> request(String text) {
    return Map.of("x", new StringTensor(Shape.of(1), List.of(text)));
  }
}
