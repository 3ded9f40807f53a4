package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.Chance.one;
import static dev.modelserver.server.robust.Http1.join;
import static dev.modelserver.server.robust.Http1.json;
import static dev.modelserver.server.robust.Http1.latin;
import static dev.modelserver.server.robust.MalformedClass.either;
import static dev.modelserver.server.robust.MalformedClass.refused;

import java.util.List;
import java.util.random.RandomGenerator;

/** What only {@code /predict} knows: features, rows, names; and bodies beyond the limit. */
final class PredictBodies {

  private static final int LIMIT = 64 << 20;

  private PredictBodies() {}

  static List<MalformedClass> classes() {
    return List.of(
        refused(
            "/predict: wrong features",
            r ->
                send(
                    one(
                        r,
                        "{\"features\":[]}",
                        "{\"features\":[1]}",
                        "{\"features\":[1,2,3]}",
                        "{\"features\":1}",
                        "{\"features\":null}",
                        "{\"features\":\"1,2\"}",
                        "{\"features\":{}}",
                        "{\"features\":[1,2],\"more\":1}"))),
        refused(
            "/predict: wrong rows",
            r ->
                send(
                    one(
                        r,
                        "{\"features\":[[]]}",
                        "{\"features\":[[],[]]}",
                        "{\"features\":[[1,2],[1]]}",
                        "{\"features\":[[1,2],[1,2,3]]}",
                        "{\"features\":[[1,2],1,2]}",
                        "{\"features\":[1,[2]]}",
                        "{\"features\":[[[1,2]]]}",
                        "{\"features\":[[1,2],null]}",
                        "{\"features\":[[1,2],{\"a\":1}]}"))),
        refused(
            "/predict: wrong names",
            r ->
                send(
                    one(
                        r,
                        "{\"a\":1}",
                        "{\"a\":1,\"b\":2,\"c\":3}",
                        "{\"a\":1,\"a\":2}",
                        "{\"a\":[1,2],\"b\":1}",
                        "{\"x\":{\"a\":1}}",
                        "{\"x\":{\"y\":{\"a\":1,\"b\":2}}}",
                        "{\"x\":[{\"a\":1,\"b\":2},{\"a\":1}]}",
                        "{\"x\":{\"a\":1,\"b\":2},\"y\":{}}",
                        "{\"" + Chance.letters(r, 20) + "\":1,\"b\":2}"))),
        refused(
            "/predict: too many rows",
            r -> send("{\"features\":[[1,2]" + ",[1,2]".repeat(r.nextInt(4096, 9000)) + "]}")),
        refused(
            "/predict: body too large, announced",
            r ->
                Attempt.finished(
                    Http1.head(
                            "POST /predict HTTP/1.1",
                            "Content-Length: " + (LIMIT + r.nextInt(1, 1000)))
                        .append("\r\n")
                        .toString())),
        refused("/predict: body too large, sent", r -> tooLarge()).costly(200),
        either("/predict: content coding", PredictBodies::contentCoding));
  }

  private static Attempt send(String body) {
    return Attempt.answered(json("/predict", body));
  }

  /** A chunk of a MiB, 65 times. */
  private static Attempt tooLarge() {
    byte[] chunk = join(latin("100000\r\n"), new byte[1 << 20], latin("\r\n"));
    byte[] head =
        latin(
            Http1.head("POST /predict HTTP/1.1", "Transfer-Encoding: chunked")
                .append("\r\n")
                .toString());
    List<byte[]> pieces = new java.util.ArrayList<>(List.of(head));
    for (int i = 0; i <= LIMIT >> 20; i++) {
      pieces.add(chunk);
    }
    pieces.add(latin("0\r\n\r\n"));
    return Attempt.answered(pieces, 1);
  }

  private static Attempt contentCoding(RandomGenerator random) {
    return Attempt.answered(
        Http1.post(
            "/predict",
            Chance.bytes(random, random.nextInt(500)),
            "Content-Type: application/json",
            "Content-Encoding: "
                + one(
                    random, "gzip", "deflate", "br", "zstd", "gzip, gzip", "x", "", "identity,")));
  }
}
