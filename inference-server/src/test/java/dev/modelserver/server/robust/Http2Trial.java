package dev.modelserver.server.robust;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sends frames over HTTP/2 and then a good request on a stream of its own: it is answered, or the
 * connection has been given up in the way of the protocol.
 *
 * @param preface whether the connection begins as it must
 * @param grpc over the port of gRPC, with its answers
 * @param due whether the first stream is a whole request, which must be answered
 * @param whole whether the frames end where one does; else the server may wait for more
 */
record Http2Trial(List<byte[]> frames, boolean preface, boolean grpc, boolean due, boolean whole)
    implements Trial {

  private static final int PATIENCE_MILLIS = 500;

  private static final int FIRST_STREAM = 1;

  private static final int GOOD_STREAM = 0x7ffffff1;
  private static final int INTERNAL_ERROR = 2;
  private static final int SHOWN = 200;

  /** OK, and what says that the caller is at fault, late or too much (grpc's own numbers). */
  private static final Set<Integer> RIGHT_CODES = Set.of(0, 1, 3, 4, 5, 8, 12);

  /** What gRPC's own library says, before any code of ours, where a request is not gRPC. */
  private static final Pattern UNFRAMED =
      Pattern.compile(
          "gRPC frame header malformed.*|Encountered end-of-stream mid-frame"
              + "|Can't decode compressed gRPC message as compression not configured"
              + "|(Content-Type|Method) '.*' is not supported"
              + "|Content-Type is missing from the request|Multiple host headers");

  private static final int UNAVAILABLE = 14;

  /** Windows for answers of any size: of a stream, and of the connection. */
  private static final byte[] WIDE = {0, 4, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};

  private static final byte[] WIDER =
      Http2.frame(Http2.WINDOW_UPDATE, 0, 0, new byte[] {0x7f, (byte) 0xf0, 0, 0});

  static Http2Trial http(byte[]... frames) {
    return new Http2Trial(List.of(frames), true, false, false, true);
  }

  static Http2Trial grpc(byte[]... frames) {
    return new Http2Trial(List.of(frames), true, true, false, true);
  }

  Http2Trial cut() {
    return new Http2Trial(frames, preface, grpc, false, false);
  }

  Http2Trial answered() {
    return new Http2Trial(frames, preface, grpc, true, true);
  }

  @Override
  public List<String> run(Target target) throws IOException, Violation {
    try (Http2Wire wire = target.http2(grpc, whole ? Target.SILENCE_MILLIS : PATIENCE_MILLIS)) {
      List<String> words = new ArrayList<>();
      boolean goesOn = exchange(wire, words);
      for (Map.Entry<Integer, Http2Wire.Answer> each : wire.answers().entrySet()) {
        if (each.getKey() != GOOD_STREAM) {
          words.add(judge(each.getValue()));
        }
      }
      if (!goesOn) {
        words.add(wire.goAway() < 0 ? "closed" : "goaway:" + wire.goAway());
        if (wire.goAway() == INTERNAL_ERROR) {
          throw new Violation("the server says goodbye with an internal error");
        }
      }
      return words;
    }
  }

  /** Returns whether the good request was answered; false where the connection was given up. */
  private boolean exchange(Http2Wire wire, List<String> words) throws IOException, Violation {
    try {
      if (preface) {
        wire.send(
            Http1.join(Http2.PREFACE, Http2.frame(Http2.SETTINGS, 0, 0, WIDE), WIDER, bytes()));
        wire.send(grpc ? GrpcBodies.good(GOOD_STREAM) : good());
      } else {
        wire.send(bytes());
      }
    } catch (SocketException e) {
      // given up before the end: what came back is judged
    }
    try {
      if ((due && !wire.readUntilEndOf(FIRST_STREAM)) || !wire.readUntilEndOf(GOOD_STREAM)) {
        return false;
      }
    } catch (SocketException e) {
      words.add("reset");
      return false;
    } catch (SocketTimeoutException e) {
      if (whole) {
        throw e;
      }
      words.add("silence");
      return true;
    }
    Http2Wire.Answer good = wire.answers().get(GOOD_STREAM);
    if (good == null || good.reset >= 0) {
      words.add("refused");
      return true;
    }
    boolean right =
        grpc
            ? "0".equals(good.headers.get("grpc-status"))
            : good.status() == 200 && good.text().contains(Target.GOOD_ANSWER);
    if (!right && good.status() != 503) {
      throw new Violation("a good request got " + good.headers + " " + good.text());
    }
    return true;
  }

  private static byte[] good() {
    return Http2.post(GOOD_STREAM, "/predict", "{\"features\":[3,1]}");
  }

  private String judge(Http2Wire.Answer answer) throws Violation {
    if (answer.reset >= 0) {
      if (answer.reset == INTERNAL_ERROR) {
        throw new Violation("a stream was reset with an internal error");
      }
      return "rst:" + answer.reset;
    }
    if (!grpc) {
      if (answer.status() >= 500 && answer.status() != 503) {
        throw new Violation("status " + answer.status() + " " + answer.text());
      }
      if (answer.status() >= 400) {
        String type = answer.headers.getOrDefault("content-type", "");
        Rules.failure(answer.status(), type, answer.text());
      }
      return Integer.toString(answer.status());
    }
    String code = answer.headers.get("grpc-status");
    if (code == null) {
      return answer.status() == 200 ? "unfinished" : "http:" + answer.status();
    }
    Rules.insides(answer.headers.getOrDefault("grpc-message", ""));
    int number = Integer.parseInt(code);
    String message = answer.headers.getOrDefault("grpc-message", "");
    if (!RIGHT_CODES.contains(number)
        && number != UNAVAILABLE
        && !UNFRAMED.matcher(message).matches()) {
      throw new Violation("grpc-status " + code + " " + message);
    }
    return "grpc:" + code;
  }

  private byte[] bytes() {
    return Http1.join(frames);
  }

  @Override
  public String excerpt() {
    byte[] bytes = bytes();
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^\\x20-\\x7e]", "·");
    byte[] start = bytes.length > SHOWN ? Arrays.copyOf(bytes, SHOWN) : bytes;
    return (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text)
        + " "
        + Base64.getEncoder().encodeToString(start);
  }
}
