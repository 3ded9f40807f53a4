package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.Chance.one;
import static dev.modelserver.server.robust.Http1.join;
import static dev.modelserver.server.robust.Http2.END_HEADERS;
import static dev.modelserver.server.robust.Http2.END_STREAM;
import static dev.modelserver.server.robust.Http2.data;
import static dev.modelserver.server.robust.Http2.frame;
import static dev.modelserver.server.robust.Http2.headers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** HTTP/2 on the data port: broken frames, broken headers, floods. */
final class Http2Frames {

  private static final byte[] NOTHING = {};
  private static final byte[] BODY = Http1.latin("{\"features\":[3,1]}");

  private Http2Frames() {}

  static List<MalformedClass> classes() {
    List<MalformedClass> all = new ArrayList<>(frames());
    all.addAll(requests());
    all.addAll(floods());
    return all;
  }

  private static List<MalformedClass> frames() {
    return List.of(
        each(
            "frames: garbage after the preface",
            r -> Http2Trial.http(Chance.bytes(r, r.nextInt(9, 500))).cut()),
        each(
            "frames: no settings",
            r ->
                new Http2Trial(
                    List.of(join(Http2.PREFACE, Http2.post(1, "/predict", "{\"features\":[3,1]}"))),
                    false,
                    false,
                    false,
                    true)),
        each(
            "frames: wrong first settings",
            r ->
                new Http2Trial(
                    List.of(
                        join(
                            Http2.PREFACE,
                            frame(
                                Http2.SETTINGS,
                                r.nextInt(2),
                                r.nextInt(3),
                                Chance.bytes(r, 6 * r.nextInt(1, 9) + r.nextInt(1, 6))))),
                    false,
                    false,
                    false,
                    true)),
        each(
            "frames: unknown types",
            r -> Http2Trial.http(frame(r.nextInt(10, 256), r.nextInt(256), r.nextInt(9), BODY))),
        each("frames: mutated", r -> Http2Trial.http(Chance.mutated(r, request(1))).cut()),
        each("frames: cut", r -> Http2Trial.http(Chance.cut(r, request(1))).cut()),
        each(
            "frames: too large",
            r -> Http2Trial.http(frame(Http2.DATA, 0, 1, new byte[r.nextInt(16_385, 90_000)]))),
        each(
            "frames: wrong stream",
            r ->
                Http2Trial.http(
                    frame(
                        one(r, List.of(Http2.DATA, Http2.HEADERS, Http2.RST_STREAM)),
                        END_HEADERS,
                        one(r, List.of(0, 2, 4)),
                        new byte[4]))),
        each(
            "frames: wrong settings",
            r ->
                Http2Trial.http(
                    frame(
                        Http2.SETTINGS,
                        r.nextInt(2),
                        r.nextInt(2),
                        Chance.bytes(r, r.nextInt(1, 60))))),
        each(
            "frames: wrong window",
            r ->
                Http2Trial.http(
                    frame(
                        Http2.WINDOW_UPDATE,
                        0,
                        r.nextInt(4),
                        one(
                            r,
                            List.of(
                                new byte[4],
                                new byte[] {127, -1, -1, -1},
                                new byte[3],
                                NOTHING))))),
        each(
            "frames: push, priority, continuation",
            r ->
                Http2Trial.http(
                    frame(
                        one(r, List.of(Http2.PUSH_PROMISE, Http2.PRIORITY, Http2.CONTINUATION)),
                        END_HEADERS,
                        1,
                        Chance.bytes(r, r.nextInt(9))))),
        each(
            "frames: padding lies",
            r ->
                Http2Trial.http(
                    frame(
                        one(r, List.of(Http2.DATA, Http2.HEADERS)),
                        Http2.PADDED | END_HEADERS,
                        1,
                        new byte[] {(byte) r.nextInt(3, 256), 0}))));
  }

