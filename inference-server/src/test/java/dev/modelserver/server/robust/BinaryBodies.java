package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.Chance.one;
import static dev.modelserver.server.robust.Http1.join;
import static dev.modelserver.server.robust.Http1.utf8;
import static dev.modelserver.server.robust.MalformedClass.either;
import static dev.modelserver.server.robust.MalformedClass.refused;

import java.util.List;
import java.util.random.RandomGenerator;

/** The binary tensor extension: lengths that lie, in the header and in the parameters. */
final class BinaryBodies {

  private static final String HEADER = "Inference-Header-Content-Length: ";
  private static final byte[] ELEMENTS = {0, 0, 0x40, 0x40, 0, 0, (byte) 0x80, 0x3f};

  private BinaryBodies() {}

  static List<MalformedClass> classes() {
    return List.of(
        refused("v2 binary: header length no number", r -> length(one(r, NO_NUMBERS))),
        refused(
            "v2 binary: header length too large",
            r -> length(Long.toString(r.nextLong(json("8").length + 9L, Long.MAX_VALUE)))),
        refused(
            "v2 binary: header length too small",
            r -> length(Integer.toString(r.nextInt(1, json("8").length)))),
        refused(
            "v2 binary: header twice",
            r -> send(json("8"), ELEMENTS, HEADER + json("8").length, HEADER + r.nextInt(1, 50))),
        refused("v2 binary: size lies", r -> sized(one(r, LIES))),
        refused(
            "v2 binary: size beyond the body",
            r -> sized(Long.toString(r.nextLong(9, Long.MAX_VALUE)))),
        refused(
            "v2 binary: bytes left over",
            r -> send(json("8"), join(ELEMENTS, Chance.bytes(r, r.nextInt(1, 900))))),
        refused("v2 binary: bytes missing", r -> send(json("8"), Chance.cut(r, ELEMENTS))),
        refused(
            "v2 binary: no header, binary data",
            r ->
                Attempt.answered(
                    Http1.post(OpenInferenceBodies.PATH, join(json("8"), Chance.bytes(r, 8))))),
        refused(
            "v2 binary: data and size",
            r ->
                send(
                    utf8(
                        OpenInferenceBodies.infer(
                            "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[3,1],"
                                + "\"parameters\":{\"binary_data_size\":8}}")),
                    ELEMENTS)),
        refused("v2 binary: strings for numbers", BinaryBodies::strings),
        either("v2 binary: random elements", r -> send(json("8"), Chance.bytes(r, 8))),
        either(
            "v2 binary: mutated",
            r -> {
              byte[] json = Chance.mutated(r, json("8"));
              return send(json, ELEMENTS);
            }),
        refused(
            "v2 raw: wrong number of bytes",
            r -> {
              int bytes = 8 * r.nextInt(0, 200) + r.nextInt(1, 8);
              return send(new byte[0], Chance.bytes(r, bytes));
            }),
        either(
            "v2 raw: any number of bytes",
            r -> send(new byte[0], Chance.bytes(r, r.nextInt(4000)))));
  }

  private static final String[] NO_NUMBERS = {
    "-1",
    "+8",
    "0x10",
    "1e2",
    "NaN",
    "",
    " ",
    "8,8",
    "١",
    "8 8",
    "99999999999999999999",
    "-9223372036854775808",
    "4294967296"
  };

  private static final String[] LIES = {
    "-8",
    "0",
    "4",
    "7",
    "16",
    "\"8\"",
    "8.5",
    "null",
    "true",
    "[8]",
    "1e1",
    "18446744073709551615",
    "99999999999999999999",
    "-9223372036854775808"
  };

  private static byte[] json(String size) {
    return utf8(
        OpenInferenceBodies.infer(
            "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\","
                + "\"parameters\":{\"binary_data_size\":"
                + size
                + "}}"));
  }

  private static Attempt sized(String size) {
    return send(json(size), ELEMENTS);
  }

  private static Attempt length(String length) {
    return send(json("8"), ELEMENTS, HEADER + length);
  }

  private static Attempt send(byte[] json, byte[] binary) {
    return send(json, binary, HEADER + json.length);
  }

  private static Attempt send(byte[] json, byte[] binary, String... headers) {
    return Attempt.answered(Http1.post(OpenInferenceBodies.PATH, join(json, binary), headers));
  }

  private static Attempt strings(RandomGenerator random) {
    String json =
        OpenInferenceBodies.infer(
            "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"BYTES\","
                + "\"parameters\":{\"binary_data_size\":"
                + ELEMENTS.length
                + "}}");
    return send(utf8(json), Chance.bytes(random, ELEMENTS.length));
  }
}
