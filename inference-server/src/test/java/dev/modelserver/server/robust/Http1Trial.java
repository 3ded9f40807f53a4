package dev.modelserver.server.robust;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends an attempt over HTTP/1.1 and judges the answers and the connection after them. */
record Http1Trial(Attempt attempt, Due due) implements Trial {

  private static final int SHOWN = 300;

  /** Which statuses are right; 503 with Retry-After always is. */
  enum Due {
    REFUSAL,
    ANSWER,
    SUCCESS
  }

  @Override
  public List<String> run(Target target) throws IOException, Violation {
    boolean sound = attempt.ending() == Attempt.Ending.ANSWERED;
    Wire wire = sound ? target.any() : target.fresh();
    boolean kept = false;
    try {
      if (attempt.ending() == Attempt.Ending.ABANDONED) {
        return leave(wire);
      }
      send(wire);
      List<String> words = new ArrayList<>();
      if (sound) {
        kept = answered(wire, words);
        if (kept) {
          target.keep(wire);
        }
      } else {
        closed(wire, words);
      }
      return words;
    } finally {
      if (!kept) {
        wire.close();
      }
    }
  }

  @Override
  public String excerpt() {
    return shown(new String(Http1.join(attempt.pieces()), StandardCharsets.ISO_8859_1));
  }

  private static String shown(String text) {
    String start = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    return start.replaceAll("[^\\x20-\\x7e…]", "·");
  }

  private List<String> leave(Wire wire) throws IOException {
    try {
      for (byte[] piece : attempt.pieces()) {
        wire.send(piece);
      }
    } catch (SocketException e) {
      // the server may have left first
    }
    wire.resetOnClose();
    return List.of("left");
  }

  private void send(Wire wire) throws IOException {
    try {
      for (byte[] piece : attempt.pieces()) {
        wire.send(piece);
      }
      if (attempt.ending() == Attempt.Ending.FINISHED) {
        wire.finish();
      }
    } catch (SocketException e) {
      // refused before the end: what came back is judged
    }
  }

  /** Reads all answers; returns whether the connection goes on, which a good request shows. */
  private boolean answered(Wire wire, List<String> words) throws IOException, Violation {
    for (int i = 0; i < attempt.answers(); i++) {
      Wire.Reply reply = wire.read(attempt.bodiless());
      if (reply == null) {
        throw new Violation("closed without an answer after " + words);
      }
      judge(reply);
      words.add(Integer.toString(reply.status()));
      if (reply.closes()) {
        end(wire);
        return false;
      }
    }
    wire.send(Target.GOOD);
    Wire.Reply good = wire.read(false);
    if (good == null) {
      throw new Violation("closed without a word after " + words);
    }
    if (good.status() == 503) {
      return false;
    }
    if (good.status() != 200 || !good.text().contains(Target.GOOD_ANSWER)) {
      throw new Violation(
          "a good request on the same connection got " + good.status() + " " + good.text());
    }
    return true;
  }

  private void closed(Wire wire, List<String> words) throws IOException, Violation {
    try {
      for (int i = 0; ; i++) {
        Wire.Reply reply = wire.read(attempt.bodiless());
        if (reply == null) {
          break;
        }
        if (i == attempt.answers()) {
          throw new Violation("one answer too many: " + reply.status() + " " + reply.text());
        }
        judge(reply);
        words.add(Integer.toString(reply.status()));
      }
    } catch (SocketException e) {
      words.add("reset");
      return;
    }
    words.add("closed");
  }

  private static void end(Wire wire) throws IOException, Violation {
    try {
      Wire.Reply more = wire.read(false);
      if (more != null) {
        throw new Violation("an answer after Connection: close: " + more.text());
      }
    } catch (SocketException e) {
      // closed with bytes of ours unread
    }
  }

  private void judge(Wire.Reply reply) throws Violation {
    int status = reply.status();
    if (status >= 400 && !attempt.bodiless()) {
      Rules.failure(status, reply.headers().getOrDefault("content-type", ""), reply.text());
    }
    if (status == 503) {
      if (!reply.headers().containsKey("retry-after")) {
        throw new Violation("503 without Retry-After");
      }
      return;
    }
    boolean right =
        switch (due) {
          case REFUSAL -> status >= 400 && status < 500;
          case ANSWER -> status < 500;
          case SUCCESS -> status == 200;
        };
    if (!right) {
      throw new Violation("status " + status + " " + shown(reply.text()));
    }
  }
}
