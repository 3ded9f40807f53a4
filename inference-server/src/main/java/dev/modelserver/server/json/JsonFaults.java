package dev.modelserver.server.json;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.NumberReader;

/** What is wrong with a JSON text, and where. */
final class JsonFaults {

  private JsonFaults() {}

  static RequestException ended() {
    return RequestException.malformed("the body ends in the middle of the JSON; send all of it");
  }

  static RequestException invalid(JsonReader json, int at) {
    byte found = json.bytes[at];
    if (found == 0 || found == (byte) 0xFE || found == (byte) 0xFF) {
      // as UTF-16 has them
      return notUtf8(json, at);
    }
    return RequestException.malformed(
        "the body is not valid JSON%s; correct it there".formatted(place(json, at)));
  }

  static RequestException notUtf8(JsonReader json, int at) {
    return RequestException.malformed(
        "the body is not valid UTF-8%s; send JSON in UTF-8".formatted(place(json, at)));
  }

  static RequestException halfPair(JsonReader json, int at) {
    return RequestException.malformed(
        "the body has half of a surrogate pair%s; send both halves, or the character itself"
            .formatted(place(json, at)));
  }

  static RequestException tooLong(JsonReader json, int at) {
    return RequestException.malformed(
        "a number, name or string of the body is too long%s; send a shorter one"
            .formatted(place(json, at)));
  }

  /** For what begins as a number and is none, or one of too many digits. */
  static RequestException noNumber(JsonReader json, int at) {
    int p = at;
    while (p < json.end && isOfNumber(json.bytes[p])) {
      p++;
    }
    if (p - at > NumberReader.MAX_LENGTH) {
      return tooLong(json, at);
    }
    return p == json.end ? ended() : invalid(json, at);
  }

  static RequestException duplicate(String name) {
    return RequestException.malformed(
        "%s is given twice; send each field once".formatted(Excerpt.quoted(name)));
  }

  static RequestException tooManyNames(int max) {
    return RequestException.malformed(
        "an object of the body has more than %d fields; send fewer".formatted(max));
  }

  static RequestException tooDeep(int max) {
    return RequestException.malformed(
        "the body is nested deeper than %d levels; send a flat list of values".formatted(max));
  }

  private static boolean isOfNumber(byte b) {
    return (b >= '0' && b <= '9') || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-';
  }

  private static String place(JsonReader json, int at) {
    int line = 1;
    int begin = json.start;
    for (int i = json.start; i < at; i++) {
      byte b = json.bytes[i];
      if (b == '\n' || (b == '\r' && json.bytes[i + 1] != '\n')) {
        line++;
        begin = i + 1;
      }
    }
    return " at line %d, column %d".formatted(line, at - begin + 1);
  }
}
