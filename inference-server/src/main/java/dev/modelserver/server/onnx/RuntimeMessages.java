package dev.modelserver.server.onnx;

import ai.onnxruntime.OrtException;
import dev.modelserver.server.model.ModelLoadException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes ONNX Runtime's own words fit for a status or an answer: one line, no path, no C++
 * signature.
 */
final class RuntimeMessages {

  private static final int MAX_LENGTH = 400;
  private static final Pattern PREFIX = Pattern.compile("^Error code - \\S+ - message: ");
  private static final Pattern SOURCE_PLACE =
      Pattern.compile("/?\\S*\\.(cc|h|cpp):\\d+ .*?\\)( const)?( \\[[^]]*])? ");
  private static final Pattern PATH = Pattern.compile("\"?(?<![\\w/])/[^\\s\"':,]+\"?");

  /** What ONNX Runtime says of an operator without a definition, and of one without a kernel. */
  private static final List<String> MISSING_OPERATOR =
      List.of(
          "is not a registered function/op",
          "no op registered for",
          "could not find an implementation for",
          "failed to find kernel for");

  private RuntimeMessages() {}

  static String of(OrtException e) {
    String text = String.valueOf(e.getMessage());
    text = PREFIX.matcher(text).replaceFirst("");
    text = SOURCE_PLACE.matcher(text).replaceAll("");
    text = PATH.matcher(text).replaceAll("the file");
    text = text.replaceAll("\\s+", " ").strip();
    return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
  }

  static ModelLoadException loadFailure(OrtException e) {
    String text = of(e);
    Optional<String> locale = MissingLocale.sentence(text);
    if (locale.isPresent()) {
      return new ModelLoadException(ModelLoadException.Kind.INVALID, locale.get());
    }
    return new ModelLoadException(
        kind(text.toLowerCase(Locale.ROOT)),
        "ONNX Runtime " + OnnxRuntime.version() + " says: " + text);
  }

  private static ModelLoadException.Kind kind(String words) {
    if (words.contains("ir version")
        || (words.contains("opset")
            && (words.contains("under development") || words.contains("unsupported")))) {
      return ModelLoadException.Kind.UNSUPPORTED_OPSET;
    }
    return MISSING_OPERATOR.stream().anyMatch(words::contains)
        ? ModelLoadException.Kind.UNSUPPORTED_OPERATOR
        : ModelLoadException.Kind.INVALID;
  }
}
