package dev.modelserver.server.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An attribute of a node. Lists that are too long to be kept are known by their length. */
public sealed interface Attribute {

  /** One integer. */
  record WholeNumber(long value) implements Attribute {}

  /** One float. */
  record FloatNumber(double value) implements Attribute {}

  /** One text. */
  record Text(String value) implements Attribute {}

  /**
   * A list of integers.
   *
   * @param values null when there are too many
   * @param most the largest of all of them; the smallest long when there are none
   */
  record Integers(int count, @Nullable List<Long> values, long most) implements Attribute {}

  /**
   * A list of floats.
   *
   * @param values null when there are too many
   */
  record Numbers(int count, @Nullable List<Double> values) implements Attribute {}

  /**
   * A list of texts.
   *
   * @param values null when there are too many, or one of them is too long
   */
  record Texts(int count, @Nullable List<String> values) implements Attribute {}

  /** A tensor. */
  record Tensor(Constant value) implements Attribute {}

  /**
   * A graph inside the node.
   *
   * @param place of the whole attribute
   */
  record Subgraph(Graph graph, Place place) implements Attribute {}

  /** The value of an attribute of the function that the node is in. */
  record Reference(String name) implements Attribute {}

  /** Anything else: several tensors or graphs, sparse tensors, types. */
  record Other() implements Attribute {}
}
