package dev.modelserver.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.modelserver.server.failure.RequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/**
 * Against Jackson, which reads characters that the JDK has decoded: what it accepts is read as the
 * same values, what it refuses is refused. Each property counts both, and what the texts held.
 */
class JsonReaderPropertyTest {

  private static final JsonFactory JACKSON =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonReader.MAX_DEPTH)
                  .maxNumberLength(100)
                  .maxStringLength(JsonReader.MAX_STRING)
                  .maxNameLength(JsonReader.MAX_NAME)
                  .build())
          .build();

  @Property(tries = 20_000)
  void agreesOnWhatIsRight(@ForAll Random random) {
    JsonTexts texts = new JsonTexts(random);
    byte[] text = texts.any();
    boolean accepted = agree(text);

    texts.seen().forEach(form -> Statistics.label("forms").collect(form));
    Statistics.label("verdict").collect(accepted);
    Statistics.label("verdict")
        .coverage(
            verdict -> {
              verdict.check(true).percentage(share -> share > 60);
              // duplicate names, too deep, too long
              verdict.check(false).percentage(share -> share > 1);
            });
    Statistics.label("forms")
        .coverage(forms -> JsonTexts.FORMS.forEach(form -> forms.check(form).count(n -> n > 300)));
  }

  /** A byte or two are changed, left out, doubled or put in: mostly faults. */
  @Property(tries = 40_000)
  void agreesOnWhatIsDamaged(@ForAll Random random) {
    byte[] text = damaged(new JsonTexts(random).any(), random);

    Statistics.collect(agree(text));
    Statistics.coverage(
        verdict -> {
          verdict.check(true).percentage(share -> share > 10);
          verdict.check(false).percentage(share -> share > 30);
        });
  }

  /** Skipped values are held to the same grammar as values that are read. */
  @Property(tries = 10_000)
  void skipsWhatItWouldRead(@ForAll Random random) {
    byte[] text =
        random.nextBoolean()
            ? new JsonTexts(random).any()
            : damaged(new JsonTexts(random).any(), random);
    boolean skipped;
    try {
      JsonReader json = new JsonReader(text, text.length);
      json.skip();
      skipped = json.atEnd();
    } catch (RequestException e) {
      skipped = false;
    }

    assertThat(skipped).as(shown(text)).isEqualTo(read(text).isPresent());
    Statistics.collect(skipped);
    Statistics.coverage(
        verdict -> {
          verdict.check(true).percentage(share -> share > 25);
          verdict.check(false).percentage(share -> share > 25);
        });
  }

  private static byte[] damaged(byte[] text, Random random) {
    byte[] damage =
        "  ,[]{}\":0-.e+\\/ubnrtaéN1\0\n\u0080\ud83d\ude42".getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int first = random.nextInt(text.length);
    int second = random.nextInt(4) == 0 ? random.nextInt(text.length) : first;
    for (int i = 0; i < text.length; i++) {
      if (i != first && i != second) {
        out.write(text[i]);
        continue;
      }
      switch (random.nextInt(4)) {
        case 0 -> out.write(damage[random.nextInt(damage.length)]);
        case 1 -> {
          out.write(damage[random.nextInt(damage.length)]);
          out.write(text[i]);
        }
        case 2 -> {
          out.write(text[i]);
          out.write(text[i]);
        }
        default -> {
          // left out
        }
      }
    }
    return out.toByteArray();
  }

  private static boolean agree(byte[] text) {
    Optional<Object> expected = jackson(text);
    assertThat(read(text)).as(shown(text)).isEqualTo(expected);
    return expected.isPresent();
  }

  private static String shown(byte[] text) {
    return new String(text, StandardCharsets.UTF_8);
  }

  private static Optional<Object> read(byte[] text) {
    JsonReader json = new JsonReader(text, text.length);
    try {
      Object value = value(json);
      return json.atEnd() ? Optional.of(value) : Optional.empty();
    } catch (RequestException e) {
      assertThat(e.getMessage()).isNotBlank();
      return Optional.empty();
    }
  }

  private static Object value(JsonReader json) throws RequestException {
    return switch (json.peek()) {
      case OBJECT -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        json.beginObject();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
          fields.put(name, value(json));
        }
        yield fields;
      }
      case LIST -> {
        List<Object> values = new ArrayList<>();
        json.beginList();
        while (json.nextElement()) {
          values.add(value(json));
        }
        yield values;
      }
      case STRING -> json.string();
      case NUMBER -> json.number().asDouble();
      case BOOLEAN -> json.bool();
      case NULL -> {
        assertThat(json.takeNull()).isTrue();
        yield Optional.empty();
      }
      case NON_FINITE -> json.nonFinite();
    };
  }

  private static Optional<Object> jackson(byte[] text) {
    String characters;
    try {
      characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    if (hasEscapeBeyondAscii(characters)) {
      return Optional.empty();
    }
    try (JsonParser parser = JACKSON.createParser(characters)) {
      parser.nextToken();
      Object value = value(parser);
      return parser.nextToken() == null ? Optional.of(value) : Optional.empty();
    } catch (IOException | HalfPairException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether one of the four digits of an escape is no ASCII character. Jackson looks at the lower
   * eight bits of each alone, and so takes U+DA30 for the digit 0.
   */
  private static boolean hasEscapeBeyondAscii(String text) {
    for (int i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', i + 2)) {
      if (text.startsWith("u", i + 1)
          && text.substring(i + 2, Math.min(text.length(), i + 6))
              .chars()
              .anyMatch(c -> c > 0x7F)) {
        return true;
      }
    }
    return false;
  }

  @Example
  void digitsOfAnEscapeAreAscii() {
    byte[] text = "[\"\\ud83\uda30\udf87\"]".getBytes(StandardCharsets.UTF_8);

    assertThat(agree(text)).isFalse();
  }

  private static Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = whole(parser.currentName());
          parser.nextToken();
          fields.put(name, value(parser));
        }
        yield fields;
      }
      case START_ARRAY -> {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser));
        }
        yield values;
      }
      case VALUE_STRING -> whole(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          switch (parser.getText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            // spellings that only Jackson knows
            case "+Infinity", "INF", "-INF", "+INF" -> throw new IOException("not Python's");
            case String number -> Double.parseDouble(number);
          };
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> Optional.empty();
      case null, default -> throw new IOException("no value");
    };
  }

  /** Jackson gives halves of surrogate pairs, which are no text. */
  private static String whole(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new HalfPairException();
    }
    return text;
  }

  private static final class HalfPairException extends RuntimeException {}
}
