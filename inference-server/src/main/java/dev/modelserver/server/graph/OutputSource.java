package dev.modelserver.server.graph;

import dev.modelserver.server.model.Labels;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of an output come from, as far as the graph tells: followed back through nodes
 * that only copy, cast or reshape.
 *
 * @param labels the classes: of a label those it can be, in the order of the positions it was
 *     picked by; of scores those of the columns; null when the file does not tell them
 */
public record OutputSource(Kind kind, @Nullable Labels labels) {

  /** What makes the values. */
  public enum Kind {
    /** An input of the model. */
    INPUT,
    /** A constant. */
    CONSTANT,
    /** The chosen class of a classifier, or what was picked from a list of classes. */
    LABEL,
    /** The position of the highest score. */
    POSITION,
    /** Softmax over the last axis, as one node or spelled out. */
    SOFTMAX,
    /** Sigmoid of each number. */
    SIGMOID,
    /** The scores of a classifier node without more, or a map of scores by class. */
    CLASSIFIER,
    /** Anything else. */
    UNKNOWN
  }

  private static final Set<String> COPIES =
      Set.of("Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Dropout");

  private static final int MAX_STEPS = 100;

  /** The sources of all outputs of the main graph, by name. */
  public static Map<String, OutputSource> of(ModelGraph model) {
    Trace trace = new Trace(model.main());
    Map<String, OutputSource> sources = new HashMap<>();
    for (Value output : model.main().outputs()) {
      sources.put(output.name(), trace.source(output.name(), 0));
    }
    return sources;
  }

  private static OutputSource unknown() {
    return new OutputSource(Kind.UNKNOWN, null);
  }

  private OutputSource with(@Nullable Labels known) {
    return new OutputSource(kind, known);
  }

  /** One graph, walked from its outputs. */
  private static final class Trace {
    private final Graph graph;
    private final Map<String, Node> producers;
    private final Set<String> inputs = new HashSet<>();

    Trace(Graph graph) {
      this.graph = graph;
      this.producers = graph.producers();
      graph.inputs().forEach(input -> inputs.add(input.name()));
    }

    OutputSource source(String name, int steps) {
      Node node = producers.get(name);
      if (steps > MAX_STEPS) {
        return unknown();
      }
      if (node == null) {
        return new OutputSource(inputs.contains(name) ? Kind.INPUT : Kind.CONSTANT, null);
      }
      boolean first = node.outputs().indexOf(name) == 0;
      return node.domain().equals(Node.ML)
          ? classic(node, first, steps)
          : node.domain().isEmpty() ? plain(node, first, steps) : unknown();
    }

    private OutputSource plain(Node node, boolean first, int steps) {
      if (COPIES.contains(node.operator())) {
        return source(node.input(0), steps + 1);
      }
      return switch (node.operator()) {
        case "Cast" -> cast(node, source(node.input(0), steps + 1));
        case "Constant" -> new OutputSource(Kind.CONSTANT, null);
        case "Gather" -> picked(node, steps);
        case "ArgMax" -> new OutputSource(Kind.POSITION, null);
        case "TopK" ->
            first || node.integer("largest", 1) == 0
                ? unknown()
                : new OutputSource(Kind.POSITION, null);
        case "Softmax" -> new OutputSource(Kind.SOFTMAX, null);
        case "Sigmoid" -> new OutputSource(Kind.SIGMOID, null);
        case "Exp" ->
            isLogSoftmax(node.input(0)) ? new OutputSource(Kind.SOFTMAX, null) : unknown();
        default -> unknown();
      };
    }

    /** Numbers less the logarithm of the sum of their exponentials, as naive Bayes has them. */
    private boolean isLogSoftmax(String name) {
      Node node = producers.get(name);
      if (node == null || !node.is("Sub")) {
        return node != null && node.is("LogSoftmax");
      }
      Node sum = producers.get(node.input(1));
      for (int i = 0; i < MAX_STEPS && sum != null && COPIES.contains(sum.operator()); i++) {
        sum = producers.get(sum.input(0));
      }
      if (sum == null) {
        return false;
      }
      boolean whole = sum.is("ReduceLogSumExp") && sum.input(0).equals(node.input(0));
      return whole || isLogSum(sum, node.input(0));
    }

    private boolean isLogSum(Node log, String of) {
      Node sum = log.is("Log") ? producers.get(log.input(0)) : null;
      Node exp = sum != null && sum.is("ReduceSum") ? producers.get(sum.input(0)) : null;
      return exp != null && exp.is("Exp") && exp.input(0).equals(of);
    }

