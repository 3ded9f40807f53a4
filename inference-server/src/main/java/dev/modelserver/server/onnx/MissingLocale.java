package dev.modelserver.server.onnx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sentence for a model whose text operators need a locale that the system does not have. */
final class MissingLocale {

  private static final Pattern WORDS =
      Pattern.compile("Failed to construct locale with name:([\\w.@-]{1,60}):");
  private static final int MAX_SHOWN = 20;
  private static final int MAX_BYTES = 1 << 16;
  private static final long PATIENCE_SECONDS = 5;

  private MissingLocale() {}

  /**
   * Recognizes the failure.
   *
   * @param words ONNX Runtime's message
   */
  static Optional<String> sentence(String words) {
    Matcher missing = WORDS.matcher(words);
    return missing.find() ? Optional.of(sentence(missing.group(1), available())) : Optional.empty();
  }

  static String sentence(String missing, List<String> available) {
    String more =
        available.size() > MAX_SHOWN ? " and %d more".formatted(available.size() - MAX_SHOWN) : "";
    return "the model's text operators need the locale %s, which this server does not have; available are %s%s: export the model with one of them (attribute locale of StringNormalizer), or use an image that has it"
        .formatted(missing, String.join(", ", available.stream().limit(MAX_SHOWN).toList()), more);
  }

  /** What the C library has, as its own program lists it. */
  private static List<String> available() {
    try {
      Process list =
          new ProcessBuilder("locale", "-a").redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try {
        String names =
            new String(list.getInputStream().readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        List<String> locales = names.lines().filter(name -> !name.isBlank()).toList();
        if (list.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && !locales.isEmpty()) {
          return locales;
        }
      } finally {
        list.destroyForcibly();
      }
    } catch (IOException e) {
      // An image without the program has the locales that need no files.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.of("C", "POSIX");
  }
}
