package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A blob as it comes, to the size that is announced: what follows is not read. Tells a connection
 * that failed from content that cannot be unpacked. Closing it closes nothing: who reads it may
 * still have its digest.
 */
final class BlobStream extends FilterInputStream {

  private final long size;
  private final Runnable progress;
  private final MessageDigest hash = Digest.sha256();
  private long bytes;
  private boolean broken;
  private @Nullable Digest digest;

  /**
   * A blob that comes.
   *
   * @param size in bytes, as its manifest has it
   * @param progress called whenever more has come, also of what nobody keeps
   */
  BlobStream(InputStream in, long size, Runnable progress) {
    super(in);
    this.size = size;
    this.progress = progress;
  }

  /** Whether it ended because the connection failed. */
  boolean broken() {
    return broken;
  }

  /** Reads the rest, and has the digest of all of it. */
  Digest digest() throws IOException {
    Digest known = digest;
    if (known != null) {
      return known;
    }
    byte[] buffer = new byte[1 << 16];
    while (read(buffer, 0, buffer.length) >= 0) {
      // hashed while it is read
    }
    Digest found = Digest.from(hash.digest());
    digest = found;
    return found;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (bytes == size || length == 0) {
      return length == 0 ? 0 : -1;
    }
    int read;
    try {
      read = super.read(buffer, offset, (int) Math.min(length, size - bytes));
      if (read < 0 && bytes < size) {
        throw new IOException("%d of %d bytes came".formatted(bytes, size));
      }
    } catch (IOException e) {
      broken = true;
      throw e;
    }
    if (read > 0) {
      bytes += read;
      hash.update(buffer, offset, read);
      progress.run();
    }
    return read;
  }

  /**
   * Never nothing before the end: Java's reader of gzip takes nothing for the end of all members,
   * and would leave out the rest of a layer.
   */
  @Override
  public int available() {
    return bytes < size ? 1 : 0;
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] buffer = new byte[(int) Math.min(count, 1 << 16)];
    return Math.max(0, read(buffer, 0, buffer.length));
  }

  @Override
  public void close() {
    // the connection has an owner
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
