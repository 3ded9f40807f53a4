package dev.modelserver.server.http;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.failure.RequestFailure.BodyContent;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** The content codings of HTTP that the data plane speaks, both ways (RFC 9110, section 8.4.1). */
public enum Compression {
  GZIP("gzip"),
  /** The zlib format, as the RFC defines it. */
  DEFLATE("deflate");

  /** A smaller answer is not worth the work. */
  static final int MIN_BYTES = 1024;

  private static final int CHUNK = 64 << 10;

  private final String coding;

  Compression(String coding) {
    this.coding = coding;
  }

  /** The name in {@code Content-Encoding}. */
  public String coding() {
    return coding;
  }

  /** The coding an answer should have, by {@code Accept-Encoding}; null for none. */
  public static @Nullable Compression accepted(@Nullable String header) {
    if (header == null) {
      return null;
    }
    Compression found = null;
    for (String part : header.toLowerCase(Locale.ROOT).split(",", 16)) {
      String[] pieces = part.split(";", 2);
      boolean refused = pieces.length == 2 && pieces[1].strip().matches("q=0(\\.0*)?");
      if (!refused) {
        switch (pieces[0].strip()) {
          case "gzip", "x-gzip", "*" -> found = GZIP;
          case "deflate" -> found = found == null ? DEFLATE : found;
          default -> {}
        }
      }
    }
    return found;
  }

  /** The coding of a request body, by {@code Content-Encoding}; null for none. */
  static @Nullable Compression of(@Nullable String header) throws RequestException {
    if (header == null) {
      return null;
    }
    return switch (header.strip().toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      case "identity", "" -> null;
      default -> throw new RequestException(new RequestFailure.WrongContentEncoding(header));
    };
  }

  /** The answer, compressed. */
  public Buffer compress(Buffer plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length() / 2);
    try (OutputStream coder =
        this == GZIP ? new GZIPOutputStream(out, CHUNK) : new FastDeflate(out)) {
      coder.write(plain.getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return Buffer.buffer(out.toByteArray());
  }

  /**
   * The body, inflated; refused when it is larger than any body may be.
   *
   * @param content what is compressed
   */
  Body inflate(Body body, BodyContent content) throws RequestException {
    Body plain = Body.inProcess();
    byte[] chunk = new byte[CHUNK];
    boolean complete = false;
    try (InputStream in = decoder(new ByteArrayInputStream(body.bytes(), 0, body.length()))) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (read > BodyReader.MAX_BYTES - plain.length()) {
          throw new RequestException(
              new RequestFailure.BodyTooLarge(content, BodyReader.MAX_BYTES, -1));
        }
        if (!plain.append(Buffer.buffer().appendBytes(chunk, 0, read))) {
          throw new RequestException(new RequestFailure.NoMemory());
        }
      }
      complete = true;
      return plain;
    } catch (IOException e) {
      throw RequestException.malformed(
          "the body is not valid " + coding + "; send what Content-Encoding says");
    } finally {
      if (!complete) {
        plain.release();
      }
    }
  }

  private InputStream decoder(InputStream in) throws IOException {
    return this == GZIP ? new GZIPInputStream(in, CHUNK) : new InflaterInputStream(in);
  }

  /** The stream ends only a deflater that it made itself; its memory is none of the heap's. */
  private static final class FastDeflate extends DeflaterOutputStream {
    FastDeflate(OutputStream out) {
      super(out, new Deflater(Deflater.BEST_SPEED));
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        def.end();
      }
    }
  }
}
