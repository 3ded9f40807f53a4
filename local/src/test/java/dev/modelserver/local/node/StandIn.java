package dev.modelserver.local.node;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Stands in for the inference server: reads and writes the files of the contract, and answers with
 * the pod's name and its model.
 */
final class StandIn {
  private StandIn() {}

  public static void main(String[] arguments) throws IOException {
    var copy = Path.of(System.getenv("MODELSERVER_MODEL_DIR")).resolve("model.onnx");
    if (arguments[0].equals("preflight")) {
      var model = Path.of(System.getenv("MODELSERVER_SOURCE_DIR")).resolve("model.onnx");
      var text = Files.readString(model);
      Files.writeString(
          Path.of(System.getenv("MODELSERVER_TERMINATION_LOG")),
          Files.readString(Path.of(System.getenv("MODELSERVER_CONFIG"))) + " " + text);
      if (text.equals("bad")) {
        System.exit(1);
      }
      Files.writeString(copy, text);
      return;
    }
    var answer = System.getenv("POD_NAME") + " serves " + Files.readString(copy);
    listen("MODELSERVER_HTTP_PORT", answer);
    listen("MODELSERVER_MANAGEMENT_PORT", "ready");
  }

  private static void listen(String variable, String answer) throws IOException {
    var port = Integer.parseInt(System.getenv(variable));
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 8);
    server.createContext(
        "/",
        exchange -> {
          var body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }
}
