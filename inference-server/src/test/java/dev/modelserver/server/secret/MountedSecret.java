package dev.modelserver.server.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a Secret as the kubelet does: links to {@code ..data}, itself a link that is exchanged.
 */
public final class MountedSecret {

  private final Path directory;
  private final Map<String, byte[]> files = new TreeMap<>();

  private MountedSecret(Path directory) {
    this.directory = directory;
  }

  public static MountedSecret of(Path directory) {
    return new MountedSecret(directory);
  }

  public MountedSecret put(String key, String value) {
    files.put(key, value.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Has the directory show these files and no others, at once. */
  public Path swap() throws IOException {
    Files.createDirectories(directory);
    Path data = Files.createTempDirectory(directory, "..2026_");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(data.resolve(file.getKey()), file.getValue());
    }
    Path current = directory.resolve("..data");
    Path old = Files.exists(current) ? current.toRealPath() : null;
    Path next = directory.resolve("..data_tmp");
    Files.createSymbolicLink(next, data.getFileName());
    Files.move(next, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    for (String key : files.keySet()) {
      if (!Files.exists(directory.resolve(key), LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(directory.resolve(key), Path.of("..data", key));
      }
    }
    if (old != null) {
      try (var entries = Files.list(old)) {
        for (Path entry : entries.toList()) {
          Files.delete(entry);
        }
      }
      Files.delete(old);
    }
    return directory;
  }
}
