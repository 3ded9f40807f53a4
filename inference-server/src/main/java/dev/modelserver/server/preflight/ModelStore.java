package dev.modelserver.server.preflight;

import dev.modelserver.server.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * Copies the files of one model into its directory: no more bytes than allowed, digest on the way,
 * and a file appears only when it is whole.
 */
final class ModelStore {

  /** The end of the name of a file that is being written. */
  static final String UNFINISHED = ".part";

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
  ModelStore(Path directory, long maxBytes, Runnable progress) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.progress = progress;
  }

  /** Bytes stored so far, all files together. */
  long bytes() {
    return stored;
  }

  /** Refuses a size that is too large before a byte is read; negative when the size is unknown. */
  void announce(long bytes) throws PreflightException {
    if (bytes > maxBytes - stored) {
      throw tooLarge();
    }
  }

  /**
   * Copies a stream to a file below the directory.
   *
   * @throws IOException when the stream fails
   * @throws PreflightException when it is too long, or the directory takes no more
   */
  Digest copy(InputStream in, String name) throws PreflightException, IOException {
    Path target = directory.resolve(name);
    Path part = directory.resolve(name + UNFINISHED);
    MessageDigest hash = Digest.sha256();
    long copied = 0;
    byte[] buffer = new byte[1 << 16];
    try (FileChannel out = open(part)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        copied += read;
        announce(copied);
        hash.update(buffer, 0, read);
        write(out, ByteBuffer.wrap(buffer, 0, read));
        progress.run();
      }
      sync(out, part, target);
    } catch (IOException | PreflightException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    stored += copied;
    return Digest.from(hash.digest());
  }

  private static FileChannel open(Path part) throws PreflightException {
    try {
      Files.createDirectories(part.getParent());
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
