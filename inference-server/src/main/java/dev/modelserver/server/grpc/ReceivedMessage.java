package dev.modelserver.server.grpc;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.failure.RequestFailure.BodyContent;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * A message as it was received, not looked into yet. Reading one never fails by an exception, which
 * the library would answer in words of its own.
 */
sealed interface ReceivedMessage {

  /** A whole message. */
  final class Whole implements ReceivedMessage {
    private final byte[] bytes;
    private final int length;

    Whole(byte[] bytes, int length) {
      this.bytes = bytes;
      this.length = length;
    }

    /** The bytes themselves, no copy; only the first {@link #length} are the message's. */
    byte[] bytes() {
      return bytes;
    }

    int length() {
      return length;
    }
  }

  /** One that could not be inflated. */
  record Unreadable(RequestFailure failure) implements ReceivedMessage {}

  /** Takes messages as they come; only the server needs it, and it only reads. */
  Marshaller<ReceivedMessage> MARSHALLER =
      new Marshaller<>() {
        @Override
        public InputStream stream(ReceivedMessage message) {
          throw new UnsupportedOperationException("requests are only read");
        }

        @Override
        public ReceivedMessage parse(InputStream in) {
          try {
            return in instanceof KnownLength ? asSent(in) : inflated(in, CallMemory.current());
          } catch (RequestException e) {
            return new Unreadable(e.failure());
          } catch (IOException e) {
            return new Unreadable(
                new RequestFailure.Malformed(
                    "the message is not compressed as its grpc-encoding says"));
          }
        }
      };

  private static ReceivedMessage asSent(InputStream in) {
    try {
      byte[] bytes = new byte[in.available()];
      return new Whole(bytes, in.readNBytes(bytes, 0, bytes.length));
    } catch (IOException e) {
      throw new UncheckedIOException("memory can always be read", e);
    }
  }

  private static ReceivedMessage inflated(InputStream in, CallMemory memory)
      throws IOException, RequestException {
    byte[] bytes = {};
    int length = 0;
    while (true) {
      if (length == bytes.length) {
        int capacity = (int) Math.min(memory.maxBytes() + 1L, Math.max(8192, 2L * length));
        if (length > memory.maxBytes()) {
          throw new RequestException(
              new RequestFailure.BodyTooLarge(BodyContent.BINARY, memory.maxBytes(), -1));
        }
        if (!memory.reserve(capacity - length)) {
          throw new RequestException(new RequestFailure.NoMemory());
        }
        bytes = Arrays.copyOf(bytes, capacity);
      }
      int read = in.read(bytes, length, bytes.length - length);
      if (read < 0) {
        return new Whole(bytes, length);
      }
      length += read;
    }
  }
}
