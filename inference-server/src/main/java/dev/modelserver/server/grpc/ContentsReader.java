package dev.modelserver.server.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.grpc.wire.InferTensorContents;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the elements of one input out of its InferTensorContents, straight into the tensor. The
 * machine is taken to be little-endian, as every platform of ONNX Runtime is.
 */
final class ContentsReader {

  /** The fields in the order of their numbers. */
  private static final List<String> FIELDS =
      List.of(
          "bool_contents",
          "int_contents",
          "int64_contents",
          "uint_contents",
          "uint64_contents",
          "fp32_contents",
          "fp64_contents",
          "bytes_contents");

  private final byte[] bytes;
  private final String name;
  private final DataType type;
  private final Shape shape;
  private final int field;
  private int count;

  private ContentsReader(byte[] bytes, String name, DataType type, Shape shape) {
    this.bytes = bytes;
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.field = field(type);
  }

  /** The tensor of an input whose elements are in these parts of the message. */
  static Tensor read(
      byte[] bytes, String name, DataType type, Shape shape, List<InferMessage.Slice> parts)
      throws RequestException {
    return new ContentsReader(bytes, name, type, shape).tensor(parts);
  }

  private Tensor tensor(List<InferMessage.Slice> parts) throws RequestException {
    if (field == 0) {
      throw fault("have no field for " + type + "; send raw_input_contents");
    }
    long available = parts.stream().mapToLong(InferMessage.Slice::length).sum();
    // before memory is taken for elements that cannot be there
    if (shape.elements() > available / leastBytes()) {
      for (InferMessage.Slice part : parts) {
        read(CodedInputStream.newInstance(bytes, part.from(), part.length()), part.from(), null);
      }
      throw fault("are fewer than " + shape.elements() + ", as the shape " + shape + " takes");
    }
    Sink sink =
        type == DataType.BYTES
            ? new Strings(new ArrayList<>((int) shape.elements()))
            : new Numbers(NumericTensor.allocate(type, shape));
    for (InferMessage.Slice part : parts) {
      read(CodedInputStream.newInstance(bytes, part.from(), part.length()), part.from(), sink);
    }
    if (count < shape.elements()) {
      throw fault("are " + count + "; the shape " + shape + " takes " + shape.elements());
    }
    return switch (sink) {
      case Strings strings -> new StringTensor(shape, strings.values());
      case Numbers numbers -> numbers.tensor();
    };
  }

