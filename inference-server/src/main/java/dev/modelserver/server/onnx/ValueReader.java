package dev.modelserver.server.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a ValueInfoProto: name, and type if it is of one kind. */
final class ValueReader {

  /** Of the kinds of a TypeProto. */
  private static final int TENSOR = 1;

  private static final int SEQUENCE = 4;

  private final Wire in;
  private final int kind;
  private String name = "";
  private int type;
  private @Nullable List<Long> dims;

  private ValueReader(Wire in, int kind) {
    this.in = in;
    this.kind = kind;
  }

  /** Reads the types of tensors. */
  static ValueReader ofTensor(Wire in) {
    return new ValueReader(in, TENSOR);
  }

  /** Reads the types of sequences of tensors. */
  static ValueReader ofSequence(Wire in) {
    return new ValueReader(in, SEQUENCE);
  }

  String name() {
    return name;
  }

  /** Number of the element type; 0 when the type is another than that which is read. */
  int type() {
    return type;
  }

  /** Sizes of the tensor, or of each of the sequence, -1 for one that varies; null: not told. */
  @Nullable List<Long> dims() {
    return dims;
  }

  /** Reads all of it. */
  void read() throws IOException, ModelLoadException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> inside(() -> only(kind, kind == TENSOR ? this::tensor : this::sequence));
        default -> in.skip();
      }
    }
  }

  private void sequence() throws IOException, ModelLoadException {
    only(1, () -> only(1, this::tensor));
  }

  private void tensor() throws IOException, ModelLoadException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> type = (int) in.number();
        case 2 -> {
          List<Long> sizes = new ArrayList<>();
          dims = sizes;
          inside(() -> only(1, () -> sizes.add(dim())));
        }
        default -> in.skip();
      }
    }
  }

  private long dim() throws IOException, ModelLoadException {
    long size = -1;
    while (in.next()) {
      if (in.field() == 1 && !in.delimited()) {
        size = in.number();
      } else {
        in.skip();
      }
    }
    return size;
  }

  /** Goes into every field of this number and passes over the others. */
  private void only(int field, Wire.Reader reader) throws IOException, ModelLoadException {
    while (in.next()) {
      if (in.field() == field && in.delimited()) {
        inside(reader);
      } else {
        in.skip();
      }
    }
  }

  private void inside(Wire.Reader reader) throws IOException, ModelLoadException {
    var _ = in.message(reader);
  }
}
