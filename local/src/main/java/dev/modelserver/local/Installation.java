package dev.modelserver.local;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the parts of a local run are in the repository.
 *
 * @param root the repository
 */
record Installation(Path root) {

  /** The packaged operator. */
  Path operatorJar() {
    return root.resolve("operator/target/quarkus-app/quarkus-run.jar");
  }

  /** The packaged inference server. */
  Path serverJar() {
    return root.resolve("inference-server/target/quarkus-app/quarkus-run.jar");
  }

  /**
   * The definition of ModelServers.
   *
   * @throws RunFailure when it is missing
   */
  CustomResourceDefinition definition() throws RunFailure {
    var file = root.resolve("crds/modelservers.modelserver.dev-v1.yml");
    try {
      return Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
    } catch (IOException e) {
      throw new RunFailure(
          "crds/" + file.getFileName() + " is missing: generate it with `make crds`");
    }
  }

  /**
   * Checks that both programs are packaged.
   *
   * @throws RunFailure when one is not
   */
  void check() throws RunFailure {
    for (var jar : List.of(operatorJar(), serverJar())) {
      if (!Files.isRegularFile(jar)) {
        throw new RunFailure(root.relativize(jar) + " is missing: build it with `make build`");
      }
    }
  }

  /**
   * The command line of the operator or the server: a small heap and a short start matter here, not
   * peak speed.
   */
  static List<String> java(Path jar, Path temporary, List<String> arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + temporary,
                "-jar",
                jar.toString()));
    command.addAll(arguments);
    return command;
  }
}
