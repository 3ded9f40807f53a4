package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.model.Digest;
import java.io.File;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large object passes through a small heap: nothing of it is kept. */
class S3MemoryTest {

  private static final int PIECE = 1 << 20;
  private static final int PIECES = 256;

  @TempDir Path folder;

  @Test
  void anObjectOf256MiBPassesThroughAHeapOf40() throws Exception {
    Process reader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx40m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                S3MemoryTest.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      assertThat(reader.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      reader.destroyForcibly();
    }
    String log = Files.readString(folder.resolve("log"));
    assertThat(reader.exitValue()).as(log).isZero();
    assertThat(new File(folder.toFile(), "model.onnx")).hasSize((long) PIECE * PIECES);
    assertThat(log).contains("digest ");
  }

  /** Serves the object and reads it, in a process with a small heap. */
  @SuppressWarnings("SystemOut") // read by the test
  public static void main(String[] arguments) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] piece = "0123456789abcdef".repeat(PIECE / 16).getBytes(StandardCharsets.US_ASCII);
          exchange.getResponseHeaders().set("ETag", "\"v1\"");
          exchange.sendResponseHeaders(200, (long) PIECE * PIECES);
          try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < PIECES; i++) {
              out.write(piece);
            }
          }
        });
    server.start();
    try {
      Digest digest =
          S3Objects.of(
                  new ModelSource.S3Object("bucket", "large.onnx"),
                  new SourceConfig.S3(
                      "http://127.0.0.1:%d".formatted(server.getAddress().getPort()), null, true),
                  TlsStore.access(Map.of(), Trust.PUBLIC, Optional.empty()))
              .copyModel(new ModelStore(Path.of(arguments[0]), Long.MAX_VALUE));
      System.out.println("digest " + digest.hex());
    } finally {
      server.stop(0);
    }
  }
}
