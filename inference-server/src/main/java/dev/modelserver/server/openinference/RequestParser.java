package dev.modelserver.server.openinference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.http.JsonFaults;
import dev.modelserver.server.http.JsonValues;
import dev.modelserver.server.http.UnservedParameters;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads any request, names in any order, and says what is wrong with it. Names that the protocol
 * does not know are passed over, and null is as good as nothing; where data are, it only notes.
 */
final class RequestParser {

  private static final String EXAMPLE =
      "send {\"inputs\":[{\"name\":…,\"datatype\":…,\"shape\":[…],\"data\":[…]}]}";
  private static final int MAX_ID = 1000;

  private final JsonParser parser;
  private final RequestHead head = new RequestHead();

  private RequestParser(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads the first {@code length} bytes. */
  static RequestHead parse(byte[] bytes, int length) throws RequestException {
    if (length == 0) {
      throw RequestException.malformed("the body is empty; " + EXAMPLE);
    }
    if ((!JsonCursor.isSpace(bytes[0]) && bytes[0] != '{') || (length > 1 && bytes[1] == 0)) {
      throw RequestException.malformed("the body is not a JSON object in UTF-8; " + EXAMPLE);
    }
    try (JsonParser parser = Json.factory().createParser(bytes, 0, length)) {
      RequestParser request = new RequestParser(parser);
      request.request();
      if (parser.nextToken() != null) {
        throw RequestException.malformed(
            "the body goes on after the JSON object; binary data need the header "
                + BinaryHeader.NAME);
      }
      return request.head;
    } catch (JsonProcessingException e) {
      throw RequestException.malformed(JsonFaults.describe(e));
    } catch (IOException e) {
      throw RequestException.malformed("the body is not valid UTF-8 JSON; " + EXAMPLE);
    }
  }

  private void request() throws IOException, RequestException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw RequestException.malformed("the body is not a JSON object; " + EXAMPLE);
    }
    boolean inputs = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (field) {
        case "id" -> head.id = id();
        case "inputs" -> {
          inputs = true;
          list("inputs");
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            limit("inputs", head.inputs.size());
            input();
          }
        }
        case "outputs" -> {
          list("outputs");
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            limit("outputs", head.outputs.size());
            output();
          }
        }
        case "parameters" -> parameters();
        default -> parser.skipChildren();
      }
    }
    if (!inputs) {
      throw RequestException.malformed("inputs is missing; " + EXAMPLE);
    }
  }

  private void parameters() throws IOException, RequestException {
    object("parameters");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      String place = "parameters." + field;
      parser.nextToken();
      switch (field) {
        case "binary_data_output" -> head.binaryOutputs = truth(place);
        case "timeout" -> {
          long micros = natural(place, Long.MAX_VALUE, "a number of microseconds");
          head.timeout = micros == 0 ? null : Duration.of(micros, ChronoUnit.MICROS);
        }
        default -> parser.skipChildren();
      }
    }
  }

  private void input() throws IOException, RequestException {
    InputHead input = new InputHead(head.inputs.size());
    head.inputs.add(input);
    object(input.place);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      String place = input.place + "." + field;
      switch (field) {
        case "name" -> input.name = text(place);
        case "datatype" -> {
          String name = text(place);
          input.datatype = InputHead.datatype(name);
          if (input.datatype == null) {
            throw RequestException.malformed(
                place
                    + " is \""
                    + Excerpt.of(name)
                    + "\"; the datatypes are "
                    + InputHead.DATATYPES);
          }
        }
        case "shape" -> shape(input, place);
        case "parameters" -> inputParameters(input);
        case "data" -> {
          list(place);
          input.dataFrom = (int) parser.currentTokenLocation().getByteOffset();
          parser.skipChildren();
          input.dataTo = (int) parser.currentLocation().getByteOffset();
        }
        default -> parser.skipChildren();
      }
    }
  }

  private void inputParameters(InputHead input) throws IOException, RequestException {
    String place = input.place + ".parameters";
    object(place);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      UnservedParameters.refuse(field, place);
      if (field.equals("binary_data_size")) {
        input.binarySize = natural(place + "." + field, Integer.MAX_VALUE, "a number of bytes");
      } else {
        parser.skipChildren();
      }
    }
  }

  private void shape(InputHead input, String place) throws IOException, RequestException {
    list(place);
    List<Long> dims = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      long dim = natural(place + "[" + dims.size() + "]", Integer.MAX_VALUE, "a size");
      if (dims.size() <= InputHead.MAX_RANK) {
        dims.add(dim);
      }
    }
    input.shape = InputHead.shape(dims);
    if (input.shape == null) {
      throw RequestException.malformed(
          place
              + " is "
              + Excerpt.of(dims.toString())
              + "; it takes at most "
              + InputHead.MAX_RANK
              + " sizes with a product of at most "
              + Integer.MAX_VALUE);
    }
  }

  private void output() throws IOException, RequestException {
    String place = "outputs[" + head.outputs.size() + "]";
    String name = null;
    Boolean binary = null;
    object(place);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (field) {
        case "name" -> name = text(place + ".name");
        case "parameters" -> binary = outputParameters(place + ".parameters");
        default -> parser.skipChildren();
      }
    }
    if (name == null) {
      throw RequestException.malformed(
          place + ".name is missing; send the name of an output of the model");
    }
    head.outputs.add(new WantedOutput(name, binary));
  }

  private @Nullable Boolean outputParameters(String place) throws IOException, RequestException {
    Boolean binary = null;
    object(place);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      UnservedParameters.refuse(field, place);
      if (field.equals("binary_data")) {
        binary = truth(place + "." + field);
      } else {
        parser.skipChildren();
      }
    }
    return binary;
  }

  private String id() throws IOException, RequestException {
    String id = text("id");
    if (id.length() > MAX_ID) {
      throw RequestException.malformed(
          "id has " + id.length() + " characters; it takes at most " + MAX_ID);
    }
    return id;
  }

  private String text(String place) throws IOException, RequestException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong(place, "a string");
    }
    return parser.getText();
  }

  private boolean truth(String place) throws IOException, RequestException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null, default -> throw wrong(place, "true or false");
    };
  }

  private long natural(String place, long max, String what) throws IOException, RequestException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
        || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || parser.getLongValue() < 0
        || parser.getLongValue() > max) {
      throw wrong(place, what + " from 0 to " + max);
    }
    return parser.getLongValue();
  }

  private void list(String place) throws IOException, RequestException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(place, "a list");
    }
  }

  private void object(String place) throws IOException, RequestException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrong(place, "an object");
    }
  }

  private static void limit(String place, int count) throws RequestException {
    if (count == InferRequest.MAX_TENSORS) {
      throw RequestException.malformed(
          place + " has more than " + count + " entries; send what the model has");
    }
  }

  private RequestException wrong(String place, String needed) throws IOException {
    return RequestException.malformed(
        place + " is " + JsonValues.shown(parser) + "; " + needed + " is needed");
  }
}
