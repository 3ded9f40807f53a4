package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.Chance.one;
import static dev.modelserver.server.robust.Http1.chunks;
import static dev.modelserver.server.robust.Http1.head;
import static dev.modelserver.server.robust.Http1.join;
import static dev.modelserver.server.robust.Http1.latin;
import static dev.modelserver.server.robust.MalformedClass.either;
import static dev.modelserver.server.robust.MalformedClass.refused;
import static dev.modelserver.server.robust.MalformedClass.served;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Where a request begins and ends: lengths, chunks, pipelines, cut connections. */
final class HttpFraming {

  private static final byte[] BODY = latin("{\"features\":[3,1]}");
  private static final String POST = "POST /predict HTTP/1.1";
  private static final String CHUNKED = "Transfer-Encoding: chunked";

  private HttpFraming() {}

  static List<MalformedClass> classes() {
    return List.of(
        refused("framing: random bytes", r -> Attempt.finished(Chance.bytes(r, r.nextInt(1, 400)))),
        refused(
            "framing: random text",
            r -> Attempt.finished(Chance.word(r, r.nextInt(1, 200)) + "\r\n\r\n")),
        refused("framing: length and chunks", HttpFraming::lengthAndChunks),
        refused("framing: strange transfer coding", HttpFraming::transferCoding),
        refused(
            "framing: two lengths",
            r -> withLength(BODY.length + "\r\nContent-Length: " + r.nextInt(BODY.length))),
        refused(
            "framing: length no number",
            r ->
                withLength(
                    one(r, "+18", "0x12", "18,17", "1 8", "-18", "1e1", "", "NaN", "١٨", "18;"))),
        refused("framing: length too large", r -> withLength("9" + r.nextLong(1L << 60, 1L << 62))),
        either("framing: length too short", HttpFraming::tooShort),
        either("framing: length too long, then the end", HttpFraming::tooLong),
        either(
            "framing: cut anywhere",
            r -> Attempt.finished(Chance.cut(r, Http1.json("/predict", BODY)))),
        either(
            "framing: left in the middle",
            r -> Attempt.abandoned(Chance.cut(r, Http1.json("/predict", BODY)))),
        refused("framing: chunk size no number", HttpFraming::badChunkSize),
        refused(
            "framing: chunk longer than its size",
            r -> chunked(latin("4\r\n" + Chance.letters(r, 9) + "\r\n0\r\n\r\n"))),
        either("framing: chunks cut", r -> Attempt.finished(Chance.cut(r, post(chunks(BODY, 3))))),
        served(
            "framing: chunks of one byte",
            r -> Attempt.answered(List.of(post(chunks(padded(r.nextInt(1, 500)), 1))), 1)),
        served("framing: one byte per packet", r -> byteByByte()),
        refused("framing: chunk extensions", HttpFraming::chunkExtensions),
        refused(
            "framing: blanks around a chunk size",
            r -> {
              String blanks = one(r, " ", "\t", "  ", "\t ", " ".repeat(r.nextInt(1, 5000)));
              return firstChunk(r.nextBoolean() ? blanks + "12" : "12" + blanks);
            }),
        refused(
            "framing: folded transfer coding",
            r ->
                Attempt.closed(
                    join(
                        latin(
                            head(
                                    POST,
                                    "Transfer-Encoding:"
                                        + one(
                                            r,
                                            "\r\n chunked",
                                            " chunked\r\n ",
                                            "\r\n\t\r\n chunked")
                                        + one(r, "", ", identity", "\r\n , gzip"))
                                .append("\r\n")
                                .toString()),
                        chunks(BODY, 5)))),
        either("framing: trailers", HttpFraming::trailers),
        either(
            "framing: empty lines first",
            r -> Attempt.finished(join(latin("\r\n".repeat(r.nextInt(1, 200))), Target.GOOD))),
        either(
            "framing: line feeds only",
            r -> Attempt.finished("GET /ready HTTP/1.1\nHost: server\n\n")),
        refused(
            "framing: carriage returns only",
            r -> Attempt.finished("GET /ready HTTP/1.1\rHost: server\r\r")),
        served(
            "framing: pipelined",
            r -> {
              int requests = r.nextInt(2, 30);
              List<byte[]> all = new ArrayList<>();
              for (int i = 0; i < requests; i++) {
                all.add(Target.GOOD);
              }
              return Attempt.answered(List.of(join(all)), requests);
            }),
        either(
            "framing: good, then garbage",
            r -> Attempt.finished(join(Target.GOOD, Chance.bytes(r, r.nextInt(1, 300))))),
        served(
            "framing: HTTP/1.0",
            r ->
                Attempt.finished(
                    join(latin("POST /predict HTTP/1.0\r\nContent-Length: 18\r\n\r\n"), BODY))),
        either(
            "framing: broken preface of HTTP/2",
            r ->
                Attempt.finished(
                    join(
                        Chance.cut(r, Http2.PREFACE),
                        Chance.bytes(r, r.nextInt(30, 100)),
                        latin("\r\n\r\n")))),
        either(
            "framing: another protocol",
            r ->
                Attempt.finished(
                    one(
                        r,
                        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                        "SSH-2.0-OpenSSH_9.6\r\n",
                        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n\r\n",
                        "*1\r\n$4\r\nPING\r\n",
                        "EHLO example.com\r\n"))));
  }