  private static List<MalformedClass> requests() {
    return List.of(
        each(
            "http/2: pseudo headers",
            r -> {
              String[] fields = one(r, PSEUDO);
              return Http2Trial.http(headers(1, END_HEADERS | END_STREAM, fields));
            }),
        each(
            "http/2: forbidden headers",
            r ->
                Http2Trial.http(
                    headers(
                        1,
                        END_HEADERS | END_STREAM,
                        get(
                            one(r, "connection", "transfer-encoding", "Upper", "te", "a b", "a\0"),
                            one(r, "close", "chunked", "x\r\ny: z", "\0"))))),
        each(
            "http/2: random header block",
            r ->
                Http2Trial.http(
                    frame(
                        Http2.HEADERS,
                        END_HEADERS | END_STREAM,
                        1,
                        Chance.bytes(r, r.nextInt(1, 300))))),
        each(
            "http/2: headers too large",
            r ->
                Http2Trial.http(
                    frame(Http2.HEADERS, END_STREAM, 1, Http2.block(get("x", "y"))),
                    continuations(r.nextInt(3, 40)))),
        each(
            "http/2: headers without end",
            r ->
                Http2Trial.http(
                        frame(Http2.HEADERS, 0, 1, Http2.block(get("x", "y"))),
                        frames(
                            r.nextInt(600),
                            n ->
                                frame(Http2.CONTINUATION, 0, 1, Chance.bytes(r, r.nextInt(0, 40)))))
                    .cut()),
        each(
            "http/2: content length lies",
            r ->
                Http2Trial.http(
                    headers(1, END_HEADERS, post("content-length", one(r, "1", "99", "-1", "x"))),
                    data(1, END_STREAM, BODY))),
        each(
            "http/2: data after the end",
            r -> Http2Trial.http(request(1), data(1, END_STREAM, BODY), data(1, 0, BODY))),
        each(
            "http/2: more data than the window",
            r -> {
              byte[] chunk = data(1, 0, new byte[16_384]);
              List<byte[]> all = new ArrayList<>();
              all.add(headers(1, END_HEADERS, post("x", "y")));
              for (int i = r.nextInt(5, 40); i > 0; i--) {
                all.add(chunk);
              }
              return Http2Trial.http(join(all));
            }),
        each(
            "http/2: body that never ends",
            r -> Http2Trial.http(headers(1, END_HEADERS, post("x", "y")), data(1, 0, BODY))),
        each(
            "http/2: wrong body",
            r ->
                Http2Trial.http(Http2.post(1, "/predict", Chance.word(r, r.nextInt(1, 300))))
                    .answered()),
        each(
            "http/2: wrong path",
            r -> Http2Trial.http(Http2.post(1, one(r, "/nowhere", "/%zz", "*", "x", "//"), "{}"))));
  }

  private static List<MalformedClass> floods() {
    return List.of(
        each(
                "http/2: rapid reset",
                r -> flood(r.nextInt(100, 1500), n -> join(request(n), reset(n))))
            .costly(10),
        each(
                "http/2: streams left open",
                r -> flood(r.nextInt(90, 400), n -> headers(n, END_HEADERS, post("x", "y"))))
            .costly(10),
        each("http/2: many requests at once", r -> flood(r.nextInt(2, 90), Http2Frames::request))
            .costly(10),
        each(
                "http/2: pings",
                r -> flood(r.nextInt(10, 3000), n -> frame(Http2.PING, 0, 0, new byte[8])))
            .costly(10),
        each(
                "http/2: settings",
                r -> flood(r.nextInt(10, 3000), n -> frame(Http2.SETTINGS, 0, 0, NOTHING)))
            .costly(10),
        each(
                "http/2: empty data",
                r ->
                    Http2Trial.http(
                        headers(1, END_HEADERS, post("x", "y")),
                        frames(r.nextInt(10, 3000), n -> data(1, 0, NOTHING))))
            .costly(10));
  }

  private static final List<String[]> PSEUDO =
      List.of(
          new String[] {":method", "GET"},
          new String[] {":path", "/ready", ":scheme", "http"},
          new String[] {":method", "GET", ":scheme", "http", ":path", ""},
          new String[] {":method", "", ":scheme", "http", ":path", "/ready"},
          new String[] {":method", "GET", ":method", "GET", ":scheme", "http", ":path", "/ready"},
          new String[] {":method", "GET", "x", "y", ":scheme", "http", ":path", "/ready"},
          new String[] {":method", "GET", ":scheme", "http", ":path", "/ready", ":other", "x"},
          new String[] {":status", "200", ":method", "GET", ":scheme", "http", ":path", "/ready"},
          new String[] {":method", "CONNECT", ":scheme", "http", ":path", "/ready"},
          new String[] {":method", "GET", ":scheme", "x", ":path", "ready", ":authority", "a b"},
          new String[] {"", ""},
          new String[] {"x", "y"});

  private static MalformedClass each(String name, Function<RandomGenerator, Trial> generator) {
    return new MalformedClass(name, 1, generator);
  }

  private static Http2Trial flood(int size, IntFunction<byte[]> each) {
    return Http2Trial.http(frames(size, each));
  }

  /** For the streams 1, 3, 5, … */
  private static byte[] frames(int size, IntFunction<byte[]> each) {
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(each.apply(2 * i + 1));
    }
    return join(all);
  }

  private static byte[] request(int stream) {
    return Http2.post(stream, "/predict", "{\"features\":[3,1]}");
  }

  private static byte[] reset(int stream) {
    return frame(Http2.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  private static String[] get(String name, String value) {
    return new String[] {
      ":method", "GET", ":scheme", "http", ":path", "/ready", ":authority", "server", name, value
    };
  }

  private static String[] post(String name, String value) {
    return new String[] {
      ":method", "POST", ":scheme", "http", ":path", "/predict", ":authority", "server", name, value
    };
  }

  private static byte[] continuations(int count) {
    List<byte[]> all = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      byte[] block = Http2.block("x" + i, "y".repeat(4000));
      all.add(frame(Http2.CONTINUATION, i == count ? END_HEADERS : 0, 1, block));
    }
    return join(all);
  }
}
