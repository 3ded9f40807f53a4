package dev.modelserver.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.TensorBuilder;
import java.io.IOException;

/** Elements of tensors out of a JSON stream. */
public final class JsonElements {

  private JsonElements() {}

  /**
   * Adds the current value.
   *
   * @return false, and nothing is added, when it is no value of the tensor's type: see {@link
   *     #needed}
   */
  public static boolean add(JsonParser parser, TensorBuilder builder) throws IOException {
    DataType type = builder.type();
    return switch (parser.currentToken()) {
      case VALUE_STRING -> type == DataType.BYTES && string(parser, builder);
      case VALUE_TRUE -> type == DataType.BOOL && builder.addLong(1);
      case VALUE_FALSE -> type == DataType.BOOL && builder.addLong(0);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          type != DataType.BYTES && number(parser, builder);
      case null, default -> false;
    };
  }

  /** What a tensor of this type takes, for an error. */
  public static String needed(DataType type) {
    return switch (type) {
      case BYTES -> "a string";
      case BOOL -> "true or false";
      case FP16, BF16, FP32, FP64 -> "a number within the range of " + type;
      case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> "an integer " + type.range();
    };
  }

  private static boolean string(JsonParser parser, TensorBuilder builder) throws IOException {
    builder.addString(parser.getText());
    return true;
  }

  private static boolean number(JsonParser parser, TensorBuilder builder) throws IOException {
    // by their text: a detour by double would round a float twice, and lose the sign of -0
    return switch (builder.type()) {
      case FP64 -> builder.addDouble(Double.parseDouble(parser.getText()));
      case FP32, FP16, BF16 -> builder.addDouble(Float.parseFloat(parser.getText()));
      default -> integer(parser, builder);
    };
  }

  private static boolean integer(JsonParser parser, TensorBuilder builder) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      // 65.0 is an integer to every language that has only one kind of number
      double value = parser.getDoubleValue();
      return value == Math.rint(value) && Math.abs(value) < 0x1p63 && builder.addLong((long) value);
    }
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? builder.addInteger(parser.getBigIntegerValue())
        : builder.addLong(parser.getLongValue());
  }
}
