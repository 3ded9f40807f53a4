package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Generated URIs: what is put together from valid parts is accepted, and of what one edit makes of
 * it only that is accepted which valid parts can be read back from, by a second reader without the
 * expressions.
 */
class ModelUriPropertyTest {
  private static final int CASES = 20_000;
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final String ANY = LOWER + "ABCXYZ";
  private static final String EDITS = "a0Z-._~/:@?#%& \n\t\u0000\u0085ä[]\\";
  private static final String HEX = "0123456789abcdef";

  private final Random random = new Random(17);

  @Test
  void whatIsValidIsAcceptedAsItIs() {
    for (int i = 0; i < CASES; i++) {
      String uri = valid(i);

      ModelUri parsed = ModelUri.parse(uri, StoreAddresses.PUBLIC);

      assertThat(parsed).as(uri).isInstanceOf(ModelUri.Remote.class);
      assertThat(parsed.text()).isEqualTo(uri);
    }
  }

  @Test
  void whatAnEditMakesOfItIsAcceptedOnlyIfItIsValidAgain() {
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      String uri = edited(valid(i));
      try {
        ModelUri parsed = ModelUri.parse(uri, StoreAddresses.PUBLIC);
        assertThat(parsed).as(uri).satisfies(ModelUriPropertyTest::requireValid);
        accepted++;
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).as(uri).startsWith("spec.model.uri \"");
        refused++;
      }
    }
    assertThat(accepted).isGreaterThan(CASES / 10);
    assertThat(refused).isGreaterThan(CASES / 10);
  }

  private String valid(int i) {
    return switch (i % 3) {
      case 0 -> "s3://%s/%s".formatted(name(LOWER, "-", 3, 63), path(" ä&%?#"));
      case 1 ->
          "oci://%s%s/%s%s"
              .formatted(
                  name(ANY, "-", 1, 20),
                  random.nextBoolean() ? "" : ":" + (1 + random.nextInt(65_535)),
                  name(LOWER, "", 1, 20) + "/" + name(LOWER, "", 1, 20),
                  random.nextBoolean()
                      ? ":" + name(ANY, "._-", 1, 128)
                      : "@sha256:" + text(HEX, 64));
      default ->
          "hf://%s/%s/%s@%s"
              .formatted(
                  name(ANY, "-._", 1, 96),
                  name(ANY, "-._", 1, 96),
                  path("&+~"),
                  name(ANY, "-_", 1, 64));
    };
  }

  /** One of letters at both ends, so that no two separators meet and none is outside. */
  private String name(String letters, String between, int least, int most) {
    int length = least + random.nextInt(most - least + 1);
    if (length < 3 || between.isEmpty()) {
      return text(letters, length);
    }
    String middle = text(letters, length - 1);
    int at = 1 + random.nextInt(length - 2);
    return middle.substring(0, at)
        + between.charAt(random.nextInt(between.length()))
        + middle.substring(at);
  }

  private String path(String more) {
    String folder = text(ANY + more, 1 + random.nextInt(20));
    return (random.nextBoolean() ? folder + "/" : "") + text(ANY + "-_" + more, 5) + ".onnx";
  }

  private String text(String characters, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(characters.charAt(random.nextInt(characters.length())));
    }
    return text.toString();
  }

  private String edited(String uri) {
    int at = random.nextInt(uri.length());
    char put = EDITS.charAt(random.nextInt(EDITS.length()));
    return switch (random.nextInt(3)) {
      case 0 -> uri.substring(0, at) + put + uri.substring(at);
      case 1 -> uri.substring(0, at) + put + uri.substring(at + 1);
      default -> uri.substring(0, at) + uri.substring(at + 1);
    };
  }

  /** What a server may rely on, whatever the expressions say. */
  private static void requireValid(ModelUri uri) {
    String text = uri.text();
    assertThat(text.chars().noneMatch(Character::isISOControl)).isTrue();
    String rest = text.substring(text.indexOf("://") + 3);
    List<String> parts = Arrays.asList(rest.split("/", -1));
    switch (uri) {
      case ModelUri.S3Object _ -> {
        assertThat(parts.getFirst()).hasSizeBetween(3, 63).matches("[a-z0-9.-]+");
        assertThat(parts).hasSizeGreaterThan(1).doesNotContain(".", "..");
        assertThat(parts.getLast()).isNotEmpty();
      }
      case ModelUri.OciArtifact artifact -> {
        assertThat(artifact.origin().port()).isBetween(1, 65_535);
        assertThat(artifact.origin().host()).isNotEmpty().doesNotContain("@", "/");
        assertThat(parts).hasSizeGreaterThan(1).doesNotContain("", ".", "..");
        assertThat(parts.getLast()).containsAnyOf(":", "@sha256:");
      }
      case ModelUri.HubFile _ -> {
        assertThat(parts).hasSizeGreaterThan(2).doesNotContain("", ".", "..");
        assertThat(rest.chars().filter(c -> c == '@')).hasSize(1);
        assertThat(URI.create(text).getPath()).doesNotContain("/../", "/./");
        assertThat(rest.substring(rest.indexOf('@') + 1)).isNotEmpty().doesNotContain("..");
      }
      case ModelUri.ImageFile _, ModelUri.Download _ ->
          throw new AssertionError("another source: " + text);
    }
  }
}
