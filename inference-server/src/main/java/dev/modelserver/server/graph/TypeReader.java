package dev.modelserver.server.graph;

import dev.modelserver.server.model.ModelLoadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads a TypeProto. */
final class TypeReader {

  private final ProtobufFields in;
  private ValueType type = new ValueType.Other();
  private int element;
  private boolean shaped;
  private final List<Long> dims = new ArrayList<>();
  private final List<String> symbols = new ArrayList<>();

  private TypeReader(ProtobufFields in) {
    this.in = in;
  }

  /** The type in the field that the reader stands at. */
  static ValueType read(ProtobufFields in) throws IOException, ModelLoadException {
    TypeReader reader = new TypeReader(in);
    var _ = in.message(reader::kind);
    return reader.type;
  }

  private void kind() throws IOException, ModelLoadException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          var _ = in.message(this::tensor);
          type =
              new ValueType.Tensor(
                  element, shaped ? List.copyOf(dims) : null, List.copyOf(symbols));
        }
        case 4 -> {
          var _ = in.message(this::sequence);
        }
        case 5 -> {
          var _ = in.message(this::map);
        }
        default -> in.skip();
      }
    }
  }

  private void sequence() throws IOException, ModelLoadException {
    ValueType of = new ValueType.Other();
    while (in.next()) {
      if (in.field() == 1 && in.delimited()) {
        of = read(in);
      } else {
        in.skip();
      }
    }
    type = new ValueType.Sequence(of);
  }

  private void map() throws IOException, ModelLoadException {
    int key = 0;
    ValueType value = new ValueType.Other();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = (int) in.number();
        case 2 -> value = read(in);
        default -> in.skip();
      }
    }
    type = new ValueType.Mapping(key, value);
  }

  private void tensor() throws IOException, ModelLoadException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> element = (int) in.number();
        case 2 -> {
          shaped = true;
          var _ = in.message(this::shape);
        }
        default -> in.skip();
      }
    }
  }

  private void shape() throws IOException, ModelLoadException {
    while (in.next()) {
      if (in.field() == 1 && in.delimited()) {
        dims.add(-1L);
        symbols.add("");
        var _ = in.message(this::dim);
      } else {
        in.skip();
      }
    }
  }

  private void dim() throws IOException, ModelLoadException {
    int last = dims.size() - 1;
    while (in.next()) {
      if (in.field() == 1 && !in.delimited()) {
        dims.set(last, Math.max(-1, in.number()));
      } else if (in.field() == 2 && in.delimited()) {
        symbols.set(last, in.text());
      } else {
        in.skip();
      }
    }
  }
}
