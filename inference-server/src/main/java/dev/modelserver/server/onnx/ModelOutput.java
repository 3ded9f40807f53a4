package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import dev.modelserver.server.model.Labels;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.onnx.ModelRunException.Kind;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One output of a model: whatever it is inside, callers get one tensor. */
sealed interface ModelOutput {

  /** The tensor that callers get. */
  TensorSpec spec();

  /** Copies a value out of native memory. */
  Tensor read(OnnxValue value) throws OrtException, ModelRunException;

  /** Copies a value that may be several tensors: under its own name when it is one. */
  default Map<String, Tensor> readAll(OnnxValue value) throws OrtException, ModelRunException {
    return Map.of(name(), read(value));
  }

  /** The names of the columns; null when they have none, or none is known yet. */
  default @Nullable Labels labels() {
    return null;
  }

  /** The output as it is declared once an answer had this shape. */
  default ModelOutput observed(Shape given) {
    return this;
  }

  default String name() {
    return spec().name();
  }

  /**
   * A tensor as it is.
   *
   * @param asDeclared whether the runtime, too, takes it for this shape: else it refuses memory of
   *     the right size
   */
  record Plain(TensorSpec spec, boolean asDeclared) implements ModelOutput {
    @Override
    public Tensor read(OnnxValue value) throws OrtException {
      return NativeValues.fromNative((OnnxTensor) value);
    }

    @Override
    public ModelOutput observed(Shape given) {
      Shape declared = spec.shape();
      if (declared.rank() == 0) {
        // either a single value or no shape at all
        return this;
      }
      List<Long> dims = new ArrayList<>();
      boolean as = declared.rank() == given.rank();
      for (int axis = 0; axis < given.rank(); axis++) {
        long dim = declared.rank() == given.rank() ? declared.dim(axis) : Shape.ANY;
        boolean so = dim == Shape.ANY || dim == given.dim(axis);
        dims.add(so ? dim : Shape.ANY);
        as &= so;
      }
      return as ? this : new Plain(new TensorSpec(name(), spec.datatype(), new Shape(dims)), false);
    }
  }

  /** The numbers of a ZipMap that was left out, see {@link ZipMapBypass}. */
  record Columns(String name, Labels labels) implements ModelOutput {
    @Override
    public TensorSpec spec() {
      return new TensorSpec(name, DataType.FP32, Shape.of(Shape.ANY, labels.keys().size()));
    }

    @Override
    public Tensor read(OnnxValue value) throws OrtException, ModelRunException {
      Tensor tensor = NativeValues.fromNative((OnnxTensor) value);
      int columns = labels.keys().size();
      Shape shape = tensor.shape();
      if (shape.rank() == 2 && shape.dim(1) == columns) {
        return tensor;
      }
      if (shape.rank() == 1 && shape.dim(0) == columns && tensor instanceof NumericTensor row) {
        // a ZipMap takes numbers without rows for one row
        return new NumericTensor(row.type(), Shape.of(1, columns), row.data());
      }
      throw new ModelRunException(
          Kind.INPUT,
          "the output \""
              + name
              + "\" has numbers of the shape "
              + shape
              + " for "
              + columns
              + " labels");
    }
  }

  /** A sequence of maps from label to number, a row per map. */
  final class Maps implements ModelOutput {
    private final String name;
    private final @Nullable Labels labels;
    private volatile @Nullable Labels seen;

    /**
     * A ZipMap output.
     *
     * @param labels null when the file does not tell them: a row of an answer does
     */
    Maps(String name, @Nullable Labels labels) {
      this.name = name;
      this.labels = labels;
    }

    @Override
    public ModelOutput observed(Shape given) {
      return labels == null && seen != null ? new Maps(name, seen) : this;
    }

    @Override
    public TensorSpec spec() {
      Labels known = labels;
      long columns = known == null ? Shape.ANY : known.keys().size();
      return new TensorSpec(name, DataType.FP32, Shape.of(Shape.ANY, columns));
    }

    @Override
    public @Nullable Labels labels() {
      return labels;
    }

    @Override
    public Tensor read(OnnxValue value) throws OrtException, ModelRunException {
      List<Map<?, ?>> rows = NativeValues.maps((OnnxSequence) value);
      Labels known = labels;
      if (known == null) {
        known = Labels.of(rows.isEmpty() ? Map.of() : rows.getFirst());
        seen = rows.isEmpty() ? null : known;
      }
      Tensor tensor = NativeValues.fromMaps(rows, known);
      if (tensor == null) {
        throw new ModelRunException(
            Kind.MODEL, "the rows of the output \"" + name + "\" have different labels");
      }
      return tensor;
    }
  }

  /**
   * A sequence of tensors: one tensor when they have one shape, with their number as its first
   * axis, else several.
   */
  record Stack(TensorSpec spec) implements ModelOutput {
    @Override
    public Tensor read(OnnxValue value) throws OrtException, ModelRunException {
      return TensorStack.of(spec, NativeValues.tensors((OnnxSequence) value))
          .orElseThrow(
              () ->
                  new ModelRunException(
                      Kind.MODEL,
                      "the output \"%s\" is a sequence of tensors of different shapes"
                          .formatted(name())));
    }

    @Override
    public Map<String, Tensor> readAll(OnnxValue value) throws OrtException {
      List<Tensor> parts = NativeValues.tensors((OnnxSequence) value);
      Tensor whole = TensorStack.of(spec, parts).orElse(null);
      if (whole != null) {
        return Map.of(name(), whole);
      }
      Map<String, Tensor> named = new LinkedHashMap<>();
      for (Tensor part : parts) {
        named.put(name() + "." + named.size(), part);
      }
      return named;
    }
  }
}
