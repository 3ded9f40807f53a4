package dev.modelserver.server.loading;

import dev.modelserver.server.graph.OutputSource;
import dev.modelserver.server.graph.OutputSource.Kind;
import dev.modelserver.server.model.ClassNames;
import dev.modelserver.server.model.Labels;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.ScoreKind;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Decides what each output of a model means. */
final class OutputRolesFinder {

  private final Signature signature;
  private final Map<String, OutputSource> sources;
  private final Map<String, Labels> mapped;
  private final RowAxes axes;
  private final List<TrialRun> runs;
  private final List<String> described;

  /** Whether runs on different numbers of rows told the axes. */
  private final boolean seen;

  /**
   * Prepares a decision.
   *
   * @param sources where outputs come from; empty when the graph could not be read
   * @param mapped outputs that are maps by label
   * @param described names of classes by index, as people gave them
   */
  OutputRolesFinder(
      Signature signature,
      Map<String, OutputSource> sources,
      Map<String, Labels> mapped,
      RowAxes axes,
      List<TrialRun> runs,
      List<String> described) {
    this.signature = signature;
    this.sources = sources;
    this.mapped = mapped;
    this.axes = axes;
    this.runs = runs;
    this.described = described;
    this.seen = TrialRun.varied(runs);
  }

  OutputRoles find() {
    String label = first(this::isLabel, output -> source(output).kind() != Kind.UNKNOWN);
    String scores =
        first(
            output -> isScores(output, label != null),
            output -> mapped.containsKey(output.name()) || source(output).labels() != null);
    List<TensorSpec> candidates = signature.outputs().stream().filter(this::computed).toList();
    String value =
        label != null || scores != null || candidates.size() != 1
            ? null
            : first(output -> isValue(output), output -> true);
    ScoreTrials trials = new ScoreTrials(runs, label, scores);
    Labels labels = scores == null ? null : mapped.get(scores);
    boolean isMapped = labels != null;
    long columns = scores == null ? 0 : columns(scores);
    if (labels == null) {
      labels = labels(label, scores, columns);
    }
    ClassNames classes = classes(label, scores, columns, labels, trials);
    ScoreKind kind = scores == null ? ScoreKind.SCORES : trials.kind(source(scores).kind());
    boolean position =
        label != null
            && scores != null
            && labels != null
            && !classes.keys().isEmpty()
            && isPosition(classes, trials, kind);
    List<String> others =
        signature.outputs().stream()
            .map(TensorSpec::name)
            .filter(name -> !name.equals(label) && !name.equals(scores) && !name.equals(value))
            .toList();
    return new OutputRoles(label, position, scores, kind, isMapped, value, others, classes);
  }

  private ClassNames classes(
      @Nullable String label,
      @Nullable String scores,
      long columns,
      @Nullable Labels labels,
      ScoreTrials trials) {
    if (labels != null) {
      return ClassNames.of(labels, described);
    }
    boolean counted = scores != null && described.size() == columns;
    boolean byPosition =
        label == null
            ? counted
            : scores != null
                && (source(label).kind() == Kind.POSITION
                    || (trials.labelsVary() && (trials.labelIsBest() || trials.labelIsLowest())))
                && type(label) != DataType.BYTES;
    if (byPosition && columns > 1) {
      List<Long> keys = LongStream.range(0, columns).boxed().toList();
      return ClassNames.of(
          keys, counted ? described : keys.stream().map(Object::toString).toList());
    }
    return ClassNames.of(List.of(), described);
  }

  /** The labels that the graph tells: of the label, else of the scores; as many as columns. */
  private @Nullable Labels labels(@Nullable String label, @Nullable String scores, long columns) {
    Labels chosen = label == null ? null : source(label).labels();
    if (chosen != null && (scores == null || chosen.keys().size() == columns)) {
      return chosen;
    }
    Labels own = scores == null ? null : source(scores).labels();
    return own != null && own.keys().size() == columns ? own : null;
  }

  /** Whether the rows tried say that the label is the place of a class, and not the class. */
  private static boolean isPosition(ClassNames classes, ScoreTrials trials, ScoreKind kind) {
    // Where all rows have one label, it looks like a position beside scores of the wrong sign.
    boolean told =
        kind == ScoreKind.PROBABILITIES || trials.labelsVary() || trials.hasLabelBeside(classes);
    return told && trials.labelIsBest() && !trials.labelIsKeyOfBest(classes);
  }

  private boolean isLabel(TensorSpec output) {
    DataType type = output.datatype();
    boolean named = source(output).kind() == Kind.LABEL;
    return computed(output)
        && (type.isInteger() || type == DataType.BYTES || (type == DataType.BOOL && named))
        && oneForEachRow(output);
  }

  private boolean isScores(TensorSpec output, boolean labelled) {
    long columns = columns(output.name());
    return computed(output)
        && byRow(output)
        && output.datatype().isFloat()
        && rank(output) == 2
        && (labelled
            || (described.size() > 1 && columns == described.size())
            || mapped.containsKey(output.name())
            || (source(output).labels() != null && columns > 1));
  }

  private boolean isValue(TensorSpec output) {
    return output.datatype().isFloat() && output.shape().rank() <= 2;
  }

  /** Whether the model computes it, and does not only hand it on beside others. */
  private boolean computed(TensorSpec output) {
    return !handedOn(output) || signature.outputs().stream().allMatch(this::handedOn);
  }

  private boolean handedOn(TensorSpec output) {
    Kind kind = source(output).kind();
    return kind == Kind.INPUT || kind == Kind.CONSTANT;
  }

  /** Its first axis counts rows, or nothing is known. */
  private boolean byRow(TensorSpec output) {
    return (!seen && axes.axes().isEmpty()) || axes.axis(output.name()).orElse(-1) == 0;
  }

  /** Whether it has one element for each row, which may be along any axis, or nothing is known. */
  private boolean oneForEachRow(TensorSpec output) {
    int axis = axes.axis(output.name()).orElse(0);
    Shape shape = shape(output.name());
    return axis > 0
        ? shape.elements() == shape.dim(axis)
        : byRow(output) && columns(output.name()) == 1;
  }

  private OutputSource source(TensorSpec output) {
    return source(output.name());
  }

  private OutputSource source(String output) {
    return sources.getOrDefault(output, new OutputSource(Kind.UNKNOWN, null));
  }

  private DataType type(String output) {
    return spec(output).datatype();
  }

  private TensorSpec spec(String output) {
    return signature.outputs().stream()
        .filter(spec -> spec.name().equals(output))
        .findFirst()
        .orElseThrow();
  }

  private int rank(TensorSpec output) {
    return shape(output.name()).rank();
  }

  /** Numbers of one row; {@link Shape#ANY} when nothing is known of them. */
  private long columns(String output) {
    Shape shape = shape(output);
    return shape.rank() <= 1 ? 1 : shape.elementsFrom(1);
  }

  /** As it was seen last, else as it is declared. */
  private Shape shape(String output) {
    if (!runs.isEmpty()) {
      Tensor tensor = runs.getLast().outputs().tensors().get(output);
      if (tensor != null) {
        return tensor.shape();
      }
    }
    return spec(output).shape();
  }

  private @Nullable String first(Predicate<TensorSpec> possible, Predicate<TensorSpec> preferred) {
    List<TensorSpec> outputs = signature.outputs().stream().filter(possible).toList();
    return outputs.stream()
        .filter(preferred)
        .findFirst()
        .or(() -> outputs.stream().findFirst())
        .map(TensorSpec::name)
        .orElse(null);
  }
}
