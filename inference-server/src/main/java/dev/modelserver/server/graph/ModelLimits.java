package dev.modelserver.server.graph;

import dev.modelserver.server.model.ModelLoadException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How much a model file may hold. A file of a kilobyte can ask for more than any machine has: a
 * function that calls another twice, which calls another twice, and so on; a sparse tensor of one
 * number whose dense form fills the memory; branches in branches, each of which doubles the time
 * the runtime takes to load them.
 */
final class ModelLimits {

  /** Nodes of all graphs together, functions counted as often as they are called. */
  static final int MAX_NODES = 200_000;

  /** Graphs inside graphs, as in a loop in a branch. */
  static final int MAX_NESTING = 16;

  /** Of the inputs, and of the outputs. */
  static final int MAX_PORTS = 10_000;

  static final int MAX_FUNCTIONS = 10_000;

  /** Functions that call functions. */
  static final int MAX_CALL_DEPTH = 100;

  static final int MAX_OPERATORS = 10_000;

  /** Of all tensors in the file and beside it, as they are in memory. */
  static final long MAX_TENSOR_BYTES = 64L << 30;

  private static final int FLOAT_BYTES = 4;

  /** The nodes of the main graph or of a function: how often each operator is called. */
  static final class Body {
    private final Map<String, Integer> calls = new HashMap<>();
  }

  /** The sizes of a tensor, as their product: there may be any number of them. */
  static final class Dims {
    private long elements = 1;
    private long negative;

    void add(long dim) {
      if (dim < 0) {
        negative = dim;
      } else {
        elements = saturated(elements, dim);
      }
    }
  }

  private final Set<String> operators = new HashSet<>();
  private final Map<String, Body> functions = new HashMap<>();
  private boolean extensions;
  private long nodes;
  private long tensorBytes;
  private int inputs;
  private int outputs;

  /** Names of the operators, without their domains. */
  Set<String> operators() {
    return operators;
  }

  /** Whether a node is of a domain of ONNX Runtime Extensions. */
  boolean extensions() {
    return extensions;
  }

  void node(Body body, String domain, String operator, String overload) throws ModelLoadException {
    if (++nodes > MAX_NODES) {
      throw tooManyNodes();
    }
    if (operators.add(operator) && operators.size() > MAX_OPERATORS) {
      throw invalid("the model has more than " + MAX_OPERATORS + " kinds of operator");
    }
    extensions |= ExtensionOperators.DOMAINS.contains(domain);
    body.calls.merge(key(domain, operator, overload), 1, Integer::sum);
  }

  void function(Body body, String domain, String name, String overload) throws ModelLoadException {
    functions.put(key(domain, name, overload), body);
    if (functions.size() > MAX_FUNCTIONS) {
      throw invalid("the model has more than " + MAX_FUNCTIONS + " functions");
    }
  }

  /** One input or output of the main graph. */
  void port(boolean input) throws ModelLoadException {
    if ((input ? ++inputs : ++outputs) > MAX_PORTS) {
      throw invalid(
          "the model has more than "
              + MAX_PORTS
              + (input ? " inputs; export it with its weights as initializers" : " outputs"));
    }
  }

  /**
   * A tensor in the file or beside it.
   *
   * @param type number of the element type; 0 when it is not told
   */
  void tensor(Dims dims, int type) throws ModelLoadException {
    add(dims, bytesOf(type));
  }

  /** A sparse tensor, which the runtime makes dense. */
  void sparse(Dims dims) throws ModelLoadException {
    add(dims, FLOAT_BYTES);
  }

  private void add(Dims dims, int elementBytes) throws ModelLoadException {
    if (dims.negative < 0) {
      throw invalid(
          "a tensor of the model has the size " + dims.negative + "; export the model again");
    }
    tensorBytes = saturatedSum(tensorBytes, saturated(dims.elements, elementBytes));
    if (tensorBytes > MAX_TENSOR_BYTES) {
      throw invalid(
          "the tensors of the model need more than "
              + (MAX_TENSOR_BYTES >> 30)
              + " GiB of memory; export a smaller model");
    }
  }

  static void checkNesting(int nesting) throws ModelLoadException {
    if (nesting > MAX_NESTING) {
      throw invalid(
          "the model has branches or loops inside each other for more than "
              + MAX_NESTING
              + " levels; export a flatter one");
    }
  }

  /** Counts the nodes that the runtime will see, once every function is known. */
  void checkNodes(Body main) throws ModelLoadException {
    Map<Body, Long> known = new HashMap<>();
    long all = expanded(main, known, new HashSet<>());
    if (all > MAX_NODES) {
      throw tooManyNodes();
    }
  }

  private long expanded(Body body, Map<Body, Long> known, Set<Body> under)
      throws ModelLoadException {
    Long before = known.get(body);
    if (before != null) {
      return before;
    }
    if (!under.add(body)) {
      throw invalid("a function of the model calls itself; export the model without functions");
    }
    if (under.size() > MAX_CALL_DEPTH) {
      throw invalid(
          "the functions of the model call each other for more than "
              + MAX_CALL_DEPTH
              + " levels; export the model without functions");
    }
    long sum = 0;
    for (Map.Entry<String, Integer> call : body.calls.entrySet()) {
      Body function = functions.get(call.getKey());
      long each = function == null ? 1 : expanded(function, known, under);
      sum = Math.min(MAX_NODES + 1L, sum + saturated(each, call.getValue()));
    }
    under.remove(body);
    known.put(body, sum);
    return sum;
  }

  private static String key(String domain, String operator, String overload) {
    String space = domain.equals("ai.onnx") ? "" : domain;
    return space + "\n" + operator + "\n" + overload;
  }

  private static int bytesOf(int type) {
    return switch (type) {
      case 4, 5, 10, 16 -> 2;
      case 1, 6, 12 -> FLOAT_BYTES;
      case 7, 11, 13, 14 -> 8;
      case 15 -> 16;
      default -> 1;
    };
  }

  /** Of numbers that are not negative. */
  private static long saturated(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }

  private static long saturatedSum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private static ModelLoadException tooManyNodes() {
    return invalid(
        "the model has more than "
            + MAX_NODES
            + " nodes, functions counted as often as they are called; export a smaller graph");
  }

  private static ModelLoadException invalid(String message) {
    return new ModelLoadException(ModelLoadException.Kind.INVALID, message);
  }
}
