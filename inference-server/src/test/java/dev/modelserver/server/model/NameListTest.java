package dev.modelserver.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameListTest {

  /** Two names, cat and dog, in every form in which they are met. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat,dog",
        " cat , dog, ",
        "cat\ndog\n",
        "cat\r\ndog\r\n",
        "cat,\ndog",
        "- cat\n- dog",
        "0: cat\n1: dog",
        "0: 'cat'\n1: \"dog\"",
        "[\"cat\",\"dog\"]",
        "\uFEFF[\"cat\", \"dog\"]",
        "[cat, dog]",
        "['cat', 'dog']",
        "['cat', 'dog',]",
        "('cat', 'dog')",
        "'cat', 'dog'",
        "\"cat\",\"dog\"",
        "['cat' 'dog']",
        "['cat'\n 'dog']",
        "[np.str_('cat'), np.str_('dog')]",
        "array(['cat', 'dog'], dtype='<U3')",
        "Index(['cat', 'dog'], dtype='object', name='class')",
        "[u'cat', b'dog']",
        "{0: 'cat', 1: 'dog'}",
        "{1: 'dog', 0: 'cat'}",
        "{0: cat, 1: dog}",
        "{\"0\":\"cat\",\"1\":\"dog\"}",
        "{\"cat\":0,\"dog\":1}",
        "{'dog': 1, 'cat': 0}",
        "{np.str_('cat'): np.int64(0), np.str_('dog'): np.int64(1)}",
        "\"[\\\"cat\\\",\\\"dog\\\"]\""
      })
  void readsTwoNames(String text) throws NameList.FormatException {
    assertThat(NameList.parse(text)).containsExactly("cat", "dog");
  }

  @Test
  void keepsWhatIsPartOfAName() throws NameList.FormatException {
    assertThat(NameList.parse("children's, dog (small),16:9,a: b"))
        .containsExactly("children's", "dog (small)", "16:9", "a: b");
    assertThat(NameList.parse("tench, Tinca tinca\ngoldfish"))
        .containsExactly("tench, Tinca tinca", "goldfish");
    assertThat(NameList.parse("['it\\'s', \"b\\\"c\", 'd\\te', '\\x41\\u0042\\U0001F600']"))
        .containsExactly("it's", "b\"c", "d\te", "AB\uD83D\uDE00");
    assertThat(NameList.parse("[1, 2.5, true, 'x']")).containsExactly("1", "2.5", "true", "x");
    assertThat(NameList.parse("['', 'x']")).containsExactly("", "x");
    assertThat(NameList.parse("[0 1 2]")).containsExactly("0", "1", "2");
    assertThat(NameList.parse("")).isEmpty();
    assertThat(NameList.parse("[]")).isEmpty();
    assertThat(NameList.parse("{}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'cat', 'dog'}|is a set, which has no order",
        "{1: 'cat', 2: 'dog'}|is an object in which neither the keys nor the values are the indexes"
            + " 0 to 1",
        "{0: 'cat', 0: 'dog'}|is an object in which neither the keys nor the values are the indexes"
            + " 0 to 1",
        "{'a': 'cat', 'b': 'dog'}|is an object in which neither the keys nor the values are the"
            + " indexes 0 to 1",
        "1: cat,2: dog|has other indexes than 0 to 1",
        "['cat', 'dog'|cannot be read from character 14 on",
        "['cat', 'dog'] and more|cannot be read from character 24 on",
        "['cat', 'dog|has a quote that is never closed",
        "['cat', ['dog']]|holds a list where a name is expected",
        "{0: ['cat'], 1: 'dog'}|holds a list where a name is expected",
        "[PAD], [CLS]|holds a list where a name is expected",
        "['cat' 'dog', 'cow']|cannot be read from character 20 on",
        "['cat' ... 'dog']|cannot be read from character 11 on",
        "[traffic light]|cannot be read from character 15 on",
        "{0: traffic light}|cannot be read from character 13 on",
        "[None, 'dog']|holds the value None",
        "[null]|holds the value null",
        "None|is None",
        "cat,,dog|has an empty name at index 1",
        "cat, \"dog|is neither a list of names nor a literal of one, by the entry at index 1",
        "cat [a, b]|is neither a list of names nor a literal of one, by the entry at index 0",
        "['\\ud83d']|holds half of a surrogate pair",
        "[b'\\xff']|holds bytes that are no text",
        "['\\q']|has the unknown escape \\q",
        "[[[[[[[[[|has more than 8 levels of brackets",
      })
  void readsNothingOfWhatItCannotReadWhole(String text, String why) {
    assertThatThrownBy(() -> NameList.parse(text))
        .isInstanceOf(NameList.FormatException.class)
        .hasMessage(why);
  }

  /** JSON and Python's repr of any names are read back; any cut of them gives no part of one. */
  @Test
  void noPartOfALiteralIsAName() throws JsonProcessingException {
    Random random = new Random(8);
    String alphabet = "ab ,:'\"\\[]{}()\n\u00e9\u4e2d";
    int whole = 0;
    int refused = 0;
    for (int round = 0; round < 2000; round++) {
      List<String> names = new ArrayList<>();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        StringBuilder name = new StringBuilder("x");
        for (int k = random.nextInt(6); k > 0; k--) {
          name.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        names.add(name.toString());
      }
      for (String literal : List.of(new ObjectMapper().writeValueAsString(names), python(names))) {
        whole += read(literal).equals(names) ? 1 : 0;
        String cut = literal.substring(0, random.nextInt(1, literal.length()));
        refused += read(cut).isEmpty() ? 1 : 0;
      }
    }
    assertThat(whole).isEqualTo(4000);
    assertThat(refused).isEqualTo(4000);
  }

  /** Patterns that go back for every blank would take hours, or a time that is their cube. */
  @ParameterizedTest
  @ValueSource(strings = {"0\t%s\u0085x", "0%sx", "- %s\u0085x", "0: %s\u2028x"})
  void readsAnEntryOfManyBlanks(String form) {
    String entry = form.formatted("\t".repeat(50_000));

    assertThat(read(entry)).hasSizeLessThanOrEqualTo(1);
  }

  private static String python(List<String> names) {
    return IntStream.range(0, names.size())
        .mapToObj(
            i ->
                "%d: '%s'"
                    .formatted(
                        i,
                        names
                            .get(i)
                            .replace("\\", "\\\\")
                            .replace("'", "\\'")
                            .replace("\n", "\\n")))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static List<String> read(String text) {
    try {
      return NameList.parse(text);
    } catch (NameList.FormatException e) {
      return List.of();
    }
  }
}
