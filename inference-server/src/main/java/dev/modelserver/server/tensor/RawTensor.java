package dev.modelserver.server.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors as raw bytes, the form of the Open Inference Protocol's binary data and raw contents:
 * little-endian, row-major, without padding; a boolean is a byte, 0 or 1; a string is its length in
 * four bytes and its UTF-8. The machine is taken to be little-endian, as every platform of ONNX
 * Runtime is.
 */
public final class RawTensor {

  /** Why bytes are not the tensor they are said to be; the message is for the caller. */
  public static final class FormatException extends Exception {
    FormatException(String message) {
      super(message, null, false, false);
    }
  }

  private RawTensor() {}

  /**
   * The tensor in a part of {@code bytes}: numbers stay where they are, so the bytes must not
   * change while the tensor is used.
   */
  public static Tensor read(DataType type, Shape shape, byte[] bytes, int from, int length)
      throws FormatException {
    return read(type, shape, ByteBuffer.wrap(bytes, from, length).slice());
  }

  /** The same for a buffer: the bytes from its position to its limit. */
  public static Tensor read(DataType type, Shape shape, ByteBuffer bytes) throws FormatException {
    ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (type == DataType.BYTES) {
      return new StringTensor(shape, strings(data, shape.elements()));
    }
    long needed = Math.multiplyExact(shape.elements(), (long) type.size());
    if (needed != data.remaining()) {
      throw new FormatException(
          "has "
              + data.remaining()
              + " bytes; "
              + type
              + " of shape "
              + shape
              + " takes "
              + needed);
    }
    if (type == DataType.BOOL) {
      checkTruths(data);
    }
    return new NumericTensor(type, shape, data);
  }

  /** The bytes of a tensor; those of numbers are the tensor's own. */
  public static ByteBuffer bytes(Tensor tensor) {
    return switch (tensor) {
      case NumericTensor numbers -> numbers.data().duplicate().rewind();
      case StringTensor strings -> {
        List<byte[]> values =
            strings.values().stream().map(value -> value.getBytes(StandardCharsets.UTF_8)).toList();
        int size =
            values.stream()
                .mapToInt(value -> Math.addExact(value.length, 4))
                .reduce(0, Math::addExact);
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(value -> bytes.putInt(value.length).put(value));
        yield bytes.flip();
      }
    };
  }

  private static void checkTruths(ByteBuffer data) throws FormatException {
    for (int i = 0; i < data.limit(); i++) {
      if ((data.get(i) & ~1) != 0) {
        throw new FormatException(
            "has the byte " + Byte.toUnsignedInt(data.get(i)) + " at " + i + "; BOOL takes 0 or 1");
      }
    }
  }

  private static List<String> strings(ByteBuffer data, long count) throws FormatException {
    if (count > data.remaining() / 4) {
      throw new FormatException(
          "has "
              + data.remaining()
              + " bytes; "
              + count
              + " strings take at least "
              + 4 * count
              + ", a length of 4 bytes before each");
    }
    CharsetDecoder utf8 =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    List<String> values = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      if (data.remaining() < 4) {
        throw new FormatException("ends before string " + i + " of " + count);
      }
      int length = data.getInt();
      if (length < 0 || length > data.remaining()) {
        throw new FormatException(
            "says string "
                + i
                + " has "
                + Integer.toUnsignedString(length)
                + " bytes, but only "
                + data.remaining()
                + " follow");
      }
      values.add(string(utf8, data, length, i));
    }
    if (data.hasRemaining()) {
      throw new FormatException(
          "goes on for " + data.remaining() + " bytes after its " + count + " strings");
    }
    return values;
  }

  private static String string(CharsetDecoder utf8, ByteBuffer data, int length, int index)
      throws FormatException {
    ByteBuffer text = data.slice(data.position(), length);
    data.position(data.position() + length);
    try {
      CharBuffer decoded = utf8.decode(text);
      return decoded.toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(
          "has a string " + index + " that is not UTF-8; ONNX strings are UTF-8");
    }
  }
}
