package dev.modelserver.server.oip;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Takes what a transport finds in a request, in any order, and makes the request of it. */
public final class InferRequestReader {

  /** Inputs or outputs of a request: more than any model has. */
  public static final int MAX_TENSORS = 1024;

  /** Characters of an id. */
  static final int MAX_ID = 1000;

  private final AcceptedInputs model;
  private final LongPredicate reserve;
  private final List<InputReader> inputs = new ArrayList<>();
  private final List<RequestedOutput> outputs = new ArrayList<>();
  private @Nullable String id;
  private @Nullable Duration timeout;
  private boolean binaryOutputs;

  /**
   * Begins with nothing.
   *
   * @param model whose inputs are taken
   * @param reserve takes so many bytes of memory beside the request's own; false when there are no
   *     more
   */
  public InferRequestReader(AcceptedInputs model, LongPredicate reserve) {
    this.model = model;
    this.reserve = reserve;
  }

  /** The id of the request. */
  public void id(String given) throws RequestException {
    if (given.length() > MAX_ID) {
      throw RequestException.malformed(
          "id has %d characters; it takes at most %d".formatted(given.length(), MAX_ID));
    }
    id = given;
  }

  /**
   * The parameter {@code timeout}: how long the caller waits, in microseconds; 0: it does not say.
   */
  public void timeout(long micros) throws RequestException {
    if (micros < 0) {
      throw RequestException.malformed(
          "parameters.timeout is %d; a number of microseconds from 0 to %d is needed"
              .formatted(micros, Long.MAX_VALUE));
    }
    timeout = micros == 0 ? null : Duration.of(micros, ChronoUnit.MICROS);
  }

  /** Whether outputs that do not say otherwise are answered as binary data. */
  public void binaryOutputs(boolean binary) {
    binaryOutputs = binary;
  }

  /** The next input begins. */
  public InputReader input() throws RequestException {
    limit("inputs", inputs.size());
    InputReader input = new InputReader(inputs.size(), model, reserve);
    inputs.add(input);
    return input;
  }

  /** The inputs that have begun. */
  public List<InputReader> inputs() {
    return inputs;
  }

  /** The next output that is wanted begins. */
  public void beginOutput() throws RequestException {
    limit("outputs", outputs.size());
  }

  /** A parameter of the output that has begun, which the transport does not know. */
  public void outputParameter(String parameter) throws RequestException {
    UnservedParameters.refuse(parameter, outputPlace() + ".parameters");
  }

  /**
   * The output that has begun.
   *
   * @param name null: it is missing
   * @param binary whether it is answered as binary data; null: as all outputs
   */
  public void output(@Nullable String name, @Nullable Boolean binary) throws RequestException {
    if (name == null) {
      throw RequestException.malformed(
          outputPlace() + ".name is missing; send the name of an output of the model");
    }
    outputs.add(new RequestedOutput(name, binary));
  }

  private String outputPlace() {
    return "outputs[" + outputs.size() + "]";
  }

  /** The request, once all of it has been taken. */
  public InferRequest request() throws RequestException {
    Map<String, Tensor> tensors = LinkedHashMap.newLinkedHashMap(inputs.size());
    for (InputReader input : inputs) {
      if (tensors.put(input.name(), input.tensor()) != null) {
        throw RequestException.malformed(
            "the input %s is given twice; send each input once"
                .formatted(Excerpt.quoted(input.name())));
      }
    }
    if (outputs.size() > 1) {
      Set<String> names = HashSet.newHashSet(outputs.size());
      for (RequestedOutput output : outputs) {
        if (!names.add(output.name())) {
          throw RequestException.malformed(
              "the output %s is named twice; name each output once"
                  .formatted(Excerpt.quoted(output.name())));
        }
      }
    }
    return new InferRequest(id, tensors, List.copyOf(outputs), binaryOutputs, timeout);
  }

  /** Refuses one entry too many in a list of the request. */
  public static void limit(String list, int count) throws RequestException {
    if (count == MAX_TENSORS) {
      throw RequestException.malformed(
          "%s has more than %d entries; send what the model has".formatted(list, count));
    }
  }
}
