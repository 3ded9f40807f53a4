package dev.modelserver.server.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.secret.WatchedSecret.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedSecretTest {

  private static final String OLD = "old-old-old-old-old";
  private static final String NEW = "new-new-new-new-new";

  @TempDir private Path folder;

  private final AtomicInteger reads = new AtomicInteger();

  @Test
  void aNewStateIsTakenAndTheSameIsNotReadAgain() throws Exception {
    write(OLD);
    WatchedSecret<ClientTokens> watched = tokens();
    assertThat(watched.look()).isEqualTo(Change.NONE);
    assertThat(reads).hasValue(1);

    write(NEW);
    assertThat(watched.look()).isEqualTo(Change.TAKEN);
    assertThat(watched.value().client(NEW)).isEqualTo("web");
    assertThat(watched.value().client(OLD)).isNull();
    assertThat(watched.look()).isEqualTo(Change.NONE);
    assertThat(reads).hasValue(2);
  }

  @Test
  void aBadStateLeavesTheLastGoodOneAndIsToldOnce() throws Exception {
    write(OLD);
    WatchedSecret<ClientTokens> watched = tokens();

    write("short");
    assertThat(watched.look()).isEqualTo(Change.FAILED);
    assertThat(watched.failure()).hasValueSatisfying(why -> assertThat(why).contains("5 char"));
    assertThat(watched.look()).isEqualTo(Change.NONE);
    write("brief");
    assertThat(watched.look()).as("the same fault").isEqualTo(Change.NONE);
    write("two words are not one");
    assertThat(watched.look()).as("another fault").isEqualTo(Change.FAILED);
    assertThat(watched.value().client(OLD)).isEqualTo("web");

    write(OLD);
    assertThat(watched.look()).isEqualTo(Change.TAKEN);
    assertThat(watched.failure()).isEmpty();
  }

  @Test
  void aMountThatIsGoneIsABadState() throws Exception {
    Path directory = folder.resolve("mount");
    MountedSecret.of(directory).put("web", OLD).swap();
    WatchedSecret<ClientTokens> watched =
        new WatchedSecret<>(directory, () -> ClientTokens.read(directory, "s"), value -> {});

    MountedSecret.of(directory).swap();
    assertThat(watched.look()).isEqualTo(Change.FAILED);
    assertThat(watched.value().client(OLD)).isEqualTo("web");
  }

  @Test
  void itBeginsWithWhatIsWellFormedAndWithNothingElse() throws Exception {
    TestCertificate.of("-keyalg EC", "iris").write(folder);
    WatchedSecret<ServerCertificate> watched =
        new WatchedSecret<>(
            folder,
            () -> ServerCertificate.read(folder, "s"),
            certificate -> certificate.check(Instant.now().plus(Duration.ofDays(60)), List.of()));
    assertThat(watched.failure())
        .hasValueSatisfying(why -> assertThat(why).contains("expired at "));
    assertThat(watched.look()).as("known since the start").isEqualTo(Change.NONE);

    Path empty = folder.resolve("empty");
    assertThatThrownBy(
            () -> new WatchedSecret<>(empty, () -> ClientTokens.read(empty, "s"), value -> {}))
        .isInstanceOf(SecretException.class);
  }

  @Test
  void aCertificateBecomesValidWithoutAChangeOfItsFiles() throws Exception {
    TestCertificate.of("-keyalg EC", "iris").write(folder);
    AtomicInteger days = new AtomicInteger(-1);
    WatchedSecret<ServerCertificate> watched =
        new WatchedSecret<>(
            folder,
            () -> ServerCertificate.read(folder, "s"),
            certificate ->
                certificate.check(
                    Instant.now().plus(Duration.ofDays(days.get())), List.of("iris")));
    assertThat(watched.failure()).isPresent();

    days.set(1);
    assertThat(watched.look()).isEqualTo(Change.TAKEN);
    assertThat(watched.failure()).isEmpty();
  }

  private WatchedSecret<ClientTokens> tokens() throws SecretException {
    return new WatchedSecret<>(
        folder,
        () -> {
          reads.incrementAndGet();
          return ClientTokens.read(folder, "s");
        },
        value -> {});
  }

  private void write(String token) throws IOException {
    MountedSecret.of(folder).put("web", token).swap();
  }
}
