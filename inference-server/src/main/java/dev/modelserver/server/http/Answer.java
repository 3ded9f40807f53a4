package dev.modelserver.server.http;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * A successful answer, not sent yet.
 *
 * @param headers further headers by name
 */
public record Answer(CharSequence contentType, Buffer body, Map<String, String> headers) {

  public static Answer json(byte[] json) {
    return json(Buffer.buffer(json));
  }

  public static Answer json(Buffer json) {
    return new Answer(Answers.JSON, json, Map.of());
  }
}
