package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.Chance.one;
import static dev.modelserver.server.robust.Http1.join;
import static dev.modelserver.server.robust.Http1.utf8;
import static dev.modelserver.server.robust.MalformedClass.refused;
import static dev.modelserver.server.robust.MalformedClass.served;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Bodies whose {@code Content-Encoding} is wrong, broken or a bomb.
 *
 * @param path takes the good body
 */
record CompressedBodies(String path, String good) {

  /** Beyond what any body may have, inflated. */
  private static final int BOMB_MEBIBYTES = 65;

  List<MalformedClass> classes() {
    return List.of(
        served(name("gzip"), r -> send("gzip", gzip(utf8(good)))),
        refused(name("plain, said to be compressed"), r -> send(coding(r), utf8(good))),
        refused(name("random, said to be compressed"), this::random),
        refused(name("compressed, cut"), r -> send("gzip", Chance.cut(r, gzip(utf8(good))))),
        refused(
            name("the other coding"),
            r -> send("deflate", join(gzip(utf8(good)), Chance.bytes(r, r.nextInt(9))))),
        refused(name("compressed twice"), r -> send("gzip", gzip(gzip(utf8(good))))),
        refused(
            name("unknown coding"),
            r ->
                send(one(r, "br", "zstd", "compress", "gzip, gzip", "gzip;q=1"), gzip(utf8(good)))),
        refused(name("compressed nothing"), r -> send("gzip", gzip(new byte[0]))),
        refused(name("bomb"), r -> send("gzip", bomb(r))).costly(50),
        refused(name("bomb, deflate"), r -> send("deflate", deflate(zeros()))).costly(50),
        refused(name("bomb within the limit"), r -> send("gzip", gzip(new byte[1 << 20])))
            .costly(10));
  }

  private String name(String what) {
    return path + ": " + what;
  }

  private Attempt send(String coding, byte[] body) {
    return Attempt.answered(
        Http1.post(path, body, "Content-Type: application/json", "Content-Encoding: " + coding));
  }

  private Attempt random(RandomGenerator random) {
    return send(coding(random), Chance.bytes(random, random.nextInt(1, 3000)));
  }

  private static String coding(RandomGenerator random) {
    return one(random, "gzip", "deflate", "GZIP", "x-gzip");
  }

  private static byte[] bomb(RandomGenerator random) {
    byte[] bomb = gzip(zeros());
    return random.nextBoolean() ? bomb : join(bomb, bomb);
  }

  private static byte[] zeros() {
    return new byte[BOMB_MEBIBYTES << 20];
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream coder = new GZIPOutputStream(out)) {
      coder.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream coder = new DeflaterOutputStream(out)) {
      coder.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return out.toByteArray();
  }
}
