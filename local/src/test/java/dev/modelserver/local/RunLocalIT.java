package dev.modelserver.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged operator and server, from a file to a prediction. */
class RunLocalIT {
  private static final Path ROOT =
      Path.of(System.getProperty("modelserver.root", "..")).toAbsolutePath().normalize();
  private static final Path SAMPLE = ROOT.resolve("samples/01-iris.yaml");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();
  @TempDir private Path directory;

  @Test
  void aSampleBecomesAPrediction() throws Exception {
    var exitCode = run(SAMPLE);

    assertThat(exitCode).as(text(progress)).isZero();
    var lines = text(out).lines().toList();
    assertThat(lines.get(0)).startsWith("NAME ").contains("READY", "REPLICAS", "DIGEST", "AGE");
    assertThat(lines.get(1)).startsWith("iris ").contains(" True ", " 3/3", " v1.0.0 ");
    assertThat(lines.get(2)).isEmpty();
    assertThat(lines.get(3)).matches("POST http://127\\.0\\.0\\.1:\\d+/predict");
    assertThat(lines.get(4)).isEqualTo("{\"features\":[5.1,3.5,1.4,0.2]}");
    assertThat(text(out)).contains("\"class\" : \"setosa\"", "\"served_by_pod\" : \"iris-");
    assertThat(children()).isEmpty();
  }

  @Test
  void aWrongDigestEndsWithTheOperatorsSentence() throws Exception {
    var wrong = directory.resolve("wrong.yaml");
    Files.writeString(
        wrong, Files.readString(SAMPLE).replaceFirst("sha256: [a-f0-9]{8}", "sha256: 00000000"));

    var exitCode = run(wrong);

    assertThat(exitCode).isEqualTo(1);
    assertThat(text(out)).contains("ChecksumMismatch", "False").doesNotContain("POST");
    assertThat(text(progress).lines().toList().getLast())
        .startsWith("run-local: iris: ChecksumMismatch: ")
        .contains("spec.model.sha256");
    assertThat(children()).isEmpty();
  }

  private int run(Path file) throws RunFailure, IOException {
    var arguments = Arguments.parse(List.of(file.toString()));
    return new RunLocal(new Installation(ROOT), new PrintStream(out), new PrintStream(progress))
        .run(file, arguments);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains("quarkus-run.jar"))
        .toList();
  }
}
