package dev.modelserver.server;

import java.nio.file.Path;

/** The tiny models of the tests; make_models.py beside them says what each computes. */
public final class TestModels {

  public static final Path FOLDER = Path.of("src/test/models").toAbsolutePath();

  private TestModels() {}

  public static Path file(String name) {
    return FOLDER.resolve(name + ".onnx");
  }
}
