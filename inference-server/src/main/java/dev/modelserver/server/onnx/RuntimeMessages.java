package dev.modelserver.server.onnx;

import ai.onnxruntime.OrtException;
import java.util.Locale;
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
    String lower = text.toLowerCase(Locale.ROOT);
    boolean opset =
        lower.contains("ir version")
            || (lower.contains("opset")
                && (lower.contains("under development") || lower.contains("unsupported")));
    return opset
        ? new ModelLoadException(
            ModelLoadException.Kind.UNSUPPORTED_OPSET,
            "ONNX Runtime " + OnnxRuntime.version() + " says: " + text)
        : new ModelLoadException(
            ModelLoadException.Kind.INVALID,
            "ONNX Runtime " + OnnxRuntime.version() + " says: " + text);
  }
}
