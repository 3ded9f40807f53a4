package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "6c1f-2/3:~!", "{\"x\"}"})
  void isRepeatedAsItWasSent(String id) {
    assertThat(RequestId.of(id)).isEqualTo(id);
    assertThat(RequestId.orMade(id)).isEqualTo(id);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = {"a b", "a\nb", "\u00e9", "\u007f", "\t"})
  void isNotRepeatedWhenItCouldForgeALine(@Nullable String id) {
    assertThat(RequestId.of(id)).isNull();
    assertThat(RequestId.orMade(id)).matches("[0-9a-f]{16}");
  }

  @Test
  void isBounded() {
    assertThat(RequestId.of("x".repeat(RequestId.MAX_LENGTH))).isNotNull();
    assertThat(RequestId.of("x".repeat(RequestId.MAX_LENGTH + 1))).isNull();
    assertThat(RequestId.orMade(null)).isNotEqualTo(RequestId.orMade(null));
  }
}
