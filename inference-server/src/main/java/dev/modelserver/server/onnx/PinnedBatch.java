package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.onnx.ModelRunException.Kind;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Memory of one thread for runs over rows: inputs are copied into it once, the runtime reads them
 * there and writes outputs of known size there too. A run through it costs less than half of one
 * that makes its tensors anew, and rows of several requests share it.
 *
 * <p>For models whose inputs are numbers of the shape {@code [any number of rows, fixed sizes…]}.
 * One user at a time; {@link #close} waits for it.
 */
public final class PinnedBatch implements AutoCloseable {

  private static final int MAX_BYTES = 16 << 20;

  private final OnnxModel model;
  private final OrtSession session;
  private final int maxRows;
  private final List<PinnedTensor> inputs = new ArrayList<>();
  private final Map<String, PinnedTensor> pinned = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> runInputs = new HashMap<>();
  private final Map<String, OnnxTensor> runOutputs = new HashMap<>();
  private Map<String, Tensor> loose = Map.of();
  private boolean closed;

  private PinnedBatch(OnnxModel model, OrtSession session, int maxRows) {
    this.model = model;
    this.session = session;
    this.maxRows = maxRows;
  }

  /** Whether rows of several requests can be one run of a model with this signature. */
  public static boolean fits(Signature signature) {
    return !signature.inputs().isEmpty()
        && signature.inputs().stream().allMatch(PinnedBatch::byRow);
  }

  /**
   * Memory for a model that {@link #fits}; empty once the model is being closed.
   *
   * @param rows most rows wanted; there may be room for fewer, at least for one
   */
  public static Optional<PinnedBatch> of(OnnxModel model, int rows) {
    Signature signature = model.signature(List.of());
    OrtSession session;
    try {
      session = model.reference().acquire();
    } catch (ModelRunException e) {
      return Optional.empty();
    }
    PinnedBatch batch = new PinnedBatch(model, session, rowsThatFit(signature, rows));
    for (TensorSpec input : signature.inputs()) {
      batch.inputs.add(
          new PinnedTensor(input.name(), input.datatype(), input.shape(), batch.maxRows));
    }
    for (TensorSpec output : signature.outputs()) {
      if (model.takesMemory(output.name()) && byRow(output)) {
        batch.pinned.put(
            output.name(),
            new PinnedTensor(output.name(), output.datatype(), output.shape(), batch.maxRows));
      }
    }
    return Optional.of(batch);
  }

  /** Rows that one run can have. */
  public int maxRows() {
    return maxRows;
  }

  /** Copies the inputs of a request to {@code row} and the rows after it. */
  public synchronized void put(int row, Map<String, Tensor> tensors) {
    for (PinnedTensor input : inputs) {
      if (tensors.get(input.name) instanceof NumericTensor numbers) {
        input.put(row, numbers);
      }
    }
  }

  /**
   * Computes the outputs of the first rows.
   *
   * @param wanted names of outputs; empty: all
   * @param control lets another thread end the run; null: nobody will
   * @return nanoseconds in the runtime
   */
  public synchronized long run(int rows, List<String> wanted, @Nullable RunControl control)
      throws ModelRunException {
    if (closed) {
      throw ModelRunException.unloading();
    }
    RunGuard asked = model.guard();
    try (var _ = asked == null ? null : asked.begin(tensors(rows))) {
      return unguarded(rows, wanted, control);
    }
  }

  /** Copies of the inputs in the first rows. */
  private Map<String, Tensor> tensors(int rows) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (PinnedTensor input : inputs) {
      tensors.put(input.name, input.take(0, rows));
    }
    return tensors;
  }

  private long unguarded(int rows, List<String> wanted, @Nullable RunControl control)
      throws ModelRunException {
    Collection<String> names = wanted.isEmpty() ? model.outputNames() : wanted;
    try {
      for (PinnedTensor input : inputs) {
        runInputs.put(input.name, input.tensor(rows));
      }
      if (model.pinnable().untried(rows)) {
        tryOutputs(rows, control);
      }
      return runPinned(rows, names, control);
    } catch (OrtException e) {
      throw model.failure(e);
    }
  }

  private long runPinned(int rows, Collection<String> names, @Nullable RunControl control)
      throws OrtException, ModelRunException {
    runOutputs.clear();
    Set<String> others = Set.of();
    for (String name : names) {
      PinnedTensor memory = pinned.get(name);
      if (memory == null || !model.pinnable().contains(name)) {
        others = others.isEmpty() ? new LinkedHashSet<>() : others;
        others.add(name);
      } else {
        runOutputs.put(name, memory.tensor(rows));
      }
    }
    try {
      return run(others, control);
    } catch (OrtException e) {
      if (runOutputs.isEmpty()
          || RuntimeMessages.noMemory(e)
          || (control != null && control.terminated())) {
        throw e;
      }
      // As many rows of an output as the values make, say: only the run itself tells.
      return runUnpinned(rows, names, control);
    }
  }

  /** Computes without memory for outputs, and never again pins those that did not fit theirs. */
  private long runUnpinned(int rows, Collection<String> names, @Nullable RunControl control)
      throws OrtException, ModelRunException {
    Set<String> suspects = Set.copyOf(runOutputs.keySet());
    runOutputs.clear();
    long nanos = run(new LinkedHashSet<>(names), control);
    List<String> others =
        suspects.stream().filter(name -> !memory(name).fits(rows, loose.get(name))).toList();
    model.pinnable().remove(others.isEmpty() ? suspects : others);
    return nanos;
  }

  /**
   * Compares what a run writes to the memory of the outputs with what one gives that has none, on
   * the rows that are there. An output that differs in one bit is never pinned: ONNX Runtime writes
   * nothing, and says nothing, where it hands a value on.
   */
  private void tryOutputs(int rows, @Nullable RunControl control)
      throws OrtException, ModelRunException {
    Set<String> names = new LinkedHashSet<>(pinned.keySet());
    names.removeIf(name -> !model.pinnable().contains(name));
    if (!names.isEmpty()) {
      runOutputs.clear();
      var _ = run(names, control);
      Map<String, Tensor> expected = loose;
      for (String name : names) {
        memory(name).fillUnlike(rows, expected.get(name));
      }
      var _ = runPinned(rows, names, control);
      model
          .pinnable()
          .remove(
              runOutputs.keySet().stream()
                  .filter(name -> !memory(name).take(0, rows).equals(expected.get(name)))
                  .toList());
    }
    model.pinnable().tried(rows);
  }

  private PinnedTensor memory(String name) {
    return Objects.requireNonNull(pinned.get(name));
  }

  /**
   * Runs with the inputs and outputs that are bound, and reads others; once more where memory that
   * no run holds any more was missing.
   */
  private long run(Set<String> others, @Nullable RunControl control)
      throws OrtException, ModelRunException {
    try {
      return runOnce(others, control);
    } catch (OrtException e) {
      if (!RuntimeMessages.noMemory(e) || (control != null && control.terminated())) {
        throw e;
      }
      RunMemory.releaseIdle(session, runInputs, model.outputNames());
      return runOnce(others, control);
    }
  }

  private long runOnce(Set<String> others, @Nullable RunControl control)
      throws OrtException, ModelRunException {
    SessionSettings settings = model.settings();
    // An event loop's run has options only where something is to be said with them.
    RunControl used = control == null && !settings.memoryArena() ? new RunControl() : control;
    try {
      long start = System.nanoTime();
      try (OrtSession.Result result =
          used == null
              ? session.run(runInputs, others, runOutputs)
              : session.run(runInputs, others, runOutputs, used.begin(settings))) {
        long computed = System.nanoTime();
        loose = others.isEmpty() ? Map.of() : model.read(result, others);
        model.succeeded();
        return computed - start;
      }
    } finally {
      if (used != null) {
        used.end();
      }
    }
  }

  /**
   * Copies of the outputs of some rows, in the model's order.
   *
   * @param all rows of the run
   */
  public synchronized Map<String, Tensor> take(int row, int rows, int all)
      throws ModelRunException {
    Map<String, Tensor> outputs = LinkedHashMap.newLinkedHashMap(model.outputNames().size());
    for (String name : model.outputNames()) {
      PinnedTensor memory = pinned.get(name);
      Tensor tensor = loose.get(name);
      if (memory != null && runOutputs.containsKey(name)) {
        outputs.put(name, memory.take(row, rows));
      } else if (tensor != null) {
        outputs.put(name, rows == all ? tensor : part(name, tensor, row, rows, all));
      }
    }
    return outputs;
  }

  /** Frees the memory, after the run that is under way. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      inputs.forEach(PinnedTensor::close);
      pinned.values().forEach(PinnedTensor::close);
      model.reference().release();
    }
  }

  private static Tensor part(String name, Tensor tensor, int row, int rows, int all)
      throws ModelRunException {
    if (tensor.shape().rank() == 0 || tensor.shape().dim(0) != all) {
      throw new ModelRunException(
          Kind.MODEL, "the output \"" + name + "\" has not one row for each row of the inputs");
    }
    List<Long> dims = new ArrayList<>(tensor.shape().dims());
    dims.set(0, (long) rows);
    Shape shape = new Shape(dims);
    int step = (int) tensor.shape().elementsFrom(1);
    return switch (tensor) {
      case StringTensor strings ->
          new StringTensor(shape, strings.values().subList(row * step, (row + rows) * step));
      case NumericTensor numbers -> {
        int bytes = step * numbers.type().size();
        NumericTensor copy = NumericTensor.allocate(numbers.type(), shape);
        ByteBuffer from = numbers.data();
        copy.data().put(0, from, row * bytes, rows * bytes);
        yield copy;
      }
    };
  }

  private static boolean byRow(TensorSpec spec) {
    Shape shape = spec.shape();
    return spec.datatype() != DataType.BYTES
        && shape.rank() > 0
        && shape.dim(0) == Shape.ANY
        && rowBytes(spec) > 0;
  }

  /** Bytes of a row; 0 or less when they vary or are too many. */
  private static long rowBytes(TensorSpec spec) {
    try {
      long bytes = spec.shape().elementsFrom(1) * spec.datatype().size();
      return bytes > MAX_BYTES ? 0 : bytes;
    } catch (ArithmeticException e) {
      return 0;
    }
  }

  private static int rowsThatFit(Signature signature, int rows) {
    long bytes = 0;
    for (TensorSpec spec : signature.inputs()) {
      bytes += rowBytes(spec);
    }
    for (TensorSpec spec : signature.outputs()) {
      bytes += spec.datatype() == DataType.BYTES ? 0 : Math.max(0, rowBytes(spec));
    }
    return Math.clamp(MAX_BYTES / Math.max(1, bytes), 1, rows);
  }
}
