package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.Chance.one;
import static dev.modelserver.server.robust.MalformedClass.either;
import static dev.modelserver.server.robust.MalformedClass.refused;

import java.util.List;

/** What only the V1 protocol knows: instances, inputs by column, signature names. */
final class V1Bodies {

  static final String PATH = "/v1/models/integer-labels:predict";

  private V1Bodies() {}

  static List<MalformedClass> classes() {
    return List.of(
        refused(
            "v1: wrong instances",
            r ->
                send(
                    "{\"instances\":"
                        + one(
                            r,
                            "null",
                            "1",
                            "{}",
                            "\"x\"",
                            "[]",
                            "[1,2]",
                            "[[1]]",
                            "[[1,2],[1]]",
                            "[[1,2],3]",
                            "[[]]",
                            "[null]",
                            "[[[1,2]]]",
                            "[{\"x\":1}]",
                            "[{\"a\":1}]",
                            "[{\"a\":1,\"b\":2,\"c\":3}]",
                            "[[1,\"2\"]]")
                        + "}")),
        refused(
            "v1: wrong inputs",
            r ->
                send(
                    "{\"inputs\":"
                        + one(r, "null", "1", "\"x\"", "[[]]", "{}", "{\"y\":[[1,2]]}", "[[1]]")
                        + "}")),
        refused(
            "v1: neither", r -> send(one(r, "{\"x\":1}", "{\"Instances\":[[1,2]]}", "[[1,2]]"))),
        refused(
            "v1: too many rows",
            r -> send("{\"instances\":[[1,2]" + ",[1,2]".repeat(r.nextInt(4096, 9000)) + "]}")),
        either(
            "v1: signature name",
            r ->
                send(
                    "{\"signature_name\":"
                        + one(r, "null", "1", "\"other\"", "{}")
                        + ",\"instances\":[[3,1]]}")),
        refused(
            "v1: wrong path",
            r ->
                Attempt.answered(
                    Http1.json(
                        "/v1/models/"
                            + one(
                                r,
                                "integer-labels",
                                "integer-labels:explain",
                                "integer-labels:",
                                ":predict",
                                "other:predict",
                                "integer-labels:predict:predict",
                                "integer-labels/versions/9:predict",
                                "integer-labels%3apredictx",
                                Chance.letters(r, 2000) + ":predict"),
                        "{\"instances\":[[3,1]]}"))));
  }

  private static Attempt send(String body) {
    return Attempt.answered(Http1.json(PATH, body));
  }
}
