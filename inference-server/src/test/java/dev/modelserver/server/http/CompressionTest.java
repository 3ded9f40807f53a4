package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure.BodyContent;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {

  @ParameterizedTest
  @EnumSource
  void whatIsCompressedCanBeInflated(Compression coding) throws RequestException {
    Buffer plain = Buffer.buffer("once upon a time; ".repeat(10_000));
    Buffer compressed = coding.compress(plain);
    Body body = Body.inProcess();
    assertThat(body.append(compressed)).isTrue();

    Body inflated = coding.inflate(body, BodyContent.JSON);

    assertThat(compressed.length()).isLessThan(plain.length() / 10);
    assertThat(Buffer.buffer().appendBytes(inflated.bytes(), 0, inflated.length()))
        .isEqualTo(plain);
  }

  /** A deflater has more than 100 KiB outside of the heap, which no collection hurries to free. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void deflatingLeavesNoMemoryBehind() throws IOException {
    Buffer plain = Buffer.buffer("once upon a time; ".repeat(100));
    long before = residentKib();
    int length = 0;
    for (int i = 0; i < 2000; i++) {
      length += Compression.DEFLATE.compress(plain).length();
    }

    assertThat(length).isPositive();
    assertThat(residentKib() - before).isLessThan(100 << 10);
  }

  private static long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }
}
