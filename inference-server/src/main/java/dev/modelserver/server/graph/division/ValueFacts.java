package dev.modelserver.server.graph.division;

import dev.modelserver.server.graph.Constant;
import java.util.List;

/**
 * What is known of the elements of a value, whatever the inputs of the model are.
 *
 * @param type number of the element type in TensorProto.DataType; of a sequence that of its
 *     tensors; 0: unknown
 * @param negative whether one can be negative
 * @param minusOne whether one can be -1
 * @param least whether one can be the smallest of its type
 */
record ValueFacts(int type, boolean negative, boolean minusOne, boolean least) {

  static final int INT32 = 6;
  static final int INT64 = 7;

  static final ValueFacts UNKNOWN = of(0);

  /** Any value of a type. */
  static ValueFacts of(int type) {
    return new ValueFacts(type, true, true, true);
  }

  /** Values of a type from 0 on. */
  static ValueFacts counting(int type) {
    return new ValueFacts(type, false, false, false);
  }

  static ValueFacts of(Constant constant) {
    int type = constant.type();
    List<Long> values = constant.integers().orElse(null);
    return values == null
        ? of(type)
        : new ValueFacts(
            type,
            values.stream().anyMatch(value -> value < 0),
            values.contains(-1L),
            values.contains(type == INT32 ? Integer.MIN_VALUE : Long.MIN_VALUE));
  }

  /** The same values, as a type that holds them all. */
  ValueFacts as(int other) {
    return new ValueFacts(other, negative, minusOne, least);
  }

  /** Values of this or of the other. */
  ValueFacts or(ValueFacts other) {
    return new ValueFacts(
        type == other.type ? type : type == 0 ? other.type : other.type == 0 ? type : 0,
        negative || other.negative,
        minusOne || other.minusOne,
        least || other.least);
  }

  /** The larger one of this and the other, element by element. */
  ValueFacts max(ValueFacts other) {
    ValueFacts both = or(other);
    return negative && other.negative ? both : counting(both.type);
  }

  boolean isFloat() {
    return type == 1 || type == 10 || type == 11 || type == 16;
  }

  boolean dividesUnsafely() {
    return type == 0 || type == INT32 || type == INT64;
  }
}
