package dev.modelserver.server.graph.division;

import com.google.protobuf.ByteString;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.edit.ModelEdits;
import dev.modelserver.server.graph.edit.NodeWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes before each division of integers that let it begin only if it has a result. They count the
 * places where the smallest number meets -1, and take the divisor from a list of one entry: at the
 * index 0 when the count is zero, else at an index beyond the list, which ONNX Runtime reports as a
 * failure of the node. Division by zero fails in ONNX Runtime itself.
 *
 * @param edits of the model
 * @param guarded the divisions, by how far the index of their guard is from the first
 * @param unguarded divisions for which no guard can be added
 */
public record DivisionGuards(ModelEdits edits, List<String> guarded, List<String> unguarded) {

  /**
   * The index that the first of the nodes fails with; the others follow. It has 19 digits, and no
   * list is so long.
   */
  public static final long FIRST_INDEX = 1_386_020_250_930_000_000L;

  private static final String PREFIX = "modelserver_guard_";

  private static final int BOOL = 9;

  /** Before it operators took other attributes than now. */
  private static final long MIN_OPSET = 7;

  /** From it on the axes of an Unsqueeze are an input. */
  private static final long AXES_OPSET = 13;

  public DivisionGuards {
    guarded = List.copyOf(guarded);
    unguarded = List.copyOf(unguarded);
  }

  /**
   * The guards of a model.
   *
   * @param anyType whether also divisions are guarded whose type the graph does not tell: by nodes
   *     that ONNX Runtime may not have for their type
   */
  public static DivisionGuards of(ModelGraph model, boolean anyType) {
    ModelEdits edits = new ModelEdits();
    List<String> guarded = new ArrayList<>();
    List<String> unguarded = new ArrayList<>();
    for (Division division : DivisionFinder.of(model)) {
      if (division.opset() < MIN_OPSET || (division.type() == 0 && !anyType)) {
        unguarded.add(division.name());
      } else {
        edits.replace(
            division.around(), division.node().place(), guarded(division, guarded.size()));
        guarded.add(division.name());
      }
    }
    return new DivisionGuards(edits, guarded, unguarded);
  }

  private static ByteString guarded(Division division, int number) {
    String values = PREFIX + number + "/";
    Node node = division.node();
    String dividend = node.input(0);
    String divisor = node.input(1);
    List<NodeWriter> nodes = new ArrayList<>();
    if (division.type() == 0) {
      ofAnyType(nodes, values, dividend, divisor);
    } else {
      ofType(nodes, values, dividend, divisor, division.type());
    }
    nodes.add(
        new NodeWriter("And", List.of(values + "least", values + "minus_one"), values + "both"));
    nodes.add(
        new NodeWriter("Cast", List.of(values + "both"), values + "ones")
            .with("to", ValueFacts.INT64));
    nodes.add(
        new NodeWriter("ReduceSum", List.of(values + "ones"), values + "count")
            .with("keepdims", 0));
    nodes.add(new NodeWriter("Cast", List.of(values + "count"), values + "any").with("to", BOOL));
    nodes.add(
        new NodeWriter("Cast", List.of(values + "any"), values + "one")
            .with("to", ValueFacts.INT64));
    nodes.add(NodeWriter.constant(values + "beyond", ValueFacts.INT64, FIRST_INDEX + number));
    nodes.add(new NodeWriter("Mul", List.of(values + "one", values + "beyond"), values + "index"));
    if (division.opset() < AXES_OPSET) {
      nodes.add(new NodeWriter("Unsqueeze", List.of(divisor), values + "list").withList("axes", 0));
    } else {
      nodes.add(NodeWriter.constant(values + "first", ValueFacts.INT64, 0, 1));
      nodes.add(new NodeWriter("Unsqueeze", List.of(divisor, values + "first"), values + "list"));
    }
    nodes.add(
        new NodeWriter("Gather", List.of(values + "list", values + "index"), values + "divisor")
            .named(PREFIX + number));
    nodes.add(
        new NodeWriter(
                node.operator(), List.of(dividend, values + "divisor"), node.outputs().getFirst())
            .named(node.name()));
    ByteString all = ByteString.EMPTY;
    for (NodeWriter each : nodes) {
      all = all.concat(each.field(division.field()));
    }
    return all;
  }

  private static void ofType(
      List<NodeWriter> nodes, String values, String dividend, String divisor, int type) {
    long least = type == ValueFacts.INT32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
    nodes.add(NodeWriter.constant(values + "smallest", type, least));
    nodes.add(new NodeWriter("Equal", List.of(dividend, values + "smallest"), values + "least"));
    nodes.add(NodeWriter.constant(values + "-1", type, -1));
    nodes.add(new NodeWriter("Equal", List.of(divisor, values + "-1"), values + "minus_one"));
  }

  /**
   * By what holds of these two integers alone: the smallest is its own negative and not 0; of -1
   * the square is the negative, which holds of 0 too. No float that is not 0 is its own negative.
   */
  private static void ofAnyType(
      List<NodeWriter> nodes, String values, String dividend, String divisor) {
    nodes.add(new NodeWriter("Neg", List.of(dividend), values + "negative"));
    nodes.add(new NodeWriter("Equal", List.of(dividend, values + "negative"), values + "same"));
    nodes.add(new NodeWriter("Sub", List.of(dividend, dividend), values + "zero"));
    nodes.add(new NodeWriter("Equal", List.of(dividend, values + "zero"), values + "is_zero"));
    nodes.add(new NodeWriter("Not", List.of(values + "is_zero"), values + "is_other"));
    nodes.add(
        new NodeWriter("And", List.of(values + "same", values + "is_other"), values + "least"));
    nodes.add(new NodeWriter("Mul", List.of(divisor, divisor), values + "square"));
    nodes.add(new NodeWriter("Neg", List.of(divisor), values + "opposite"));
    nodes.add(
        new NodeWriter(
            "Equal", List.of(values + "square", values + "opposite"), values + "minus_one"));
  }
}