  private static byte[] post(byte[] body) {
    return join(latin(head(POST, CHUNKED).append("\r\n").toString()), body);
  }

  private static Attempt chunked(byte[] body) {
    return Attempt.closed(post(body));
  }

  private static Attempt withLength(String value) {
    return Attempt.closed(
        join(latin(head(POST, "Content-Length: " + value).append("\r\n").toString()), BODY));
  }

  private static Attempt lengthAndChunks(RandomGenerator random) {
    String length = "Content-Length: " + random.nextInt(40);
    String[] headers =
        random.nextBoolean() ? new String[] {length, CHUNKED} : new String[] {CHUNKED, length};
    return Attempt.closed(
        join(latin(head(POST, headers).append("\r\n").toString()), chunks(BODY, BODY.length)));
  }

  private static Attempt transferCoding(RandomGenerator random) {
    String coding =
        one(random, "xchunked", "chunked, identity", "\u000bchunked", "chunked;q=1", "gzip", "cow");
    return Attempt.closed(
        join(
            latin(head(POST, "Transfer-Encoding: " + coding).append("\r\n").toString()),
            chunks(BODY, 5)));
  }

  private static Attempt badChunkSize(RandomGenerator random) {
    String size = one(random, "zz", "-1", "FFFFFFFFFFFFFFFFF", "0x5", " ", "5 5", "80000000", "+5");
    return Attempt.finished(post(latin(size + "\r\n" + "x".repeat(5) + "\r\n0\r\n\r\n")));
  }

  private static Attempt tooShort(RandomGenerator random) {
    int length = random.nextInt(BODY.length);
    return Attempt.finished(
        join(latin(head(POST, "Content-Length: " + length).append("\r\n").toString()), BODY));
  }

  private static Attempt tooLong(RandomGenerator random) {
    int length = BODY.length + random.nextInt(1, 1000);
    return Attempt.finished(
        join(latin(head(POST, "Content-Length: " + length).append("\r\n").toString()), BODY));
  }

  private static byte[] padded(int blanks) {
    return join(BODY, latin(" ".repeat(blanks)));
  }

  private static Attempt byteByByte() {
    List<byte[]> pieces = new ArrayList<>();
    for (byte each : Target.GOOD) {
      pieces.add(new byte[] {each});
    }
    return Attempt.answered(pieces, 1);
  }

  private static Attempt chunkExtensions(RandomGenerator random) {
    String name = Chance.letters(random, random.nextInt(1, 2000));
    return firstChunk(
        "12"
            + one(random, "", " ", "\t")
            + one(
                random,
                ";",
                ";" + name,
                ";" + name + "=" + Chance.word(random, random.nextInt(1, 2000)),
                ";" + name + "=\"" + name + "\"",
                ";" + name + "=\"\r\n0\r\n\r\nGET /info HTTP/1.1\r\nX: ",
                "; " + name + " = x; y=\"z\"",
                ";" + name.repeat(10)));
  }

  /** A body whose first chunk has this line. */
  private static Attempt firstChunk(String line) {
    return chunked(join(latin(line + "\r\n"), BODY, latin("\r\n0\r\n\r\n")));
  }

  private static Attempt trailers(RandomGenerator random) {
    StringBuilder trailers = new StringBuilder();
    for (int i = random.nextInt(1, 2000); i > 0; i--) {
      trailers.append(Chance.letters(random, 5)).append(one(random, ": x", ":", "", ": \u0000"));
      trailers.append("\r\n");
    }
    return Attempt.finished(
        post(join(latin("12\r\n"), BODY, latin("\r\n0\r\n" + trailers + "\r\n"))));
  }
}