    private OutputSource classic(Node node, boolean first, int steps) {
      return switch (node.operator()) {
        case "ZipMap" -> {
          OutputSource numbers = source(node.input(0), steps + 1);
          Labels labels = labels(node).orElse(null);
          yield numbers.kind == Kind.UNKNOWN || numbers.labels != null
              ? new OutputSource(
                  numbers.kind == Kind.UNKNOWN ? Kind.CLASSIFIER : numbers.kind, labels)
              : numbers.with(labels);
        }
        case "ArrayFeatureExtractor" -> picked(node, steps);
        case "LabelEncoder" -> encoded(node, source(node.input(0), steps + 1));
        case "TreeEnsembleClassifier", "LinearClassifier", "SVMClassifier" -> {
          Labels labels = labels(node).orElse(null);
          yield first
              ? new OutputSource(Kind.LABEL, labels)
              : new OutputSource(transformed(node), labels);
        }
        // The numbers keep their places, and a classifier before it keeps its classes.
        case "Normalizer" -> {
          OutputSource numbers = source(node.input(0), steps + 1);
          yield new OutputSource(Kind.UNKNOWN, numbers.labels);
        }
        default -> unknown();
      };
    }

    private static Kind transformed(Node node) {
      return switch (node.text("post_transform", "NONE")) {
        case "SOFTMAX" -> Kind.SOFTMAX;
        case "LOGISTIC" -> Kind.SIGMOID;
        default -> Kind.CLASSIFIER;
      };
    }

    /** The classes that a classifier or a ZipMap names. */
    private static Optional<Labels> labels(Node node) {
      return node.texts("classlabels_strings")
          .filter(list -> !list.isEmpty())
          .<List<?>>map(list -> list)
          .or(() -> node.integers("classlabels_int64s").filter(list -> !list.isEmpty()))
          .or(() -> node.integers("classlabels_ints").filter(list -> !list.isEmpty()))
          .map(list -> new Labels(List.copyOf(list)));
    }

    /** Picked by index from a constant list: that is the list of classes. */
    private OutputSource picked(Node node, int steps) {
      Constant list = constant(node.input(0), steps).orElse(null);
      if (list == null || inputs.contains(node.input(1))) {
        // Looked up in a table by an input: an embedding, or a row of a table.
        return unknown();
      }
      return list.integers()
          .<List<?>>map(values -> values)
          .or(list::strings)
          .filter(values -> !values.isEmpty())
          // A class that stands there twice has no position of its own.
          .map(values -> new HashSet<>(values).size() < values.size() ? null : values)
          .map(values -> new OutputSource(Kind.LABEL, new Labels(List.copyOf(values))))
          .orElseGet(() -> new OutputSource(Kind.LABEL, null));
    }

    /** A constant, also behind nodes that copy or cast it. */
    private Optional<Constant> constant(String name, int steps) {
      Optional<Constant> here = graph.constant(name);
      Node node = producers.get(name);
      return here.isPresent() || node == null || steps > MAX_STEPS
          ? here
          : COPIES.contains(node.operator()) || node.is("Cast")
              ? constant(node.input(0), steps + 1)
              : Optional.empty();
    }

    private static OutputSource cast(Node node, OutputSource from) {
      Labels labels = from.labels;
      if (labels == null) {
        return from;
      }
      boolean text = node.integer("to", 0) == Constant.STRING;
      return text == labels.strings()
          ? from
          : from.with(text ? new Labels(List.copyOf(labels.names())) : null);
    }

    /** A LabelEncoder maps each class to another. */
    private static OutputSource encoded(Node node, OutputSource from) {
      List<?> keys = list(node, "keys_");
      List<?> values = list(node, "values_");
      if (keys.isEmpty() || keys.size() != values.size()) {
        return new OutputSource(from.kind == Kind.POSITION ? Kind.LABEL : from.kind, null);
      }
      Map<Object, Object> mapped = new HashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        mapped.put(keys.get(i), values.get(i));
      }
      List<?> before =
          from.labels != null
              ? from.labels.keys()
              : from.kind == Kind.POSITION ? positions(keys) : List.of();
      List<Object> after = before.stream().map(mapped::get).filter(Objects::nonNull).toList();
      boolean labels = from.kind == Kind.POSITION || from.kind == Kind.LABEL;
      return new OutputSource(
          labels ? Kind.LABEL : from.kind,
          before.isEmpty() || after.size() < before.size() ? null : new Labels(after));
    }

    /** 0, 1, 2 … when these are all keys. */
    private static List<Long> positions(List<?> keys) {
      List<Long> positions = LongStream.range(0, keys.size()).boxed().toList();
      return new HashSet<Object>(keys).equals(new HashSet<Object>(positions))
          ? positions
          : List.of();
    }

    private static List<?> list(Node node, String prefix) {
      return node.integers(prefix + "int64s")
          .<List<?>>map(values -> values)
          .or(() -> node.texts(prefix + "strings"))
          .orElse(List.of());
    }
  }
}
