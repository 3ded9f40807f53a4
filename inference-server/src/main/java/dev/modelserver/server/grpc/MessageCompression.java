package dev.modelserver.server.grpc;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Executor;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * How messages may be compressed: gzip, which the library brings, and deflate, which some clients
 * offer beside it. An answer is compressed as its request was: nearly every client says it accepts
 * compression, few want to pay for it.
 */
final class MessageCompression {

  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  /** The zlib format, which gRPC calls deflate as HTTP does. */
  private static final Codec DEFLATE =
      new Codec() {
        @Override
        public String getMessageEncoding() {
          return "deflate";
        }

        @Override
        public InputStream decompress(InputStream in) {
          return new InflaterInputStream(in);
        }

        @Override
        public OutputStream compress(OutputStream out) {
          return new DeflaterOutputStream(out);
        }
      };

  /**
   * Reads the first bytes only when it is read from: what is no gzip is found out by the reader of
   * the message, which has an answer for it.
   */
  private static final Decompressor GZIP =
      new Decompressor() {
        @Override
        public String getMessageEncoding() {
          return "gzip";
        }

        @Override
        public InputStream decompress(InputStream in) {
          return new LateGunzip(in);
        }
      };

  private MessageCompression() {}

  static DecompressorRegistry decompressors() {
    return DecompressorRegistry.getDefaultInstance().with(GZIP, true).with(DEFLATE, true);
  }

  static CompressorRegistry compressors() {
    CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
    registry.register(new Codec.Gzip());
    registry.register(DEFLATE);
    registry.register(Codec.Identity.NONE);
    return registry;
  }

  /** Compressed messages are inflated away from the event loops, however small they look. */
  static ServerCallExecutorSupplier executors(Vertx vertx) {
    Executor workers =
        task -> {
          var _ =
              vertx.executeBlocking(
                  () -> {
                    task.run();
                    return true;
                  },
                  false);
        };
    return new ServerCallExecutorSupplier() {
      @Override
      public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
        return of(headers) == null ? Runnable::run : workers;
      }
    };
  }

  /** How a request is compressed; null when it is not. */
  static @Nullable String of(Metadata headers) {
    String encoding = headers.get(ENCODING);
    return encoding == null || encoding.equals("identity") ? null : encoding;
  }

  private static final class LateGunzip extends InputStream {
    private final InputStream compressed;
    private @Nullable InputStream plain;

    LateGunzip(InputStream compressed) {
      this.compressed = compressed;
    }

    @Override
    public int read() throws IOException {
      return plain().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return plain().read(bytes, offset, length);
    }

    /** The inflater has memory outside of the heap, which only its own stream gives back. */
    @Override
    public void close() throws IOException {
      (plain == null ? compressed : plain).close();
    }

    private InputStream plain() throws IOException {
      InputStream started = plain;
      if (started == null) {
        started = new GZIPInputStream(compressed);
        plain = started;
      }
      return started;
    }
  }
}
