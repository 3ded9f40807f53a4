package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Strings to and from native memory. The runtime's Java interface turns them into the JVM's own
 * variant of UTF-8, in which a character beyond U+FFFF has six bytes instead of four and U+0000
 * two: a model finds no emoji in its vocabulary, and of an answer that holds one the end is
 * missing. Strings without such characters, nearly all, go by that interface; others, and after the
 * first of them all answers, go by {@link ExactStrings}, whose first use takes a tenth of a second.
 * So do all answers of models that use {@link Extensions}, whose operators may cut a character in
 * two: what is no UTF-8 is U+FFFD then.
 */
final class StringTensors {

  private static volatile boolean exact;

  private StringTensors() {}

  /** Has all answers read as the bytes they are, from now on. */
  static void readExactly() {
    exact = true;
  }

  /** The caller closes the tensor. */
  static OnnxTensor create(List<String> values, long[] shape) throws OrtException {
    if (values.stream().noneMatch(StringTensors::changed)) {
      return OnnxTensor.createTensor(
          OnnxRuntime.environment(), values.toArray(String[]::new), shape);
    }
    exact = true;
    String[] empty = new String[values.size()];
    Arrays.fill(empty, "");
    OnnxTensor tensor = OnnxTensor.createTensor(OnnxRuntime.environment(), empty, shape);
    try {
      ExactStrings.write(tensor, values);
      return tensor;
    } catch (OrtException | RuntimeException | Error e) {
      tensor.close();
      throw e;
    }
  }

  /** The strings of a tensor, row-major. */
  static List<String> read(OnnxTensor tensor) throws OrtException {
    if (!exact) {
      List<String> values = new ArrayList<>();
      flatten(tensor.getValue(), values);
      if (values.stream().noneMatch(StringTensors::suspicious)) {
        return values;
      }
      exact = true;
    }
    return ExactStrings.read(tensor);
  }

  private static boolean changed(String value) {
    return value.chars().anyMatch(c -> c == 0 || Character.isSurrogate((char) c));
  }

  /** Whether a character may be what the JVM made of the first of four bytes. */
  private static boolean suspicious(String value) {
    return value.chars().anyMatch(c -> c >= 0xF0 && c <= 0xF4);
  }

  private static void flatten(Object value, List<String> into) {
    switch (value) {
      case String text -> into.add(text);
      case Object[] array -> {
        for (Object element : array) {
          flatten(element, into);
        }
      }
      default -> throw new IllegalStateException("a tensor of strings held a " + value.getClass());
    }
  }
}
