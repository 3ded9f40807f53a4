package dev.modelserver.server.secret;

import dev.modelserver.server.secret.SecretException.Fault;
import dev.modelserver.server.text.ForeignText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Secret as the kubelet mounts it: {@code ..data} is a link to a hidden directory with the files,
 * and an update exchanges that link. All files are read from the directory that it leads to, so
 * that no file of an older state stands beside one of a newer.
 *
 * @param secret what messages call it
 * @param fault of what cannot be read
 */
record SecretDirectory(Path path, String secret, Fault fault) {

  private static final String CURRENT = "..data";

  /** A second look, because the state that was being read may have been exchanged and deleted. */
  private static final int LOOKS = 2;

  /**
   * What changes when the kubelet or anybody else writes the files: where the link leads, and the
   * times and sizes of the entries. What cannot be looked at is empty, and so never the same.
   */
  static String fingerprint(Path path) {
    StringBuilder seen = new StringBuilder();
    try {
      Path link = path.resolve(CURRENT);
      Path current = Files.exists(link) ? link.toRealPath() : path.toRealPath();
      seen.append(current);
      try (Stream<Path> entries = Files.list(current)) {
        for (Path entry : entries.sorted().toList()) {
          BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
          seen.append('|')
              .append(entry.getFileName())
              .append('|')
              .append(attributes.size())
              .append('|')
              .append(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
        }
      }
      return seen.toString();
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }

  /** The keys that are there, of those that are asked for. */
  Map<String, byte[]> read(int mostBytes, String... keys) throws SecretException {
    return looking(
        current -> {
          SortedMap<String, byte[]> files = new TreeMap<>();
          for (String key : keys) {
            Path file = current.resolve(key);
            if (Files.isRegularFile(file)) {
              files.put(key, read(file, key, mostBytes));
            }
          }
          return files;
        });
  }

  /** Every key; names that begin with a dot are the kubelet's. */
  SortedMap<String, byte[]> readAll(int mostFiles, int mostBytes) throws SecretException {
    return looking(
        current -> {
          SortedMap<String, byte[]> files = new TreeMap<>();
          try (DirectoryStream<Path> entries = Files.newDirectoryStream(current)) {
            for (Path file : entries) {
              String key = String.valueOf(file.getFileName());
              if (key.startsWith(".") || !Files.isRegularFile(file)) {
                continue;
              }
              if (files.size() == mostFiles) {
                throw wrong(
                    "Secret %s has more than %d keys; use fewer".formatted(secret, mostFiles));
              }
              files.put(key, read(file, key, mostBytes));
            }
          } catch (DirectoryIteratorException e) {
            throw new IOException(e);
          }
          return files;
        });
  }

  private interface Look {
    SortedMap<String, byte[]> at(Path current) throws IOException, SecretException;
  }

  private SortedMap<String, byte[]> looking(Look look) throws SecretException {
    for (int looks = 1; ; looks++) {
      try {
        Path link = path.resolve(CURRENT);
        return look.at(Files.exists(link) ? link.toRealPath() : path.toRealPath());
      } catch (NoSuchFileException e) {
        if (looks == LOOKS) {
          throw wrong("Secret %s is not mounted at %s; mount it whole".formatted(secret, path));
        }
      } catch (IOException e) {
        throw wrong(
            "Secret %s, mounted at %s, cannot be read: %s"
                .formatted(secret, path, e.getClass().getSimpleName()));
      }
    }
  }

  private byte[] read(Path file, String key, int mostBytes) throws IOException, SecretException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(mostBytes + 1);
      if (bytes.length > mostBytes) {
        throw wrong(
            "%s of Secret %s has more than %d bytes, the limit; correct it"
                .formatted(ForeignText.shown(key, 253), secret, mostBytes));
      }
      return bytes;
    }
  }

  private SecretException wrong(String message) {
    return new SecretException(fault, message);
  }
}
