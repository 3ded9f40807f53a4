package dev.modelserver.server.v1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.http.JsonFaults;
import dev.modelserver.server.http.JsonValues;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.predict.Features;
import dev.modelserver.server.predict.InputLayout;
import dev.modelserver.server.predict.NamedRow;
import dev.modelserver.server.predict.RowCollector;
import java.io.IOException;
import java.util.Map;

/**
 * Reads {@code {"instances":[…]}}: rows of values, single values for a model that takes one,
 * objects with features by name, and where the model's inputs are no rows, tensors to be stacked.
 */
final class InstanceParser {

  private static final String EXAMPLE = "send {\"instances\":[…]}";

  private final JsonParser parser;
  private final Signature signature;
  private final InputLayout layout;

  private InstanceParser(JsonParser parser, Signature signature, InputLayout layout) {
    this.parser = parser;
    this.signature = signature;
    this.layout = layout;
  }

  /** Reads the first {@code length} bytes. */
  static Instances parse(Signature signature, InputLayout layout, byte[] bytes, int length)
      throws RequestException {
    if (length == 0) {
      throw RequestException.malformed("the body is empty; " + EXAMPLE);
    }
    try (JsonParser parser = Json.factory().createParser(bytes, 0, length)) {
      Instances instances = new InstanceParser(parser, signature, layout).body();
      if (parser.nextToken() != null) {
        throw RequestException.malformed(
            "the body goes on after the JSON object; send one object per request");
      }
      return instances;
    } catch (JsonProcessingException e) {
      throw RequestException.malformed(JsonFaults.describe(e));
    } catch (IOException e) {
      throw RequestException.malformed("the body is not valid UTF-8 JSON; " + EXAMPLE);
    }
  }

  /** Other names, such as signature_name, mean nothing here. */
  private Instances body() throws IOException, RequestException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw RequestException.malformed("the body is not a JSON object; " + EXAMPLE);
    }
    Instances instances = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = parser.currentName().equals("instances");
      parser.nextToken();
      if (wanted) {
        instances = instances();
      } else {
        parser.skipChildren();
      }
    }
    if (instances == null) {
      throw RequestException.malformed("instances is missing; " + EXAMPLE);
    }
    return instances;
  }

  private Instances instances() throws IOException, RequestException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw RequestException.malformed(
          "instances is " + JsonValues.shown(parser) + "; a list is needed");
    }
    JsonToken first = parser.nextToken();
    if (first == JsonToken.END_ARRAY) {
      throw RequestException.malformed("instances is empty; send at least one");
    }
    boolean rows = rows(signature, layout);
    if (first == JsonToken.START_OBJECT) {
      parser.nextToken();
      boolean features = layout.obstacle() == null && featuresHaveNames();
      return features ? namedRows() : namedTensors();
    }
    return rows ? rows() : tensors();
  }

  /** Whether an instance is a row of values, not a tensor. */
  static boolean rows(Signature signature, InputLayout layout) {
    return layout.obstacle() == null
        && signature.inputs().stream().allMatch(input -> input.shape().rank() <= 2);
  }

  /** Whether the values of a row have names of their own, other than those of the inputs. */
  private boolean featuresHaveNames() {
    return layout.fields().stream().anyMatch(field -> signature.input(field.name()).isEmpty());
  }

  /** The current token is the first of the first instance. */
  private Instances rows() throws IOException, RequestException {
    RowCollector collector = new RowCollector(layout, "instances");
    for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
      String place = place(collector.rows());
      collector.beginRow();
      if (parser.currentToken() == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          value(collector, place, true);
        }
      } else if (layout.width() == 1) {
        value(collector, place, false);
      } else {
        throw RequestException.malformed(
            place
                + " is "
                + JsonValues.shown(parser)
                + "; a list is needed: the model takes "
                + layout.expected());
      }
      collector.endRow(place);
    }
    return instances(collector);
  }

  private void value(RowCollector collector, String place, boolean inList)
      throws IOException, RequestException {
    Object value = JsonValues.scalar(parser);
    if (value == null) {
      throw RequestException.malformed(
          place
              + (inList ? "[" + JsonValues.index(parser) + "]" : "")
              + " is "
              + JsonValues.shown(parser)
              + "; a single value is needed");
    }
    collector.add(value, position -> inList ? place + "[" + position + "]" : place);
  }

  /** The current token is the first name of the first instance, or its end. */
  private Instances namedRows() throws IOException, RequestException {
    RowCollector collector = new RowCollector(layout, "instances");
    new NamedRow(parser, collector, place(0)).read();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      object(collector.rows());
      parser.nextToken();
      new NamedRow(parser, collector, place(collector.rows())).read();
    }
    return instances(collector);
  }

  private static Instances instances(RowCollector collector) throws RequestException {
    Features features = collector.finish(true);
    return new Instances(features.inputs(), features.rows());
  }

  /** The current token is the first of the first instance. */
  private Instances tensors() throws IOException, RequestException {
    if (signature.inputs().size() != 1) {
      throw RequestException.malformed(
          place(0)
              + " is "
              + JsonValues.shown(parser)
              + "; this model has several inputs: send objects with their names");
    }
    TensorStack stack = new TensorStack(signature.inputs().getFirst());
    for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
      limit(stack.count());
      stack.add(parser, place(stack.count()));
    }
    return new Instances(Map.of(stack.input().name(), stack.build()), stack.count());
  }

  /** The current token is the first name of the first instance. */
  private Instances namedTensors() throws IOException, RequestException {
    TensorStacks stacks = new TensorStacks(signature.inputs());
    int count = 0;
    do {
      limit(count);
      if (count > 0) {
        object(count);
        parser.nextToken();
      }
      stacks.add(parser, place(count++));
    } while (parser.nextToken() != JsonToken.END_ARRAY);
    return new Instances(stacks.build(), count);
  }

  private void object(int index) throws IOException, RequestException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw RequestException.malformed(
          place(index)
              + " is "
              + JsonValues.shown(parser)
              + ", but instances[0] is an object; send objects only");
    }
  }

  private static void limit(int count) throws RequestException {
    if (count == RowCollector.MAX_ROWS) {
      throw RequestException.malformed(
          "instances has more than "
              + RowCollector.MAX_ROWS
              + " rows; send them in several requests");
    }
  }

  private static String place(int index) {
    return "instances[" + index + "]";
  }
}
