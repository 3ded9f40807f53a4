package dev.modelserver.operator.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The packaged operator as a process, watching one namespace. It can be killed and started again,
 * as its kubelet would.
 */
public final class OperatorProcess implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration START = Duration.ofSeconds(60);

  /** Of the young and the old generation, each on its own line. */
  private static final Pattern USED =
      Pattern.compile("(?:DefNew|Tenured)[^,]*, used (\\d+)K", Pattern.CASE_INSENSITIVE);

  private static final Pattern LISTENING = Pattern.compile("Listening on: (http://[^\\s]+)");

  private final Path directory;
  private final Map<String, String> environment;
  private final Archive archive;
  private Child child;
  private int starts = 1;

  /**
   * A class archive that makes the many starts short.
   *
   * @param file where it is
   */
  public record Archive(Path file) {
    /** Makes one: a first operator runs until it is ready and leaves the archive as it ends. */
    public static Archive make(URI apiServer) {
      try {
        Path directory = Files.createTempDirectory("operator-archive");
        Path file = directory.resolve("operator.jsa");
        Child first =
            Child.start(
                "operator",
                directory,
                environment(apiServer, "default", Map.of()),
                command("-XX:ArchiveClassesAtExit=" + file));
        awaitStarted(first, 1);
        first.process().destroy();
        if (!first.process().waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
          first.kill();
        }
        return new Archive(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private OperatorProcess(Path directory, Map<String, String> environment, Archive archive) {
    this.directory = directory;
    this.environment = environment;
    this.archive = archive;
    this.child = startChild();
  }

  /**
   * Starts an operator.
   *
   * @param apiServer where it finds the API server, or what stands before it; plain http
   * @param namespace the only one that it watches
   * @param configuration more environment, for example MODELSERVER_*
   */
  public static OperatorProcess start(
      URI apiServer, String namespace, Map<String, String> configuration, Archive archive) {
    try {
      return new OperatorProcess(
          Files.createTempDirectory("operator-process"),
          environment(apiServer, namespace, configuration),
          archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> environment(
      URI apiServer, String namespace, Map<String, String> configuration) {
    Map<String, String> all = new HashMap<>();
    all.putAll(
        Map.of(
            "KUBERNETES_MASTER", apiServer.toString(),
            "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
            "KUBERNETES_AUTH_TRYSERVICEACCOUNT", "false",
            "KUBERNETES_NAMESPACE", namespace,
            "QUARKUS_KUBERNETES_CLIENT_API_SERVER_URL", apiServer.toString(),
            "QUARKUS_OPERATOR_SDK_NAMESPACES", namespace,
            "QUARKUS_HTTP_HOST", "127.0.0.1",
            "QUARKUS_HTTP_PORT", "0",
            "MODELSERVER_LEADER_ELECTION", "false",
            "MODELSERVER_DEFAULT_IMAGE", "registry.test/server:1.0.0"));
    all.putAll(configuration);
    return all;
  }

  private static List<String> command(String... options) {
    Path jar =
        Path.of(System.getProperty("faults.operator", "target/quarkus-app/quarkus-run.jar"))
            .toAbsolutePath();
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " does not exist: run `make build` first");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx192m",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", jar.toString()));
    return command;
  }

  private Child startChild() {
    return Child.start(
        "operator", directory, environment, command("-XX:SharedArchiveFile=" + archive.file()));
  }

  private static void awaitStarted(Child child, int starts) {
    Await.until(
        "the operator has started",
        START,
        () -> {
          if (!child.alive()) {
            throw new AssertionError("the operator has ended:\n" + child.lastLines());
          }
          try (var lines = Files.lines(child.log())) {
            return lines
                    .filter(l -> l.contains("modelserver-operator") && l.contains("started in"))
                    .count()
                >= starts;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Waits until it has started. */
  public void awaitStarted() {
    awaitStarted(child, starts);
  }

  /** Whether its kubelet would leave it alone. */
  public boolean live() {
    return get("/q/health/live").statusCode() == 200;
  }

  /** Every metric in Prometheus' format. */
  public String metrics() {
    return get("/q/metrics").body();
  }

  /** The value of a metric, which is given with its labels. */
  public String metric(String name) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }

  /** The most memory that it has held since its last start. */
  public synchronized long peakBytes() {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/" + child.process().pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of the heap that are in use after a full collection. */
  public synchronized long heapAfterCollection() {
    jcmd("GC.run");
    return jcmd("GC.heap_info")
        .lines()
        .map(USED::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1)) << 10)
        .sum();
  }

  private String jcmd(String command) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(child.process().pid()),
                  command)
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> get(String path) {
    try (Stream<String> lines = Files.lines(child.log())) {
      URI root =
          lines
              .map(LISTENING::matcher)
              .filter(Matcher::find)
              .map(found -> URI.create(found.group(1)))
              .reduce((first, last) -> last)
              .orElseThrow();
      return HTTP.send(
          HttpRequest.newBuilder(root.resolve(path)).timeout(START).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL, and a new start. */
  public synchronized void crash() {
    child.kill();
    restart();
  }

  /** Starts it again if it has ended by itself, as its kubelet would. */
  public synchronized void restartIfEnded() {
    if (!child.alive()) {
      restart();
    }
  }

  private void restart() {
    starts++;
    child = startChild();
  }

  /** SIGKILL. */
  public synchronized void kill() {
    child.kill();
  }

  /** Whether it runs. */
  public synchronized boolean alive() {
    return child.alive();
  }

  /** The last lines of its log, for the message of a failure. */
  synchronized String lastLines() {
    return child.lastLines();
  }

  /** Its log, of all its starts. */
  public Path log() {
    return child.log();
  }

  @Override
  public synchronized void close() {
    child.kill();
    Directories.delete(directory);
  }
}
