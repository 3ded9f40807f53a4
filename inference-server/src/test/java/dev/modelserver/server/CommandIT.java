package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit codes and last words of the program. */
class CommandIT {

  @TempDir Path folder;

  @Test
  void explainsItsUseInOneLine() throws IOException, InterruptedException {
    assertThat(ServerProcess.run(folder, Map.of())).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("run.log")).lines())
        .singleElement()
        .asString()
        .startsWith("usage:");
    assertThat(ServerProcess.run(folder, Map.of(), "fly")).isEqualTo(2);
  }

  @Test
  void leavesTheReasonOfAFailure() throws IOException, InterruptedException {
    assertThat(ServerProcess.run(folder, Map.of(), "preflight")).isEqualTo(1);
    assertThat(reason()).isEqualTo("InvalidConfiguration");
    assertThat(ServerProcess.run(folder, Map.of(), "serve")).isEqualTo(1);
    assertThat(reason()).isEqualTo("InvalidConfiguration");
    assertThat(ServerProcess.run(folder, Map.of("ORT_LOAD_CONFIG_FROM_MODEL", "1"), "preflight"))
        .isEqualTo(1);
    assertThat(Files.readString(folder.resolve("termination")))
        .contains("ORT_LOAD_CONFIG_FROM_MODEL");
  }

  @Test
  void serveRefusesAModelThatChangedAfterPreflight() throws IOException, InterruptedException {
    Path source = Files.createDirectories(folder.resolve("source"));
    Files.copy(TestModels.file("linear"), source.resolve("m.onnx"));
    Files.writeString(
        folder.resolve("config.json"),
        "{\"contract\":1,\"model\":{\"name\":\"m\",\"configMap\":{\"name\":\"any\",\"key\":\"m.onnx\"}}}");
    assertThat(ServerProcess.run(folder, Map.of(), "preflight")).isZero();
    Files.copy(
        TestModels.file("identity"),
        folder.resolve("model/model.onnx"),
        StandardCopyOption.REPLACE_EXISTING);

    assertThat(
            ServerProcess.run(
                folder,
                Map.of("MODELSERVER_HTTP_PORT", "28480", "MODELSERVER_MANAGEMENT_PORT", "28481"),
                "serve"))
        .isEqualTo(1);
    assertThat(reason()).isEqualTo("DigestMismatch");
  }

  private String reason() throws IOException {
    return new ObjectMapper()
        .readTree(Files.readAllBytes(folder.resolve("termination")))
        .get("reason")
        .asText();
  }
}
