package dev.modelserver.operator.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What JVMs and the server leave in their log when they end. */
class LastOutputTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          Error occurred during initialization of VM~Could not reserve enough space for 2097152KB object heap | Error occurred during initialization of VM / Could not reserve enough space for 2097152KB object heap
          Unrecognized VM option 'UseFoo'~Error: Could not create the Java Virtual Machine.~Error: A fatal exception has occurred. Program will exit. | Unrecognized VM option 'UseFoo' / Error: Could not create the Java Virtual Machine. / Error: A fatal exception has occurred. Program will exit.
          Error: Unable to access jarfile /app/quarkus-run.jar | Error: Unable to access jarfile /app/quarkus-run.jar
          Error: Could not find or load main class Foo~Caused by: java.lang.ClassNotFoundException: Foo | Error: Could not find or load main class Foo / Caused by: java.lang.ClassNotFoundException: Foo
          Exception in thread "main" java.lang.UnsatisfiedLinkError: no onnxruntime~\tat java.base/java.lang.ClassLoader.loadLibrary(ClassLoader.java:2458)~\t... 12 more~ | Exception in thread "main" java.lang.UnsatisfiedLinkError: no onnxruntime
          {"timestamp":"2026-11-22T10:00:00Z","level":"ERROR","message":"the gRPC port 9000 cannot be opened","mdc":{}} | the gRPC port 9000 cannot be opened
          mp":"cut","message":"in the middle"}~{"level":"ERROR" | mp":"cut","message":"in the middle"} / {"level":"ERROR"
          one~~two~three~four | two / three / four
          ~ ~ |
          """)
  void isItsLastLines(String log, @Nullable String shown) {
    String lines = log.replace("~", "\n").replace("\\t", "\t");

    assertThat(LastOutput.of(lines)).isEqualTo(shown == null ? "" : shown.replace(" / ", " | "));
  }

  @Test
  void isBoundedAndShowsNoControls() {
    assertThat(LastOutput.of("\u001b[31mred\u202e\u2028 " + "x".repeat(4000)))
        .startsWith("\\u001b[31mred\\u202e\\u2028 xxx")
        .hasSizeLessThan(700);
  }
}
