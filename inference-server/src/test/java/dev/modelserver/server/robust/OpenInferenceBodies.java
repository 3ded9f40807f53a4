package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.Chance.one;
import static dev.modelserver.server.robust.MalformedClass.either;
import static dev.modelserver.server.robust.MalformedClass.refused;

import java.util.List;
import java.util.random.RandomGenerator;

/** Every field of an infer request of the Open Inference Protocol, of the wrong type or a lie. */
final class OpenInferenceBodies {

  static final String PATH = "/v2/models/integer-labels/infer";

  private OpenInferenceBodies() {}

  static List<MalformedClass> classes() {
    return List.of(
        refused(
            "v2: wrong model",
            r ->
                Attempt.answered(
                    Http1.json(
                        "/v2/models/"
                            + one(
                                r,
                                "other",
                                "Integer-Labels",
                                "integer-labels%20",
                                "..",
                                "%2e%2e",
                                "integer-labels/versions/v2",
                                "integer-labels/versions/",
                                "%00",
                                Chance.letters(r, 3000))
                            + "/infer",
                        infer(input("[1,2]", "[3,1]"))))),
        refused("v2: wrong inputs", r -> send("{\"inputs\":" + one(r, WRONG_LISTS) + "}")),
        refused(
            "v2: no inputs",
            r -> send(one(r, "{\"id\":\"1\"}", "{\"outputs\":[]}", "{\"in\":[]}"))),
        refused("v2: wrong name", r -> field("name", one(r, WRONG_TEXTS))),
        refused("v2: wrong datatype", r -> field("datatype", one(r, WRONG_TYPES))),
        refused("v2: wrong shape", r -> field("shape", one(r, WRONG_SHAPES))),
        refused("v2: shape lies", OpenInferenceBodies::shapeLies),
        refused("v2: wrong data", r -> field("data", one(r, WRONG_DATA))),
        refused("v2: ragged data", r -> send(infer(input("[2,2]", one(r, RAGGED))))),
        refused("v2: field missing", OpenInferenceBodies::fieldMissing),
        refused("v2: field twice", OpenInferenceBodies::fieldTwice),
        refused(
            "v2: input twice",
            r -> send(infer(input("[1,2]", "[3,1]") + "," + input("[1,2]", "[3,1]")))),
        refused(
            "v2: unknown input",
            r -> {
              String other = Chance.letters(r, r.nextInt(2, 300));
              return send(infer(input("[1,2]", "[3,1]") + "," + input("[1,2]", "[3,1]", other)));
            }),
        refused(
            "v2: many inputs",
            r ->
                send(infer((input("[1,2]", "[3,1]", "y") + ",").repeat(r.nextInt(2, 3000)) + "1"))),
        refused("v2: wrong outputs", r -> with("\"outputs\":" + one(r, WRONG_OUTPUTS))),
        either("v2: wrong id", r -> with("\"id\":" + one(r, "1", "null", "{}", "[]", "true"))),
        refused(
            "v2: id not UTF-8",
            r ->
                Attempt.answered(
                    Http1.json(
                        PATH,
                        Http1.latin(
                            "{\"id\":\"a"
                                + one(
                                    r,
                                    "\u00c1\u0081",
                                    "\u00e0\u0081\u0081",
                                    "\u00ff",
                                    "\u00ed\u00a0\u0080",
                                    "\u00c3")
                                + "\",\"inputs\":["
                                + input("[1,2]", "[3,1]")
                                + "]}")))),
        either("v2: wrong parameters", r -> with("\"parameters\":" + one(r, WRONG_PARAMETERS))),
        either(
            "v2: wrong input parameters",
            r ->
                send(
                    infer(
                        "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"parameters\":"
                            + one(r, WRONG_PARAMETERS)
                            + ",\"data\":[3,1]}"))),
        either("v2: unknown field", r -> with("\"" + Chance.letters(r, 8) + "\":[[{}]]")),
        refused(
            "v2: wrong method",
            r ->
                Attempt.answered(
                    Http1.bodiless(one(r, "GET", "DELETE", "PATCH") + " " + PATH + " HTTP/1.1"))));
  }

  private static final String[] WRONG_LISTS = {
    "null", "{}", "[]", "1", "\"x\"", "[1]", "[null]", "[[]]", "[{}]", "[\"x\"]", "true"
  };

  private static final String[] WRONG_TEXTS = {
    "null", "1", "true", "{}", "[]", "\"\"", "\"X\"", "\"x\\u0000\"", "\"../x\"", "\"\\ud800\""
  };

  private static final String[] WRONG_TYPES = {
    "null",
    "1",
    "{}",
    "\"\"",
    "\"fp32\"",
    "\"FLOAT\"",
    "\"FP64\"",
    "\"INT32\"",
    "\"BYTES\"",
    "\"FP16\"",
    "\"BF16\"",
    "\"BOOL\"",
    "\"UINT64\"",
    "\"FP32 \""
  };

