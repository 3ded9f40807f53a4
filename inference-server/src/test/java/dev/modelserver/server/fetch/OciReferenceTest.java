package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OciReferenceTest {

  private static final String HEX = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "r.example.com/net:1, r.example.com, net, 1",
    "R.example.com:5000/team/net_a.b__c-d:v1.0, r.example.com:5000, team/net_a.b__c-d, v1.0",
    "10.0.0.1:5000/net:1, 10.0.0.1:5000, net, 1",
    "'[fd00::1]:5000/net:1', '[fd00::1]:5000', net, 1",
    "docker.io/net:1, docker.io, library/net, 1",
    "docker.io/team/net:1, docker.io, team/net, 1",
  })
  void readsTags(String text, String registry, String repository, String reference) {
    assertThat(OciReference.parse(text))
        .contains(new OciReference(registry, repository, reference));
  }

  @Test
  void readsDigestsWithAndWithoutTags() {
    for (String tag : new String[] {"", ":1"}) {
      OciReference found =
          OciReference.parse("r.example.com/net" + tag + "@sha256:" + HEX).orElseThrow();
      assertThat(found.digest().orElseThrow().hex()).isEqualTo(HEX);
      assertThat(found).hasToString("oci://r.example.com/net@sha256:" + HEX);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "r.example.com",
        "r.example.com/net",
        "r.example.com/:1",
        "r.example.com/Net:1",
        "r.example.com/a//b:1",
        "r.example.com/../b:1",
        "r.example.com/net:",
        "r.example.com/net:a b",
        "r.example.com/net:1?x",
        "r.example.com/net:1#x",
        "user:word@r.example.com/net:1",
        "r.example.com:99999/net:1",
        "r.example.com:0/net:1",
        "-/net:1",
        "r.example.com/net@sha256:00",
        "r.example.com/net@sha512:00",
      })
  void refusesTheRest(String text) {
    assertThat(OciReference.parse(text)).isEqualTo(Optional.empty());
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThat(OciReference.parse("r.example.com/" + "n".repeat(256) + ":1")).isEmpty();
    assertThat(OciReference.parse("r.example.com/" + "n/".repeat(4000) + "n:1")).isEmpty();
    assertThat(OciReference.parse("r.example.com/" + "n".repeat(255) + ":1")).isPresent();
  }
}
