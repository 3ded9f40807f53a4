package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.Chance.one;
import static dev.modelserver.server.robust.Http1.bodiless;
import static dev.modelserver.server.robust.Http1.latin;
import static dev.modelserver.server.robust.Http1.post;
import static dev.modelserver.server.robust.MalformedClass.either;
import static dev.modelserver.server.robust.MalformedClass.refused;
import static dev.modelserver.server.robust.MalformedClass.served;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Methods, versions, targets and headers. */
final class HttpHeads {

  private static final byte[] BODY = latin("{\"features\":[3,1]}");
  private static final List<String> PATHS =
      List.of("/predict", "/", "/info", "/health", "/ready", "/metrics", "/nowhere");

  private HttpHeads() {}

  static List<MalformedClass> classes() {
    List<MalformedClass> all = new ArrayList<>(lines());
    all.addAll(headers());
    return all;
  }

  private static List<MalformedClass> lines() {
    return List.of(
        refused(
            "head: no version",
            r -> Attempt.finished("GET " + Chance.one(r, PATHS) + "\r\nHost: server\r\n\r\n")),
        refused(
            "head: strange version",
            r ->
                Attempt.finished(
                    "GET /ready "
                        + one(r, "HTTP/9.9", "HTTP/1.", "HTP/1.1", "http/1.1", "HTTP/1.1x", "1.1")
                        + "\r\nHost: server\r\n\r\n")),
        refused(
            "head: strange method",
            r ->
                Attempt.answered(
                    bodiless(
                        one(r, "TRACE", "PROPFIND", "get", "M-SEARCH", "PRI", Chance.letters(r, 9))
                            + " /predict HTTP/1.1"))),
        refused(
            "head: known method, wrong path",
            r ->
                Attempt.answered(
                    Http1.request(
                        one(r, "PUT", "PATCH", "DELETE") + " " + one(r, PATHS) + " HTTP/1.1",
                        BODY))),
        either(
            "head: OPTIONS",
            r ->
                Attempt.answered(
                    bodiless("OPTIONS " + one(r, "*", "/predict", "/") + " HTTP/1.1"))),
        either(
            "head: CONNECT", r -> Attempt.finished(bodiless("CONNECT example.com:443 HTTP/1.1"))),
        either(
            "head: HEAD",
            r -> Attempt.answered(bodiless("HEAD " + one(r, PATHS) + " HTTP/1.1")).withoutBody()),
        refused(
            "head: long method",
            r -> Attempt.finished(bodiless("X".repeat(r.nextInt(5000, 50_000)) + " / HTTP/1.1"))),
        refused(
            "head: long target",
            r ->
                Attempt.finished(
                    bodiless("GET /" + Chance.letters(r, r.nextInt(5000, 60_000)) + " HTTP/1.1"))),
        refused("head: path tricks", HttpHeads::pathTricks),
        refused("head: query tricks", HttpHeads::queryTricks),
        either(
            "head: absolute target",
            r ->
                Attempt.answered(
                    bodiless("GET http://" + Chance.letters(r, 8) + "/predict HTTP/1.1"))));
  }

