package dev.modelserver.server.graph;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A constant tensor. Its values are known when they are few and in the file itself.
 *
 * @param type number of the element type in TensorProto.DataType
 * @param longs values of an integer or boolean type, row-major; null: not known
 * @param doubles values of a float type, row-major; null: not known
 * @param texts values of strings, row-major; null: not known
 */
public record Constant(
    int type,
    List<Long> dims,
    @Nullable List<Long> longs,
    @Nullable List<Double> doubles,
    @Nullable List<String> texts) {

  /** Numbers of TensorProto.DataType. */
  public static final int FLOAT = 1;

  public static final int INT8 = 3;

  public static final int INT64 = 7;

  public static final int STRING = 8;

  public static final int FLOAT16 = 10;

  public static final int DOUBLE = 11;

  public static final int BFLOAT16 = 16;

  public Constant {
    dims = List.copyOf(dims);
  }

  static Constant ofLongs(List<Long> dims, List<Long> values) {
    return new Constant(INT64, dims, values, null, null);
  }

  static Constant ofTexts(List<Long> dims, List<String> values) {
    return new Constant(STRING, dims, null, null, values);
  }

  static Constant ofFloats(List<Long> dims, List<Double> values) {
    return new Constant(FLOAT, dims, null, values, null);
  }

  /** Its integers, row-major; empty when it has others, or too many to be kept. */
  public Optional<List<Long>> integers() {
    return Optional.ofNullable(longs);
  }

  /** Its strings, row-major; empty when it has others, or too many to be kept. */
  public Optional<List<String>> strings() {
    return Optional.ofNullable(texts);
  }

  /** Its floats, row-major; empty when it has others, or too many to be kept. */
  public Optional<List<Double>> floats() {
    return Optional.ofNullable(doubles);
  }
}
