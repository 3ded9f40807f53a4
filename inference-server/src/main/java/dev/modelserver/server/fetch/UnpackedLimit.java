package dev.modelserver.server.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What comes out of a decompressor, with a limit on all of it, and one on what stands between the
 * files of an archive: a reader of archives keeps names of any length in memory.
 */
final class UnpackedLimit extends FilterInputStream {

  /** More than the names and attributes of any entry take. */
  private static final long MOST_HEADERS = 1 << 20;

  private static final long NO_LIMIT = Long.MAX_VALUE;

  private final long most;
  private long bytes;
  private long headersEnd = NO_LIMIT;

  UnpackedLimit(InputStream in, long most) {
    super(in);
    this.most = most;
  }

  /** There was more than is read. */
  static final class ExceededException extends IOException {
    ExceededException(String message) {
      super(message);
    }
  }

  /** Bytes so far. */
  long bytes() {
    return bytes;
  }

  /**
   * The headers of the next entry follow.
   *
   * @param rest what is left of the entry before at most
   */
  void headers(long rest) {
    headersEnd = rest > most ? NO_LIMIT : bytes + Math.max(0, rest) + MOST_HEADERS;
  }

  /** The content of an entry follows. */
  void content() {
    headersEnd = NO_LIMIT;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    if (read > 0) {
      bytes += read;
      if (bytes > most) {
        throw new ExceededException("unpacks to more than %d bytes".formatted(most));
      }
      if (headersEnd != NO_LIMIT && bytes > headersEnd) {
        throw new ExceededException(
            "has an entry whose name and attributes take more than %d bytes"
                .formatted(MOST_HEADERS));
      }
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] buffer = new byte[(int) Math.min(Math.max(0, count), 1 << 16)];
    return buffer.length == 0 ? 0 : Math.max(0, read(buffer, 0, buffer.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