  private static List<MalformedClass> headers() {
    return List.of(
        refused("head: many headers", HttpHeads::manyHeaders),
        refused(
            "head: one large header",
            r -> Attempt.finished(withHeader("X: " + Chance.word(r, r.nextInt(21_000, 90_000))))),
        refused(
            "head: header name",
            r ->
                Attempt.finished(
                    withHeader(
                        one(r, "no colon", ": no name", "two words: x", "nul\0: x", "\u0001: x")))),
        refused(
            "head: header value",
            r -> Attempt.finished(withHeader("X: a" + one(r, "\0", "\u0001", "\u007f", "\u000b")))),
        refused(
            "head: folded header",
            r ->
                Attempt.closed(
                    withHeader(
                        Chance.letters(r, 6)
                            + ": "
                            + one(r, "", "a")
                            + "\r\n"
                            + one(r, " ", "\t", " \t ")
                            + one(r, "", Chance.letters(r, 30))))),
        refused(
            "head: two hosts",
            r ->
                Attempt.closed(
                    withHeader(
                        one(r, "Host", "host", "HOST", "hoSt")
                            + ":"
                            + one(r, "", " server", " other", " " + Chance.letters(r, 99))))),
        either("head: no host", r -> Attempt.finished("GET /ready HTTP/1.1\r\n\r\n")),
        either(
            "head: strange host",
            r ->
                Attempt.finished(
                    "GET /ready HTTP/1.1\r\nHost: "
                        + one(r, "", "a b", "a:b:c", "[::1", "\u00ff", "x".repeat(3000))
                        + "\r\n\r\n")),
        refused(
            "head: content type",
            r ->
                Attempt.answered(
                    post(
                        "/predict",
                        BODY,
                        "Content-Type: "
                            + one(
                                r,
                                "text/csv",
                                "a/b/c",
                                ";",
                                "application/xml",
                                "json",
                                Chance.letters(r, 2000))))),
        either(
            "head: charset",
            r ->
                Attempt.answered(
                    post(
                        "/predict",
                        BODY,
                        "Content-Type: application/json; charset="
                            + one(r, "utf-16", "latin-1", "\"", "none", Chance.letters(r, 500))))),
        either(
            "head: accept",
            r ->
                Attempt.answered(
                    post(
                        "/predict",
                        BODY,
                        "Content-Type: application/json",
                        "Accept: " + one(r, "text/html", ";;;", "*/*;q=NaN", "\u00ff"),
                        "Accept-Encoding: " + one(r, "br", "gzip;q=-1", ",,,", "*;q=0", "\"")))),
        either(
            "head: expectation",
            r ->
                Attempt.finished(
                    post("/predict", BODY, "Expect: " + one(r, "200-ok", "", "100-continue, x")))),
        either(
            "head: continue, then the end",
            r ->
                Attempt.finished(
                    Http1.head(
                            "POST /predict HTTP/1.1", "Expect: 100-continue", "Content-Length: 18")
                        .append("\r\n")
                        .toString())),
        either("head: upgrade", HttpHeads::upgrade),
        either(
            "head: connection",
            r ->
                Attempt.finished(
                    withHeader(
                        "Connection: " + one(r, "close, x", "TE", "\"", "keep-alive, close")))),
        either(
            "head: trace context",
            r ->
                Attempt.answered(
                    withHeader("traceparent: 00-" + Chance.word(r, r.nextInt(80)) + "-01"))),
        either(
            "head: request id",
            r ->
                Attempt.answered(
                    withHeader(
                        "X-Request-Id: "
                            + one(r, "", " ", "\u00ff\u00fe", "a\tb", Chance.word(r, 5000))))),
        refused(
            "head: time-out",
            r ->
                Attempt.answered(
                    post(
                        "/predict",
                        BODY,
                        "Content-Type: application/json",
                        "X-Request-Timeout-Ms: "
                            + one(r, "-1", "0", "x", "1e3", "", "99999999999999999999", "1.5")))),
        served(
            "head: body where none is read",
            r ->
                Attempt.answered(
                    Http1.request("GET /ready HTTP/1.1", Chance.bytes(r, r.nextInt(1, 9000))))));
  }

  private static byte[] withHeader(String header) {
    return bodiless("GET /ready HTTP/1.1", header);
  }

  private static Attempt manyHeaders(RandomGenerator random) {
    StringBuilder head = Http1.head("GET /ready HTTP/1.1");
    for (int i = random.nextInt(3000, 20_000); i > 0; i--) {
      head.append(Chance.letters(random, 4)).append(": x\r\n");
    }
    return Attempt.finished(head.append("\r\n").toString());
  }

  private static Attempt pathTricks(RandomGenerator random) {
    String path =
        one(
            random,
            "/%2e%2e/%2e%2e/etc/passwd",
            "/../../etc/passwd",
            "/predict/../../../etc/passwd",
            "/..%2f..%2fetc",
            "/%00",
            "/predict%00.json",
            "/%zz",
            "/%",
            "/predict/",
            "//predict//",
            "/predict;a=b",
            "/\\..\\..\\windows",
            "/%c0%ae%c0%ae/",
            "/%u002e",
            "/./predict/x",
            "/\u00ff\u00fe",
            "/a".repeat(random.nextInt(1, 1500)),
            "/q/health",
            "/q/dev",
            "/.git/config",
            "/actuator/env",
            "/" + Chance.letters(random, 300));
    return Attempt.finished(bodiless("GET " + path + " HTTP/1.1"));
  }

  private static Attempt queryTricks(RandomGenerator random) {
    String query =
        one(
            random,
            "",
            "input_data",
            "input_data=",
            "input_data=%zz",
            "input_data=%00,1",
            "input_data=NaN(1),1",
            "input_data=%2B%2BInfinity,1",
            "input_data=1e400,1",
            "input_data=1,2,3",
            "input_data=1,2&input_data=1,2",
            "input_data=1,2&x=1",
            "input_data=" + "9".repeat(random.nextInt(101, 3000)) + ",1",
            "input_data=" + "1,".repeat(random.nextInt(3, 1500)),
            "a=b&".repeat(random.nextInt(1, 900)),
            "&&&=&=",
            "input_data=%ff%fe,1",
            "input_data=0x1p3,1",
            "input_data=1_000,1",
            Chance.letters(random, 2000));
    return Attempt.finished(bodiless("GET /predict?" + query + " HTTP/1.1"));
  }

  private static Attempt upgrade(RandomGenerator random) {
    return Attempt.finished(
        bodiless(
            "GET /ready HTTP/1.1",
            "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: " + one(random, "websocket", "h2c", "TLS/1.0", "x"),
            "HTTP2-Settings: " + one(random, "", "AAMAAABkAAQAAP__", "%%%", "AAAA"),
            "Sec-WebSocket-Key: x",
            "Sec-WebSocket-Version: " + one(random, "13", "99", "x")));
  }
}
