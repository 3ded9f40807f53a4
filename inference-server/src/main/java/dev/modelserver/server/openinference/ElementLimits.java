package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which elements of a request are read, and the memory that they may take. A body of short strings
 * becomes more than ten times as large when it is read.
 *
 * @param taken whether the model has an input of this name and type
 * @param reserve takes so many bytes of memory beside the body's own; false when there are no more
 */
record ElementLimits(BiPredicate<String, DataType> taken, LongPredicate reserve) {

  /** Those of a model. */
  static ElementLimits of(Signature signature, LongPredicate reserve) {
    return new ElementLimits(
        (name, type) -> signature.input(name).filter(input -> input.datatype() == type).isPresent(),
        reserve);
  }

  /**
   * What stands for elements that take long to read, as strings and truth values do, where the
   * model does not take them: the check of names and types, which comes next, refuses it. Null for
   * all others, which are to be read.
   */
  @Nullable Tensor unread(InputHead input) throws RequestException {
    DataType type = input.datatype();
    if ((type != DataType.BYTES && type != DataType.BOOL) || taken.test(input.name(), type)) {
      return null;
    }
    Shape none = Shape.of(0);
    return type == DataType.BYTES
        ? new StringTensor(none, List.of())
        : NumericTensor.allocate(type, none);
  }

  /**
   * Takes the memory for elements that are about to be read; numbers need none on the heap.
   *
   * @param sent bytes they have in the request: there are no more elements than that, whatever the
   *     shape says
   */
  void reserve(InputHead input, long sent) throws RequestException {
    if (input.datatype() == DataType.BYTES
        && !reserve.test(
            Math.min(input.shape().elements(), sent) * StringTensor.BYTES_OF_A_STRING)) {
      throw new RequestException(new RequestFailure.NoMemory());
    }
  }
}
