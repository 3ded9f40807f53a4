package dev.modelserver.server;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The packaged program as real processes: preflight, then serve, on free ports. As an extension of
 * a test class it runs for all its tests.
 */
public final class ServerProcess implements AutoCloseable, BeforeAllCallback, AfterAllCallback {

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Path folder;
  private final int port = freePort();
  private final int grpcPort = freePort();
  private final int managementPort = freePort();
  private final Map<String, String> variables;
  private @Nullable Process process;

  private ServerProcess(
      Path folder, Path file, String model, String serverConfig, Map<String, String> variables)
      throws IOException {
    this.folder = folder;
    this.variables = variables;
    Path source = Files.createDirectories(folder.resolve("source"));
    Files.copy(file, source.resolve("model.onnx"));
    Files.writeString(
        folder.resolve("config.json"),
        "{\"contract\":1,\"model\":{\"name\":\""
            + model
            + "\",\"version\":\"v1\",\"configMap\":{\"name\":\"any\",\"key\":\"model.onnx\"}},\"server\":"
            + serverConfig
            + "}");
  }

  /** Serves a test model while the tests of a class run; to be registered as an extension. */
  public static ServerProcess of(String model, String serverConfig) {
    return of(model, serverConfig, Map.of());
  }

  /** The same with further environment variables. */
  public static ServerProcess of(String model, String serverConfig, Map<String, String> variables) {
    try {
      Path folder = Files.createTempDirectory("server");
      return new ServerProcess(folder, TestModels.file(model), model, serverConfig, variables);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
    run();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Serves a test model and waits until it is ready. */
  public static ServerProcess start(Path folder, String model, String serverConfig)
      throws IOException, InterruptedException {
    return start(folder, model, serverConfig, Map.of());
  }

  /** The same with further environment variables. */
  public static ServerProcess start(
      Path folder, String model, String serverConfig, Map<String, String> variables)
      throws IOException, InterruptedException {
    return start(folder, TestModels.file(model), model, serverConfig, variables);
  }

  /** Serves any model under the name "m" and waits until it is ready. */
  public static ServerProcess start(Path folder, Path file, String serverConfig)
      throws IOException, InterruptedException {
    return start(folder, file, "m", serverConfig, Map.of());
  }

  private static ServerProcess start(
      Path folder, Path file, String model, String serverConfig, Map<String, String> variables)
      throws IOException, InterruptedException {
    ServerProcess server = new ServerProcess(folder, file, model, serverConfig, variables);
    server.run();
    return server;
  }

  private void run() throws IOException, InterruptedException {
    int code = launch("preflight").waitFor();
    if (code != 0) {
      throw new IOException("preflight ended with " + code + ": " + log("preflight"));
    }
    startAgain();
  }

  /** Serves again, on the same ports, after the process has ended; waits until it is ready. */
  public void startAgain() throws IOException {
    process = launch("serve");
    awaitReady();
  }

  private void awaitReady() throws IOException {
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> management("/ready").statusCode() == 200);
    } catch (RuntimeException e) {
      close();
      throw new IllegalStateException(log("serve"), e);
    }
  }

  /** Runs the program to its end with other variables; returns the exit code. */
  public static int run(Path folder, Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    return ServerCommand.of(folder, "run", variables, arguments).start().waitFor();
  }

  public Process process() {
    return Objects.requireNonNull(process);
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public int port() {
    return port;
  }

  public int grpcPort() {
    return grpcPort;
  }

  public int managementPort() {
    return managementPort;
  }

  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(
        request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  public HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> management(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path)));
  }

  public String log(String command) throws IOException {
    return Files.readString(folder.resolve(command + ".log"));
  }

  @Override
  public void close() {
    client.shutdownNow();
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  private Process launch(String command) throws IOException {
    Map<String, String> all = new HashMap<>(variables);
    all.put("MODELSERVER_HTTP_PORT", Integer.toString(port));
    all.put("MODELSERVER_GRPC_PORT", Integer.toString(grpcPort));
    all.put("MODELSERVER_MANAGEMENT_PORT", Integer.toString(managementPort));
    all.put("POD_NAME", "pod-a");
    return ServerCommand.of(folder, command, all, command).start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
