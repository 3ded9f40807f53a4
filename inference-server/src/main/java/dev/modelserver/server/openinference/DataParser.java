package dev.modelserver.server.openinference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.http.JsonElements;
import dev.modelserver.server.http.JsonFaults;
import dev.modelserver.server.http.JsonValues;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.tensor.TensorBuilder;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads the {@code data} of an input, whatever they are, and says what is wrong with them: a flat
 * list, or lists nested as deep as the shape.
 */
final class DataParser {

  private final JsonParser parser;
  private final String place;
  private final Shape shape;
  private final TensorBuilder builder;
  private final int[] path;

  private DataParser(JsonParser parser, String place, DataType type, Shape shape) {
    this.parser = parser;
    this.place = place;
    this.shape = shape;
    this.builder = new TensorBuilder(type);
    this.path = new int[Math.max(1, shape.rank())];
  }

  /** Reads the list that {@link RequestParser} found. */
  static Tensor parse(byte[] bytes, InputHead input) throws RequestException {
    String place = input.place + ".data";
    DataType type = input.datatype();
    Shape shape = input.shape();
    if (type == DataType.FP16 || type == DataType.BF16) {
      throw RequestException.malformed(
          place
              + " holds "
              + type
              + " as JSON, which has no such numbers; send them as binary data, with the parameter binary_data_size");
    }
    try (JsonParser parser =
        Json.factory().createParser(bytes, input.dataFrom, input.dataTo - input.dataFrom)) {
      return new DataParser(parser, place, type, shape).read();
    } catch (JsonProcessingException e) {
      throw RequestException.malformed(JsonFaults.describe(e));
    } catch (IOException e) {
      throw RequestException.malformed(place + " is not valid UTF-8 JSON; correct it");
    }
  }

  private Tensor read() throws IOException, RequestException {
    parser.nextToken();
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_ARRAY && shape.rank() > 1) {
      nested(0);
    } else {
      values(0, shape.elements());
    }
    return builder.build(shape);
  }

  /** Reads lists up to the end of the one they are in; the current token is the first. */
  private void nested(int axis) throws IOException, RequestException {
    long count = 0;
    for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken(), count++) {
      path[axis] = (int) count;
      if (count == shape.dim(axis)) {
        throw wrongCount(axis, "more than " + count + " lists", count);
      }
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw wrong(axis + 1, "a list");
      }
      parser.nextToken();
      if (axis + 2 == shape.rank()) {
        values(axis + 1, shape.dim(axis + 1));
      } else {
        nested(axis + 1);
      }
    }
    if (count < shape.dim(axis)) {
      throw wrongCount(axis, count + (count == 1 ? " list" : " lists"), shape.dim(axis));
    }
  }

  /** Reads elements up to the end of their list; the current token is the first. */
  private void values(int axis, long needed) throws IOException, RequestException {
    long count = 0;
    for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken(), count++) {
      path[axis] = (int) count;
      // what is too much is counted, for the error
      if (count < needed && !JsonElements.add(parser, builder)) {
        throw wrong(axis + 1, JsonElements.needed(builder.type()));
      }
    }
    if (count != needed) {
      throw wrongCount(axis, count + (count == 1 ? " value" : " values"), needed);
    }
  }

  private RequestException wrong(int depth, String needed) throws IOException {
    return RequestException.malformed(
        path(depth) + " is " + JsonValues.shown(parser) + "; " + needed + " is needed");
  }

  private RequestException wrongCount(int depth, String counted, long needed) {
    return RequestException.malformed(
        path(depth) + " has " + counted + "; the shape " + shape + " takes " + needed);
  }

  private String path(int depth) {
    StringBuilder path = new StringBuilder(place);
    Arrays.stream(this.path, 0, depth).forEach(index -> path.append('[').append(index).append(']'));
    return path.toString();
  }
}
