package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Copies the files of one model into its directory: no more bytes than allowed, digest on the way,
 * and a file appears only when it is whole.
 */
public final class ModelStore {

  /** The end of the name of a file that is being written. */
  static final String UNFINISHED = ".part";

  /** The end of the name of the file that tells which version of a file is being written. */
  private static final String VERSION = ".version" + UNFINISHED;

  private final Path directory;
  private final long maxBytes;
  private final Runnable progress;
  private long stored;

  ModelStore(Path directory, long maxBytes) {
    this(directory, maxBytes, () -> {});
  }

  /**
   * A store of one model.
   *
   * @param progress called whenever more of a file was copied
   */
  public ModelStore(Path directory, long maxBytes, Runnable progress) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.progress = progress;
  }

  /** Tells that more was read, where it is not stored. */
  void progressed() {
    progress.run();
  }

  /** Bytes stored so far, all files together. */
  public long bytes() {
    return stored;
  }

  /** Refuses a size that is too large before a byte is read; negative when the size is unknown. */
  void announce(long bytes) throws PreflightException {
    if (bytes > maxBytes - stored) {
      throw tooLarge();
    }
  }

  /**
   * What of a file comes.
   *
   * @param offset bytes that are there already
   * @param total bytes of the whole file, negative where the source does not tell
   * @param version what tells this version of the file from others (an ETag or Last-Modified);
   *     empty where the source does not tell: then nothing is kept for a later attempt
   */
  public record Part(long offset, long total, Optional<String> version) {

    /** All of a file of an unknown version. */
    static Part whole(long total) {
      return new Part(0, total, Optional.empty());
    }
  }

  /** What an earlier attempt at a file left: its version and its size; the total is unknown. */
  Optional<Part> left(String name) {
    Path part = directory.resolve(name + UNFINISHED);
    Path version = directory.resolve(name + VERSION);
    try {
      return Files.isRegularFile(part) && Files.isRegularFile(version)
          ? Optional.of(new Part(Files.size(part), -1, Optional.of(Files.readString(version))))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Forgets what an earlier attempt at a file left. */
  void discard(String name) throws PreflightException {
    try {
      Files.deleteIfExists(directory.resolve(name + UNFINISHED));
      Files.deleteIfExists(directory.resolve(name + VERSION));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Copies a whole stream to a file below the directory; see the other. */
  Digest copy(InputStream in, String name) throws PreflightException, IOException {
    return copy(in, Part.whole(-1), name);
  }

  /**
   * Copies a stream to a file below the directory, after what is {@link #left} of it. Where the
   * stream fails, what came is kept for a later attempt if the version is known.
   *
   * @return the digest of the whole file
   * @throws IOException when the stream fails, or ends too early
   * @throws PreflightException when it is too long, or the directory takes no more
   */
  Digest copy(InputStream in, Part what, String name) throws PreflightException, IOException {
    Path target = directory.resolve(name);
    Path part = directory.resolve(name + UNFINISHED);
    Path version = directory.resolve(name + VERSION);
    MessageDigest hash = Digest.sha256();
    long copied = what.offset();
    byte[] buffer = new byte[1 << 16];
    try (FileChannel out = open(part, version, what)) {
      hash(part, copied, hash, buffer);
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        copied += read;
        announce(copied);
        hash.update(buffer, 0, read);
        write(out, ByteBuffer.wrap(buffer, 0, read));
        progress.run();
      }
      if (what.total() >= 0 && copied != what.total()) {
        throw new IOException("%d of %d bytes came".formatted(copied, what.total()));
      }
      sync(out, part, target);
      Files.deleteIfExists(version);
    } catch (IOException e) {
      if (what.version().isEmpty()) {
        Files.deleteIfExists(part);
      }
      throw e;
    } catch (PreflightException e) {
      Files.deleteIfExists(part);
      Files.deleteIfExists(version);
      throw e;
    }
    stored += copied;
    return Digest.from(hash.digest());
  }

  /** Gives a copied file another name. */
  void move(String from, String to) throws PreflightException {
    try {
      Path target = directory.resolve(to);
      Files.createDirectories(target.getParent());
      Files.move(directory.resolve(from), target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Takes a copied file away again. */
  void remove(String name) throws PreflightException {
    Path file = directory.resolve(name);
    try {
      if (Files.exists(file)) {
        stored -= Files.size(file);
        Files.delete(file);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Takes a folder away in which no file is counted, with what an earlier preflight left there. */
  void removeFolder(String name) throws PreflightException {
    Path folder = directory.resolve(name);
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** A number of bytes that is as many times the most of a model. */
  long most(long times) {
    return maxBytes > Long.MAX_VALUE / times ? Long.MAX_VALUE : maxBytes * times;
  }

  /** Reads what is there again: a digest cannot be continued by another process. */
  private void hash(Path part, long bytes, MessageDigest hash, byte[] buffer) throws IOException {
    if (bytes == 0) {
      return;
    }
    try (InputStream in = Files.newInputStream(part)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hash.update(buffer, 0, read);
        progress.run();
      }
    }
  }

  private static FileChannel open(Path part, Path version, Part what) throws PreflightException {
    try {
      Files.createDirectories(part.getParent());
      if (what.offset() > 0) {
        return FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      }
      // first: old bytes must never stand beside a new version
      Files.deleteIfExists(part);
      Files.deleteIfExists(version);
      if (what.version().isPresent()) {
        Files.writeString(version, what.version().get());
      }
      return FileChannel.open(
          part,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static void write(FileChannel out, ByteBuffer bytes) throws PreflightException {
    try {
      while (bytes.hasRemaining()) {
        var _ = out.write(bytes);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static void sync(FileChannel out, Path part, Path target) throws PreflightException {
    try {
      out.force(true);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private PreflightException tooLarge() {
    return new PreflightException(
        Reason.ModelTooLarge,
        "the model has more than "
            + maxBytes
            + " bytes; raise spec.model.maxSize or use a smaller model");
  }

  private static PreflightException unwritable(IOException e) {
    String cause =
        String.valueOf(e.getMessage()).contains("No space left")
            ? "no space is left"
            : e.getClass().getSimpleName();
    return new PreflightException(
        Reason.DownloadFailed,
        "the model directory cannot be written: "
            + cause
            + "; raise the ephemeral storage of the pod");
  }
}
