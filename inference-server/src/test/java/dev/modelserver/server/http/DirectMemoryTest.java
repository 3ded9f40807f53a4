package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DirectMemoryTest {

  private final DirectMemory memory = new DirectMemory(300_000);

  @Test
  void isUsedAgainWhereItFits() {
    ByteBuffer first = take(DirectMemory.rounded(200_000));
    memory.giveBack(first);

    assertThat(take(65_536)).as("far too large").isNotSameAs(first);
    assertThat(take(150_000)).isSameAs(first);
    assertThat(take(150_000)).isNotSameAs(first);
  }

  @Test
  void whatIsOfNoUseAnyMoreMakesRoom() {
    ByteBuffer small = take(100_000);
    ByteBuffer large = take(290_000);
    memory.giveBack(small);
    memory.giveBack(large);

    assertThat(take(290_000)).isSameAs(large);
    assertThat(take(100_000)).isNotSameAs(small);
  }

  @Test
  void keepsNothingThatIsLargerThanAllItMayKeep() {
    ByteBuffer small = take(100_000);
    ByteBuffer large = take(300_001);
    memory.giveBack(small);
    memory.giveBack(large);

    assertThat(take(300_001)).isNotSameAs(large);
    assertThat(take(100_000)).isSameAs(small);
  }

  private ByteBuffer take(int bytes) {
    return Objects.requireNonNull(memory.take(bytes));
  }
}
