package dev.modelserver.server.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
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

  private final MessageContents contents;
  private final DataType type;
  private final Shape shape;
  private final int field;
  private int count;

  ContentsReader(MessageContents contents, DataType type, Shape shape) {
    this.contents = contents;
    this.type = type;
    this.shape = shape;
    this.field = field(type);
  }

  /** Reads all of them. */
  Tensor tensor() throws RequestException {
    if (field == 0) {
      throw fault("has no field for %s; send raw_input_contents".formatted(type));
    }
    // memory is not taken for more elements than can be there
    if (shape.elements() > contents.length() / leastBytes()) {
      throw wrongCount();
    }
    Sink sink =
        type == DataType.BYTES
            ? new Strings(new ArrayList<>((int) shape.elements()))
            : new Numbers(NumericTensor.allocate(type, shape));
    readAll(sink);
    if (count < shape.elements()) {
      throw wrongCount();
    }
    return switch (sink) {
      case Strings strings -> new StringTensor(shape, strings.values());
      case Numbers numbers -> numbers.tensor();
      case Counter counter -> throw new IllegalStateException("only counts");
    };
  }

  private void readAll(Sink sink) throws RequestException {
    count = 0;
    for (InferMessage.Slice part : contents.parts()) {
      read(
          CodedInputStream.newInstance(contents.bytes(), part.from(), part.length()),
          part.from(),
          sink);
    }
  }

  private void read(CodedInputStream in, int offset, Sink sink) throws RequestException {
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int found = WireFormat.getTagFieldNumber(tag);
        int wireType = WireFormat.getTagWireType(tag);
        if (found != field && found <= FIELDS.size()) {
          throw fault(
              "has %s; %s goes into %s".formatted(FIELDS.get(found - 1), type, fieldName()));
        }
        if (found != field) {
          if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("the end of a group that did not begin");
          }
        } else if (wireType == elementType()) {
          one(in, sink);
        } else if (type != DataType.BYTES && wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          packed(in, offset, sink);
        } else {
          throw new InvalidProtocolBufferException("an element of another type");
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw fault(
          "is damaged after %d elements%s"
              .formatted(
                  count, type == DataType.BYTES ? ", or not UTF-8 as ONNX strings are" : ""));
    } catch (IOException e) {
      throw new IllegalStateException("memory can always be read", e);
    }
  }

  private void packed(CodedInputStream in, int offset, Sink sink)
      throws IOException, RequestException {
    int length = in.readRawVarint32();
    if (type == DataType.FP32 || type == DataType.FP64) {
      int from = offset + in.getTotalBytesRead();
      in.skipRawBytes(length);
      if (length % type.size() != 0) {
        throw fault("ends within a number");
      }
      takeRoom(sink, length / type.size());
      if (sink instanceof Numbers(NumericTensor tensor)) {
        var _ = tensor.data().put(count * type.size(), contents.bytes(), from, length);
      }
      count += length / type.size();
      return;
    }
    int limit = in.pushLimit(length);
    while (in.getBytesUntilLimit() > 0) {
      one(in, sink);
    }
    in.popLimit(limit);
  }

  private void one(CodedInputStream in, Sink sink) throws IOException, RequestException {
    takeRoom(sink, 1);
    switch (sink) {
      case Strings strings -> strings.values().add(in.readStringRequireUtf8());
      case Numbers numbers -> number(in, numbers.tensor().data());
      case Counter counter -> skip(in);
    }
    count++;
  }

  private void skip(CodedInputStream in) throws IOException {
    switch (elementType()) {
      case WireFormat.WIRETYPE_FIXED32 -> in.skipRawBytes(4);
      case WireFormat.WIRETYPE_FIXED64 -> in.skipRawBytes(8);
      case WireFormat.WIRETYPE_VARINT -> in.readRawVarint64();
      default -> in.skipRawBytes(in.readRawVarint32());
    }
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
      throw RequestException.malformed(
          "%s[%d] is %d; %s is needed".formatted(contents.place(), count, value, type.needed()));
    }
    return value;
  }

  private void takeRoom(Sink sink, int more) throws RequestException {
    if (more > shape.elements() - count && !(sink instanceof Counter)) {
      throw wrongCount();
    }
  }

  private RequestException wrongCount() throws RequestException {
    readAll(new Counter());
    return fault(
        "has %d value%s; the shape %s takes %d"
            .formatted(count, count == 1 ? "" : "s", shape, shape.elements()));
  }

  private RequestException fault(String what) {
    return RequestException.malformed(contents.place() + " " + what);
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
  private sealed interface Sink permits Numbers, Strings, Counter {}

  private record Numbers(NumericTensor tensor) implements Sink {}

  private record Strings(List<String> values) implements Sink {}

  /** Nowhere: they are counted, for an error. */
  private record Counter() implements Sink {}
}