  /** Reads one part; without a sink only to see that there is nothing but our field in it. */
  private void read(CodedInputStream in, int offset, @Nullable Sink sink) throws RequestException {
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int found = WireFormat.getTagFieldNumber(tag);
        int wireType = WireFormat.getTagWireType(tag);
        if (found != field && found <= FIELDS.size()) {
          throw fault(
              "are in " + FIELDS.get(found - 1) + "; " + type + " goes into " + fieldName());
        }
        if (found != field || sink == null) {
          if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("the end of a group that did not begin");
          }
        } else if (wireType == elementType()) {
          one(in, sink);
        } else if (sink instanceof Numbers numbers
            && wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          packed(in, offset, numbers.tensor().data());
        } else {
          throw new InvalidProtocolBufferException("an element of another type");
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw fault(
          "are damaged after "
              + count
              + (type == DataType.BYTES ? ", or not UTF-8 as ONNX strings are" : ""));
    } catch (IOException e) {
      throw new IllegalStateException("memory can always be read", e);
    }
  }

  private void packed(CodedInputStream in, int offset, ByteBuffer data)
      throws IOException, RequestException {
    int length = in.readRawVarint32();
    if (type == DataType.FP32 || type == DataType.FP64) {
      int from = offset + in.getTotalBytesRead();
      in.skipRawBytes(length);
      if (length % type.size() != 0) {
        throw fault("end within a number");
      }
      takeRoom(length / type.size());
      var _ = data.put(count * type.size(), bytes, from, length);
      count += length / type.size();
      return;
    }
    int limit = in.pushLimit(length);
    while (in.getBytesUntilLimit() > 0) {
      takeRoom(1);
      number(in, data);
      count++;
    }
    in.popLimit(limit);
  }

  private void one(CodedInputStream in, Sink sink) throws IOException, RequestException {
    takeRoom(1);
    switch (sink) {
      case Strings strings -> strings.values().add(in.readStringRequireUtf8());
      case Numbers numbers -> number(in, numbers.tensor().data());
    }
    count++;
  }

  private void number(CodedInputStream in, ByteBuffer data) throws IOException, RequestException {
    switch (type) {
      case BOOL -> data.put(count, in.readBool() ? (byte) 1 : 0);
      case INT8, UINT8 -> data.put(count, (byte) inRange(integer(in)));
      case INT16, UINT16 -> data.putShort(count * 2, (short) inRange(integer(in)));
      case INT32, UINT32 -> data.putInt(count * 4, in.readInt32());
      case INT64, UINT64 -> data.putLong(count * 8, in.readInt64());
      case FP32 -> data.putFloat(count * 4, in.readFloat());
      case FP64 -> data.putDouble(count * 8, in.readDouble());
      case FP16, BF16, BYTES -> throw new IllegalStateException(type + " has no such field");
    }
  }

  private long integer(CodedInputStream in) throws IOException {
    return type == DataType.UINT8 || type == DataType.UINT16
        ? Integer.toUnsignedLong(in.readUInt32())
        : in.readInt32();
  }

  private long inRange(long value) throws RequestException {
    if (value < type.min() || value > type.max()) {
      throw fault(
          "have the value " + value + " at " + count + "; " + type + " goes " + type.range());
    }
    return value;
  }

  private void takeRoom(int more) throws RequestException {
    if (more > shape.elements() - count) {
      throw fault("are more than " + shape.elements() + ", as the shape " + shape + " takes");
    }
  }

  private RequestException fault(String what) {
    return RequestException.malformed(
        "the contents of the input " + Excerpt.quoted(name) + " " + what);
  }

  private String fieldName() {
    return field == 0 ? "raw_input_contents" : FIELDS.get(field - 1);
  }

  private int elementType() {
    return switch (type) {
      case FP32 -> WireFormat.WIRETYPE_FIXED32;
      case FP64 -> WireFormat.WIRETYPE_FIXED64;
      case BYTES -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, BF16 ->
          WireFormat.WIRETYPE_VARINT;
    };
  }

  /** No element is shorter on the wire. */
  private int leastBytes() {
    return switch (type) {
      case FP32 -> 4;
      case FP64 -> 8;
      case BYTES -> 2;
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, BF16 -> 1;
    };
  }

  /** The number of the field of a type; 0 when it has none. */
  private static int field(DataType type) {
    return switch (type) {
      case BOOL -> InferTensorContents.BOOL_CONTENTS_FIELD_NUMBER;
      case INT8, INT16, INT32 -> InferTensorContents.INT_CONTENTS_FIELD_NUMBER;
      case INT64 -> InferTensorContents.INT64_CONTENTS_FIELD_NUMBER;
      case UINT8, UINT16, UINT32 -> InferTensorContents.UINT_CONTENTS_FIELD_NUMBER;
      case UINT64 -> InferTensorContents.UINT64_CONTENTS_FIELD_NUMBER;
      case FP32 -> InferTensorContents.FP32_CONTENTS_FIELD_NUMBER;
      case FP64 -> InferTensorContents.FP64_CONTENTS_FIELD_NUMBER;
      case BYTES -> InferTensorContents.BYTES_CONTENTS_FIELD_NUMBER;
      case FP16, BF16 -> 0;
    };
  }

  /** Where elements go. */
  private sealed interface Sink permits Numbers, Strings {}

  private record Numbers(NumericTensor tensor) implements Sink {}

  private record Strings(List<String> values) implements Sink {}
}
