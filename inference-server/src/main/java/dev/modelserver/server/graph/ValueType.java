package dev.modelserver.server.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a value is. */
public sealed interface ValueType {

  /**
   * A tensor.
   *
   * @param element number of the element type in TensorProto.DataType
   * @param dims sizes, -1 for one that varies; null when the file does not tell them
   * @param symbols names of sizes that vary, "" for those without, as many as {@code dims}
   */
  record Tensor(int element, @Nullable List<Long> dims, List<String> symbols)
      implements ValueType {}

  /** A sequence of values of one type. */
  record Sequence(ValueType of) implements ValueType {}

  /** A map from a key of this element type to values. */
  record Mapping(int key, ValueType value) implements ValueType {}

  /** Optional, sparse, opaque, or not told. */
  record Other() implements ValueType {}
}
