package dev.modelserver.server.graph;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node of a graph.
 *
 * @param domain "" for the operators of ONNX itself
 * @param overload of a function; "" for operators
 * @param inputs names of values; "" for one that is left out
 * @param outputs names of values; "" for one that is not used
 */
public record Node(
    String domain,
    String operator,
    String overload,
    String name,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes,
    Place place) {

  /** The domain of the classic machine learning operators. */
  public static final String ML = "ai.onnx.ml";

  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Map.copyOf(attributes);
  }

  /** Whether it is an operator of ONNX itself of this name. */
  public boolean is(String wanted) {
    return domain.isEmpty() && operator.equals(wanted);
  }

  /** Whether it is a classic machine learning operator of this name. */
  public boolean isMl(String wanted) {
    return domain.equals(ML) && operator.equals(wanted);
  }

  /** The name of an input; "" when it is left out. */
  public String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  /** An attribute that is one integer. */
  public long integer(String attribute, long otherwise) {
    return attributes.get(attribute) instanceof Attribute.WholeNumber(long value)
        ? value
        : otherwise;
  }

  /** An attribute that is a text. */
  public String text(String attribute, String otherwise) {
    return attributes.get(attribute) instanceof Attribute.Text(String value) ? value : otherwise;
  }

  /** An attribute that is a list of integers; empty when it is absent or too long to be kept. */
  public Optional<List<Long>> integers(String attribute) {
    return attributes.get(attribute) instanceof Attribute.Integers list
        ? Optional.ofNullable(list.values())
        : Optional.empty();
  }

  /** An attribute that is a list of texts; empty when it is absent or too long to be kept. */
  public Optional<List<String>> texts(String attribute) {
    return attributes.get(attribute) instanceof Attribute.Texts list
        ? Optional.ofNullable(list.values())
        : Optional.empty();
  }

  /** What a Constant node makes. */
  public Optional<Constant> constant() {
    if (!is("Constant") || attributes.size() != 1) {
      return Optional.empty();
    }
    return switch (attributes.values().iterator().next()) {
      case Attribute.Tensor(Constant value) -> Optional.of(value);
      case Attribute.WholeNumber(long value) ->
          Optional.of(Constant.ofLongs(List.of(), List.of(value)));
      case Attribute.Integers list when list.values() != null ->
          Optional.of(Constant.ofLongs(List.of((long) list.count()), list.values()));
      case Attribute.Text(String value) -> Optional.of(Constant.ofTexts(List.of(), List.of(value)));
      case Attribute.Texts list when list.values() != null ->
          Optional.of(Constant.ofTexts(List.of((long) list.count()), list.values()));
      case Attribute.FloatNumber(double value) ->
          Optional.of(Constant.ofFloats(List.of(), List.of(value)));
      case Attribute.Numbers list when list.values() != null ->
          Optional.of(Constant.ofFloats(List.of((long) list.count()), list.values()));
      default -> Optional.empty();
    };
  }
}
