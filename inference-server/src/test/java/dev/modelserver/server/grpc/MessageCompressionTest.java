package dev.modelserver.server.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.grpc.Decompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCompressionTest {

  /** A stream that could still be read from would still have its inflater. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void aClosedMessageIsLetGo(String coding) throws IOException {
    InputStream plain = decompressed(coding, "plain");
    assertThat(plain.readNBytes(2)).asString().isEqualTo("pl");

    plain.close();

    assertThatIOException().isThrownBy(plain::read).withMessage("Stream closed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void whatIsCompressedCanBeRead(String coding) throws IOException {
    try (InputStream plain = decompressed(coding, "plain")) {
      assertThat(plain.readAllBytes()).asString().isEqualTo("plain");
    }
  }

  private static InputStream decompressed(String coding, String text) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out =
        requireNonNull(MessageCompression.compressors().lookupCompressor(coding))
            .compress(compressed)) {
      out.write(text.getBytes(UTF_8));
    }
    Decompressor decompressor =
        requireNonNull(MessageCompression.decompressors().lookupDecompressor(coding));
    return decompressor.decompress(new ByteArrayInputStream(compressed.toByteArray()));
  }
}
