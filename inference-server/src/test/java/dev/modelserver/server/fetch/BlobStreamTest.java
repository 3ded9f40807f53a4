package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BlobStreamTest {

  /** Layers for lazy pulling are many members of gzip, and a connection has nothing at times. */
  @Test
  void allMembersOfGzipAreReadWhateverTheConnectionHas() throws IOException {
    ByteArrayOutputStream layer = new ByteArrayOutputStream();
    layer.write(gzip("the first member, "));
    layer.write(gzip("the second"));
    byte[] bytes = layer.toByteArray();
    AtomicInteger reads = new AtomicInteger();
    BlobStream blob = new BlobStream(trickling(bytes), bytes.length, reads::incrementAndGet);

    try (GZIPInputStream unzipped = new GZIPInputStream(blob, 16)) {
      assertThat(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("the first member, the second");
    }
    assertThat(blob.digest()).isEqualTo(Digest.of(bytes));
    assertThat(blob.available()).isZero();
    assertThat(reads.get()).as("progress was told").isEqualTo(bytes.length);
  }

  /** A byte at a time, and never any that is said to be there. */
  private static InputStream trickling(byte[] bytes) {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        return super.read(buffer, offset, Math.min(1, length));
      }

      @Override
      public int available() {
        return 0;
      }
    };
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
      zipped.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }
}
