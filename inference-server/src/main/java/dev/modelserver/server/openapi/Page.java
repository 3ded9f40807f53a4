package dev.modelserver.server.openapi;

import dev.modelserver.server.http.Compression;
import dev.modelserver.server.model.Digest;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/**
 * Bytes that browsers load, kept compressed.
 *
 * @param etag changes with the bytes; weak, because it is the same for both codings
 */
record Page(String contentType, Buffer gzip, String etag) {

  static Page of(String contentType, byte[] plain) {
    return new Page(
        contentType,
        Compression.GZIP.compress(Buffer.buffer(plain)),
        "W/\"" + Digest.of(plain).abbreviated() + "\"");
  }

  Buffer plain() {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip.getBytes()))) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("compressed by us", e);
    }
  }
}
