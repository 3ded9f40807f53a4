package dev.modelserver.e2e.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A server that is read with GET and answers JSON.
 *
 * @param address scheme, host and port
 */
record JsonApi(URI address) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** A parameter of the query; a name may be there several times. */
  record Parameter(String name, String value) {
    private String encoded() {
      return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
  }

  /**
   * The answer.
   *
   * @throws IllegalStateException when its status is not 200
   */
  JsonNode get(String path, List<Parameter> parameters) {
    URI uri =
        address.resolve(
            path
                + parameters.stream()
                    .map(Parameter::encoded)
                    .collect(Collectors.joining("&", "?", "")));
    try {
      var answer =
          CLIENT.send(
              HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            "GET %s: status %d, %s".formatted(uri, answer.statusCode(), answer.body()));
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException("GET " + uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in GET " + uri, e);
    }
  }
}
