package dev.modelserver.server.graph;

import dev.modelserver.server.model.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a TensorProto: type and shape, and the values when they are few. */
final class ConstantReader {

  /** Of one constant: more are weights, not something that a graph is read by. */
  static final int MAX_VALUES = 1 << 16;

  private final ProtobufFields in;
  private final List<Long> dims = new ArrayList<>();
  private final List<Long> longs = new ArrayList<>();
  private final List<Double> doubles = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private String name = "";
  private int type;
  private byte @Nullable [] raw;
  private boolean elsewhere;

  private ConstantReader(ProtobufFields in) {
    this.in = in;
  }

  /** The tensor in the field that the reader stands at. */
  static ConstantReader read(ProtobufFields in) throws IOException, ModelLoadException {
    ConstantReader reader = new ConstantReader(in);
    var _ = in.message(reader::fields);
    return reader;
  }

  String name() {
    return name;
  }

  private void fields() throws IOException, ModelLoadException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> in.numbers(dims::add);
        case 2 -> type = (int) in.number();
        case 4 -> in.floats(false, this::add);
        case 5, 7, 11 -> in.numbers(this::add);
        case 6 -> text();
        case 8 -> name = in.text();
        case 9 -> {
          raw = in.bytes(MAX_VALUES * Long.BYTES).orElse(null);
          elsewhere |= raw == null;
        }
        case 10 -> in.floats(true, this::add);
        case 13 -> {
          elsewhere = true;
          in.skip();
        }
        default -> in.skip();
      }
    }
  }

  private void add(long value) {
    if (longs.size() < MAX_VALUES) {
      longs.add(value);
    } else {
      elsewhere = true;
    }
  }

  private void add(double value) {
    if (doubles.size() < MAX_VALUES) {
      doubles.add(value);
    } else {
      elsewhere = true;
    }
  }

  private void text() throws IOException {
    byte[] bytes = in.bytes(AttributeReader.MAX_TEXT_BYTES).orElse(null);
    if (bytes == null || texts.size() == MAX_VALUES) {
      elsewhere = true;
    } else {
      texts.add(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  /** What was read. */
  Constant constant() {
    if (elsewhere) {
      return new Constant(type, dims, null, null, null);
    }
    byte[] bytes = raw;
    ByteBuffer data = bytes == null ? null : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return switch (type) {
      case 1, 11 -> {
        while (data != null && data.remaining() >= (type == 1 ? 4 : 8)) {
          doubles.add(type == 1 ? data.getFloat() : data.getDouble());
        }
        yield new Constant(type, dims, null, List.copyOf(doubles), null);
      }
      case 2, 3, 4, 5, 6, 7, 9, 12, 13 -> {
        while (data != null && data.remaining() >= size()) {
          longs.add(next(data));
        }
        yield new Constant(type, dims, List.copyOf(longs), null, null);
      }
      case 8 -> new Constant(type, dims, null, null, List.copyOf(texts));
      // half floats, complex numbers, those of fewer than 8 bits: nothing is read by them
      default -> new Constant(type, dims, null, null, null);
    };
  }

  private int size() {
    return switch (type) {
      case 4, 5 -> 2;
      case 6, 12 -> 4;
      case 7, 13 -> 8;
      default -> 1;
    };
  }

  private long next(ByteBuffer data) {
    return switch (type) {
      case 2, 9 -> Byte.toUnsignedInt(data.get());
      case 3 -> data.get();
      case 4 -> Short.toUnsignedInt(data.getShort());
      case 5 -> data.getShort();
      case 6 -> data.getInt();
      case 12 -> Integer.toUnsignedLong(data.getInt());
      default -> data.getLong();
    };
  }
}
