package dev.modelserver.server.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory that preflight fills and serve reads: the model file, its external data beside it,
 * and last a file {@code digest}, whose presence says that the rest is complete.
 *
 * <p>The first line of {@code digest} is the model's digest; a model with external data has the
 * lines of {@code sha256sum} after it, the model file under the name it had. A digest that is not
 * made of the files, but is what the source calls the whole, has the word {@code source} after it;
 * then a model in one file has its line too.
 */
public record ModelDirectory(Path path) {

  public static final String MODEL_FILE = "model.onnx";
  public static final String DIGEST_FILE = "digest";

  private static final String OF_SOURCE = " source";

  /**
   * One file of a model: its digest and its name, relative to the model's folder, with {@code /}
   * between parts.
   */
  public record Entry(Digest digest, String name) {}

  public Path modelFile() {
    return path.resolve(MODEL_FILE);
  }

  /**
   * The digest of a whole model: that of its one file, or of the list of its files, the model file
   * first and the others by name.
   */
  public static Digest digest(List<Entry> files) {
    return files.size() == 1
        ? files.getFirst().digest()
        : Digest.of(listing(files).getBytes(StandardCharsets.UTF_8));
  }

  /** Writes {@code digest}; call it when everything else is in place. */
  public void seal(List<Entry> files) throws IOException {
    seal(digest(files).hex() + "\n" + (files.size() == 1 ? "" : listing(files)));
  }

  /**
   * The same for a model that its source names by a digest of its own.
   *
   * @param identity that digest; what it covers was checked while the files were fetched
   */
  public void seal(Digest identity, List<Entry> files) throws IOException {
    seal(identity.hex() + OF_SOURCE + "\n" + listing(files));
  }

  private void seal(String text) throws IOException {
    Path part = path.resolve(DIGEST_FILE + ".part");
    Files.writeString(part, text);
    Files.move(part, path.resolve(DIGEST_FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Reads every file again and compares.
   *
   * @return the model's digest
   * @throws DigestMismatchException when a file is not the one that was sealed; the message says
   *     which
   * @throws IOException when a file is missing or cannot be read
   */
  public Digest verify() throws IOException {
    Path sealed = path.resolve(DIGEST_FILE);
    if (!Files.isRegularFile(sealed)) {
      throw new IOException(
          "the model directory has no file \"" + DIGEST_FILE + "\"; run preflight first");
    }
    List<String> lines = Files.readAllLines(sealed);
    String first = lines.isEmpty() ? "" : lines.getFirst();
    boolean ofSource = first.endsWith(OF_SOURCE);
    Digest digest =
        parse(ofSource ? first.substring(0, first.length() - OF_SOURCE.length()) : first);
    List<Entry> expected = new ArrayList<>();
    if (lines.size() == 1 && !ofSource) {
      expected.add(new Entry(digest, MODEL_FILE));
    }
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split("  ", 2);
      expected.add(new Entry(parse(parts[0]), parts.length == 2 ? parts[1] : ""));
    }
    for (int i = 0; i < expected.size(); i++) {
      Entry entry = expected.get(i);
      Path file = i == 0 ? modelFile() : path.resolve(entry.name());
      if (!sha256(file).equals(entry.digest())) {
        throw new DigestMismatchException(
            "the file \""
                + entry.name()
                + "\" changed after preflight verified it; restart the pod");
      }
    }
    if (expected.isEmpty() || (!ofSource && !digest(expected).equals(digest))) {
      throw new DigestMismatchException(
          "the file \"" + DIGEST_FILE + "\" contradicts itself; restart the pod");
    }
    return digest;
  }

  private static Digest parse(String hex) throws IOException {
    try {
      return new Digest(hex.strip());
    } catch (IllegalArgumentException e) {
      throw new IOException("the file \"" + DIGEST_FILE + "\" holds no digest; restart the pod", e);
    }
  }

  private static Digest sha256(Path file) throws IOException {
    MessageDigest hash = Digest.sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hash.update(buffer, 0, read);
      }
    }
    return Digest.from(hash.digest());
  }

  private static String listing(List<Entry> files) {
    StringBuilder text = new StringBuilder();
    for (Entry file : files) {
      text.append(file.digest().hex()).append("  ").append(file.name()).append('\n');
    }
    return text.toString();
  }
}
