package dev.modelserver.server.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.secret.SecretException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTokensTest {

  private static final String A = "a".repeat(16);
  private static final String B = "b".repeat(512);

  @TempDir private Path folder;

  @Test
  void eachTokenIsItsClients() throws Exception {
    MountedSecret.of(folder).put("web", A + "\n" + B + "\n").put("batch-1", "c".repeat(20)).swap();

    ClientTokens tokens = ClientTokens.read(folder, "s");

    assertThat(tokens.clients()).containsExactly("batch-1", "web");
    assertThat(tokens.client(A)).isEqualTo("web");
    assertThat(tokens.client(B)).isEqualTo("web");
    assertThat(tokens.client("c".repeat(20))).isEqualTo("batch-1");
    assertThat(tokens.client("c".repeat(19))).isNull();
    assertThat(tokens.client("")).isNull();
    assertThat(tokens.client(B + "b")).isNull();
  }

  @Test
  void aDirectoryWithPlainFilesIsReadTooAndHiddenNamesAreNot() throws Exception {
    Files.writeString(folder.resolve("web"), A);
    Files.writeString(folder.resolve(".hidden"), "x");
    Files.createDirectory(folder.resolve("folder"));

    assertThat(ClientTokens.read(folder, "s").clients()).containsExactly("web");
  }

  @Test
  void aClientMayHaveTheSameTokenTwiceAndTwoClientsMayNot() throws Exception {
    MountedSecret.of(folder).put("web", A + "\n" + A).swap();
    assertThat(ClientTokens.read(folder, "s").client(A)).isEqualTo("web");

    MountedSecret.of(folder).put("app", A).put("web", A).swap();
    assertThat(fault())
        .isEqualTo("clients app and web of Secret s have the same token; give each its own");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0123456789 abcdef | line 1 of client web of Secret s has blanks or a carriage return; write one token a line, ended by a line feed",
        "0123456789abcdef\\r\\n | line 1 of client web of Secret s has blanks or a carriage return; write one token a line, ended by a line feed",
        "0123456789abcdef\\t | line 1 of client web of Secret s has blanks or a carriage return; write one token a line, ended by a line feed",
        "0123456789abcdef\\n\\n | line 2 of client web of Secret s is empty; write one token a line, without empty lines",
        "0123456789abcdé | line 1 of client web of Secret s has a character that is not visible ASCII; use letters, digits and punctuation",
        "0123456789abcde | line 1 of client web of Secret s has 15 characters; a token takes 16 to 512, for example of \"openssl rand -hex 32\"",
      })
  void whatIsNoTokenIsRefusedWithoutShowingIt(String value, String message) throws IOException {
    MountedSecret.of(folder)
        .put("web", value.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t"))
        .swap();

    assertThat(fault()).isEqualTo(message).doesNotContain("0123456789");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n"})
  void aClientWithoutATokenIsRefused(String value) throws IOException {
    MountedSecret.of(folder).put("web", value).swap();
    assertThat(fault())
        .isEqualTo("client web of Secret s has no token; give it one, or remove the key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"anonymous", "unknown", "-web", "web_", "a:b", "a b"})
  void aNameThatIsNotSafeIsRefused(String name) throws IOException {
    MountedSecret.of(folder).put(name, A).swap();
    assertThat(fault()).startsWith("key \"" + name + "\" of Secret s is no name for a client; ");
  }

  @Test
  void aLongNameIsRefused() throws IOException {
    MountedSecret.of(folder).put("n".repeat(64), A).swap();
    assertThat(fault()).contains("is no name for a client");
  }

  @Test
  void nothingAndTooMuchAreRefused() throws IOException {
    MountedSecret.of(folder).swap();
    assertThat(fault()).startsWith("Secret s has no client; ");

    MountedSecret.of(folder).put("web", (A + "\n").repeat(17)).swap();
    assertThat(fault()).startsWith("client web of Secret s has more than 16 tokens");

    MountedSecret.of(folder).put("web", "x".repeat((16 << 10) + 1)).swap();
    assertThat(fault()).startsWith("web of Secret s has more than 16384 bytes");

    MountedSecret many = MountedSecret.of(folder);
    for (int i = 0; i < 257; i++) {
      many.put("client-" + i, A + i);
    }
    many.swap();
    assertThat(fault()).isEqualTo("Secret s has more than 256 keys; use fewer");
  }

  private String fault() {
    SecretException e =
        catchThrowableOfType(SecretException.class, () -> ClientTokens.read(folder, "s"));
    assertThat(e.fault()).isEqualTo(Fault.TOKENS_INVALID);
    return e.sentence();
  }
}