  private static final String[] WRONG_SHAPES = {
    "null",
    "{}",
    "1",
    "\"[1,2]\"",
    "[]",
    "[2]",
    "[1,2,1]",
    "[[1,2]]",
    "[1.5,2]",
    "[\"1\",2]",
    "[null,2]",
    "[true,2]",
    "[1e0,2e0,3]",
    "[-1,2]",
    "[-1,-2]",
    "[1,-2]",
    "[NaN,2]",
    "[1,2,0]"
  };

  private static final String[] WRONG_DATA = {
    "null",
    "{}",
    "1",
    "\"\"",
    "\"3,1\"",
    "[]",
    "[3]",
    "[3,1,2]",
    "[\"3\",1]",
    "[true,1]",
    "[nul,1]",
    "[{},1]",
    "[nan,1]",
    "[\"nan\",1]",
    "[+Infinity,1]",
    "[1e39,1]",
    "[1e400,1]"
  };

  private static final String[] RAGGED = {
    "[[1,2],[3]]",
    "[[1],[2,3,4]]",
    "[[1,2],3,4]",
    "[1,2,[3,4]]",
    "[[],[1,2,3,4]]",
    "[[[1,2]],[3,4,5]]",
    "[[1,2],[3,4],[]]",
    "[[1,2],[3,4],5]"
  };

  private static final String[] WRONG_OUTPUTS = {
    "{}",
    "1",
    "\"label\"",
    "[1]",
    "[null]",
    "[{}]",
    "[{\"name\":1}]",
    "[{\"name\":\"other\"}]",
    "[{\"name\":\"label\"},{\"name\":\"label\"}]",
    "[{\"name\":\"../label\"}]",
    "[[\"label\"]]"
  };

  private static final String[] WRONG_PARAMETERS = {
    "null",
    "1",
    "[]",
    "\"x\"",
    "{\"timeout\":-1}",
    "{\"timeout\":\"x\"}",
    "{\"timeout\":1e99}",
    "{\"binary_data_output\":1}",
    "{\"binary_data_output\":\"yes\"}",
    "{\"binary_data_size\":-1}",
    "{\"binary_data_size\":8}",
    "{\"binary_data_size\":1e30}",
    "{\"binary_data\":{}}",
    "{\"priority\":{}}",
    "{\"x\":[[[]]]}",
    "{\"shared_memory_region\":\"x\"}",
    "{\"sequence_id\":1}",
    "{\"classification\":-5}"
  };

  private static Attempt send(String body) {
    return Attempt.answered(Http1.json(PATH, body));
  }

  private static Attempt with(String member) {
    String good = infer(input("[1,2]", "[3,1]"));
    return send("{" + member + "," + good.substring(1));
  }

  static String infer(String inputs) {
    return "{\"inputs\":[" + inputs + "]}";
  }

  private static String input(String shape, String data) {
    return input(shape, data, "x");
  }

  private static String input(String shape, String data, String name) {
    return "{\"name\":\""
        + name
        + "\",\"shape\":"
        + shape
        + ",\"datatype\":\"FP32\",\"data\":"
        + data
        + "}";
  }

  /** The good input with one field replaced. */
  private static Attempt field(String name, String value) {
    String[][] fields = {
      {"name", "\"x\""}, {"shape", "[1,2]"}, {"datatype", "\"FP32\""}, {"data", "[3,1]"}
    };
    StringBuilder input = new StringBuilder();
    for (String[] field : fields) {
      input.append(input.isEmpty() ? "{\"" : ",\"").append(field[0]).append("\":");
      input.append(field[0].equals(name) ? value : field[1]);
    }
    return send(infer(input.append('}').toString()));
  }

  private static Attempt fieldMissing(RandomGenerator random) {
    String good = input("[1,2]", "[3,1]");
    return send(
        infer(
            good.replaceFirst(
                one(
                    random,
                    "\"name\":\"x\",",
                    "\"shape\":\\[1,2\\],",
                    "\"datatype\":\"FP32\",",
                    ",\"data\":\\[3,1\\]"),
                "")));
  }

  private static Attempt fieldTwice(RandomGenerator random) {
    String twice =
        one(
            random,
            "\"name\":\"x\",",
            "\"shape\":[1,2],",
            "\"datatype\":\"FP32\",",
            "\"data\":[3,1],");
    return send(infer("{" + twice + input("[1,2]", "[3,1]").substring(1)));
  }

  /** Sizes whose product overflows, is huge, or is another than that of the data. */
  private static Attempt shapeLies(RandomGenerator random) {
    String shape =
        one(
            random,
            "[9223372036854775807,2]",
            "[4611686018427387904,2]",
            "[4294967296,4294967296]",
            "[2305843009213693952,8]",
            "[1000000000,2]",
            "[1099511627776,2]",
            "[2,2]",
            "[0,2]",
            "[3,2]",
            "[" + random.nextLong(2, Long.MAX_VALUE) + "," + random.nextInt(3, 100) + "]",
            "[99999999999999999999,2]",
            "[" + "1,".repeat(random.nextInt(9, 3000)) + "2]");
    return send(infer(input(shape, "[3,1]")));
  }
}
