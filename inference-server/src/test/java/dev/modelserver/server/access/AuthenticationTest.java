package dev.modelserver.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.secret.ClientTokens;
import dev.modelserver.server.secret.SecretException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {

  private static final String WEB = "web:web:web:web:web";
  private static final String BATCH = "batch-batch-batch-1";
  private static final Caller ANONYMOUS = new Caller("anonymous", false, false);
  private static final Caller UNKNOWN = new Caller("unknown", false, true);

  @TempDir private Path folder;
  private Authentication strict = Authentication.off();
  private Authentication permissive = Authentication.off();

  @BeforeEach
  void read() throws IOException, SecretException {
    Files.writeString(folder.resolve("web"), WEB + "\n");
    Files.writeString(folder.resolve("batch"), BATCH);
    ClientTokens tokens = ClientTokens.read(folder, "s");
    strict = Authentication.by(() -> tokens, true);
    permissive = Authentication.by(() -> tokens, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER   "})
  void aTokenIsItsClients(String scheme) {
    assertThat(caller(scheme + WEB)).isEqualTo(new Caller("web", true, true));
    assertThat(caller(scheme + BATCH)).isEqualTo(new Caller("batch", true, true));
  }

  @Test
  void aNameAndItsTokenAreItsClientsAndNoOtherName() {
    assertThat(caller(basic("web:" + WEB))).isEqualTo(new Caller("web", true, true));
    for (String wrong : List.of("batch:" + WEB, ":" + WEB, WEB, "web:" + BATCH, "Web:" + WEB)) {
      assertThat(caller(basic(wrong))).as(wrong).isEqualTo(UNKNOWN);
    }
  }

  @Test
  void anythingElseIsNobodys() {
    for (String wrong :
        List.of(
            "",
            " ",
            "Bearer",
            "Bearer ",
            "Bearer " + WEB + "x",
            "Bearer\t" + WEB,
            "Bearer " + WEB + " " + WEB,
            "Basic",
            "Basic \u00ff",
            "Digest " + WEB,
            WEB,
            "Bearer " + "x".repeat(2000))) {
      assertThat(caller(wrong)).as(wrong).isEqualTo(UNKNOWN);
    }
    assertThat(strict.caller(List.of("Bearer " + WEB, "Bearer " + WEB))).isEqualTo(UNKNOWN);
    assertThat(strict.caller(List.of())).isEqualTo(ANONYMOUS);
    assertThat(strict.caller(null)).isEqualTo(ANONYMOUS);
  }

  @Test
  void strictAdmitsKnownClientsOnly() {
    Caller known = caller("Bearer " + WEB);
    assertThat(List.of(known, UNKNOWN, ANONYMOUS))
        .allMatch(permissive::admits)
        .filteredOn(strict::admits)
        .containsExactly(known);
  }

  @Test
  void withoutTokensItIsOff() {
    assertThat(Authentication.off().on()).isFalse();
    assertThat(strict.on()).isTrue();
  }

  private Caller caller(String header) {
    return strict.caller(List.of(header));
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
