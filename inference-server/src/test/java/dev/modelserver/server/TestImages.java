package dev.modelserver.server;

import dev.modelserver.server.image.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The small images of the tests; make_images.py beside them says what each is. */
public final class TestImages {

  private static final Path FOLDER = Path.of("src/test/images").toAbsolutePath();

  private TestImages() {}

  public static Path file(String name) {
    return FOLDER.resolve(name);
  }

  public static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(file(name));
  }

  /** The file as a body that is nothing but the image. */
  public static ImageFile open(String name) throws IOException {
    return of(bytes(name));
  }

  public static ImageFile of(byte[] bytes) {
    return new ImageFile(bytes, 0, bytes.length, "file");
  }
}
