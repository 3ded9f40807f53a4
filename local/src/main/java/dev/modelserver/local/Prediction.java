package dev.modelserver.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * One request to a model and its answer.
 *
 * @param request body of the request, JSON
 * @param answer body of the answer, JSON with line breaks
 */
record Prediction(String request, String answer) {
  /** Holds a request body as JSON on the ModelServer. */
  static final String ANNOTATION = "modelserver.dev/example";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /**
   * Sends the example of a ModelServer, or zeros when it has none.
   *
   * @param service address of its Service, for example {@code http://127.0.0.1:40123}
   * @throws RunFailure when there is no answer, or an error
   */
  static Prediction make(JsonNode modelServer, String service)
      throws RunFailure, InterruptedException {
    try (var http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      var request = request(modelServer, http, service);
      var answer =
          send(
              http,
              HttpRequest.newBuilder(URI.create(service + "/predict"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(request)));
      if (answer.statusCode() != 200) {
        throw new RunFailure(
            "the model answered "
                + answer.statusCode()
                + " to "
                + request
                + ": "
                + answer.body()
                + "; the annotation "
                + ANNOTATION
                + " on the ModelServer holds the request to send");
      }
      return new Prediction(request, indented(answer.body()));
    }
  }

  /** A request of zeros that fits what {@code /info} says of the model. */
  static String zeros(JsonNode info) throws RunFailure {
    var count = info.path("features").size();
    if (count == 0 && info.path("inputs").size() == 1) {
      count = 1;
      for (var dimension : info.at("/inputs/0/shape")) {
        count *= Math.max(1, dimension.asInt(1));
      }
    }
    if (count == 0) {
      throw new RunFailure(
          "the model has several inputs: put a request body on the ModelServer, as the annotation "
              + ANNOTATION);
    }
    var body = JSON.createObjectNode();
    var features = body.putArray("features");
    for (var index = 0; index < count; index++) {
      features.add(0);
    }
    return body.toString();
  }

  private static String request(JsonNode modelServer, HttpClient http, String service)
      throws RunFailure, InterruptedException {
    var example = modelServer.path("metadata").path("annotations").path(ANNOTATION);
    if (example.isTextual()) {
      return example.asText();
    }
    var answer = send(http, HttpRequest.newBuilder(URI.create(service + "/info")));
    try {
      return zeros(JSON.readTree(answer.body()));
    } catch (JsonProcessingException e) {
      throw new RunFailure("the model's /info is not JSON: " + answer.body());
    }
  }

  private static HttpResponse<String> send(HttpClient http, HttpRequest.Builder request)
      throws RunFailure, InterruptedException {
    try {
      return http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new RunFailure("the Service did not answer: " + e.getMessage());
    }
  }

  private static String indented(String json) {
    try {
      return JSON.readTree(json).toPrettyString();
    } catch (JsonProcessingException e) {
      return json;
    }
  }
}
