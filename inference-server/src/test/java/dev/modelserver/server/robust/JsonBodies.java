package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.Chance.one;
import static dev.modelserver.server.robust.Http1.join;
import static dev.modelserver.server.robust.Http1.latin;
import static dev.modelserver.server.robust.Http1.utf8;
import static dev.modelserver.server.robust.MalformedClass.either;
import static dev.modelserver.server.robust.MalformedClass.refused;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Bodies that are no JSON or monstrous JSON, for any path that takes a document with a list of
 * numbers in it.
 *
 * @param path where to send them
 * @param before the document up to one number of the list
 * @param after the rest of the document
 */
record JsonBodies(String path, String before, String after) {

  List<MalformedClass> classes() {
    return List.of(
        refused(name("empty"), r -> send(one(r, "", " ", "\r\n\t", "\uFEFF"))),
        refused(name("cut"), r -> send(Chance.cut(r, good()))),
        either(name("mutated"), r -> send(Chance.mutated(r, good()))),
        refused(name("random bytes"), r -> send(Chance.bytes(r, r.nextInt(1, 2000)))),
        refused(
            name("another document"),
            r -> send(one(r, "null", "true", "1", "\"x\"", "[]", "{}", "[[]]", "{\"\":{}}"))),
        refused(
            name("no JSON"),
            r -> send(one(r, "<a/>", "a=b", "{'a':1}", "{a:1}", "//\n{}", "/**/{}", "---\n"))),
        refused(
            name("goes on"),
            r -> send(join(good(), utf8(one(r, "x", "{}", "]", "}", ",", "\0", "1"))))),
        refused(name("bad UTF-8"), r -> text(one(r, "ff", "c0af", "e282", "eda080", "f8888080"))),
        refused(name("overlong UTF-8"), this::overlong),
        either(name("UTF-16 or UTF-32"), this::wide),
        either(name("byte order mark"), r -> send(join(utf8("\uFEFF"), good()))),
        refused(name("deep lists"), r -> number("[".repeat(r.nextInt(11, 100_000)))),
        refused(name("deep objects"), r -> number("{\"a\":".repeat(r.nextInt(11, 50_000)))),
        refused(
            name("deep and closed"),
            r -> {
              int depth = r.nextInt(20, 20_000);
              return number("[".repeat(depth) + "1" + "]".repeat(depth));
            }),
        either(
            name("huge number"),
            r ->
                number(
                    one(
                        r,
                        "1e39",
                        "-1e39",
                        "1e308",
                        "1e400",
                        "-1e400",
                        "1e-400",
                        "1e999999999",
                        "9".repeat(90),
                        "18446744073709551616"))),
        refused(
            name("endless number"),
            r -> number(one(r, "9", "0.1", "1e1") + "1".repeat(r.nextInt(101, 60_000)))),
        refused(
            name("no number"),
            r ->
                number(
                    one(
                        r,
                        "nan",
                        "Inf",
                        "-Infinite",
                        "+Infinity",
                        "+1",
                        "01",
                        ".5",
                        "1.",
                        "0x1",
                        "1e",
                        "1_0",
                        "--1",
                        "-",
                        "١",
                        "undefined"))),
        refused(
            name("another type"),
            r -> number(one(r, "false", "true", "\"1\"", "{}", "[]", "{\"a\":1}", "\"\""))),
        refused(
            name("text"),
            r ->
                number(
                    one(
                        r,
                        "\"\\ud800\"",
                        "\"\\u0000\"",
                        "\"\u0001\"",
                        "\"\\x\"",
                        "\"\n\"",
                        "\"" + "x".repeat(r.nextInt(1, 200_000)) + "\""))),
        refused(
                name("endless text"),
                r -> number("\"" + "x".repeat((1 << 20) + r.nextInt(9)) + "\""))
            .costly(20),
        refused(
            name("long key"),
            r -> send("{\"" + Chance.letters(r, r.nextInt(1001, 90_000)) + "\":1}")),
        refused(name("many keys"), this::manyKeys),
        refused(name("key twice"), this::keyTwice),
        refused(name("too many numbers"), r -> number("1" + ",1".repeat(r.nextInt(4097, 200_000)))),
        refused(name("control characters"), r -> send(join(good(), Chance.bytes(r, 3)))));
  }

  private String name(String what) {
    return path + ": " + what;
  }

  private byte[] good() {
    return utf8(before + "1" + after);
  }

  private Attempt send(byte[] body) {
    return Attempt.answered(Http1.json(path, body));
  }

  private Attempt send(String body) {
    return send(utf8(body));
  }

  private Attempt number(String text) {
    return send(before + text + after);
  }

  private Attempt text(String hex) {
    byte[] bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
    }
    return send(join(utf8(before + "\""), bytes, utf8("\"" + after)));
  }

  /** A character of the good document in more bytes than it needs: who reads them, reads it. */
  private Attempt overlong(RandomGenerator random) {
    byte[] good = good();
    int at = random.nextInt(good.length);
    int value = good[at];
    byte[] longer =
        switch (random.nextInt(3)) {
          case 0 -> new byte[] {(byte) (0xc0 | (value >> 6)), (byte) (0x80 | (value & 0x3f))};
          case 1 ->
              new byte[] {
                (byte) 0xe0, (byte) (0x80 | (value >> 6)), (byte) (0x80 | (value & 0x3f))
              };
          default ->
              new byte[] {
                (byte) 0xf0,
                (byte) 0x80,
                (byte) (0x80 | (value >> 6)),
                (byte) (0x80 | (value & 0x3f))
              };
        };
    return send(
        join(Arrays.copyOf(good, at), longer, Arrays.copyOfRange(good, at + 1, good.length)));
  }

  private Attempt wide(RandomGenerator random) {
    Charset charset =
        Charset.forName(one(random, "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"));
    return send(new String(good(), StandardCharsets.UTF_8).getBytes(charset));
  }

  private Attempt manyKeys(RandomGenerator random) {
    StringBuilder body = new StringBuilder("{");
    for (int i = random.nextInt(100, 5000); i > 0; i--) {
      body.append('"').append(Chance.letters(random, 6)).append(i).append("\":").append(i);
      body.append(',');
    }
    return send(latin(body.append("\"z\":1}").toString()));
  }

  private Attempt keyTwice(RandomGenerator random) {
    String document = new String(good(), StandardCharsets.UTF_8);
    return send("{" + document.substring(1, document.length() - 1) + "," + document.substring(1));
  }
}
