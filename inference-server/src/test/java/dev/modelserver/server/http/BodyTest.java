package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BodyTest {

  private final MemoryBudget budget = new MemoryBudget(20_000);

  @Test
  void collectsWhatItIsGiven() {
    Body body = new Body(budget, 10_000);

    assertThat(body.append(Buffer.buffer("one "))).isTrue();
    assertThat(body.append(Buffer.buffer("two"))).isTrue();

    assertThat(new String(body.bytes(), 0, body.length(), StandardCharsets.US_ASCII))
        .isEqualTo("one two");
    assertThat(budget.reserved()).isEqualTo(body.bytes().length);
  }

  @Test
  void takesNoMoreThanTheBudgetAndGivesItBackOnce() {
    Body first = new Body(budget, 15_000);
    Body second = new Body(budget, 15_000);

    assertThat(first.append(Buffer.buffer(new byte[15_000]))).isTrue();
    assertThat(second.append(Buffer.buffer(new byte[1]))).isFalse();
    assertThat(budget.reserved()).isEqualTo(15_000);
    first.release();
    first.release();
    assertThat(budget.reserved()).isZero();
    assertThat(second.append(Buffer.buffer(new byte[1]))).isTrue();
  }

  @Test
  void theAnswerSaysWhenToComeBack() {
    FailureAnswer answer = FailureAnswer.of(new RequestFailure.NoMemory());

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.type()).isEqualTo("overloaded");
    assertThat(answer.headers()).containsEntry("Retry-After", "1");
  }

  @Test
  void takesNoMoreMemoryThanWasAnnouncedOnceAQuarterOfItCame() {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    Body small = new Body(budget, 1 << 20);
    small.announce(30);
    assertThat(small.append(Buffer.buffer(new byte[30]))).isTrue();
    assertThat(budget.reserved()).isEqualTo(30);

    Body large = new Body(budget, 1 << 20);
    large.announce(100_000);
    assertThat(large.append(Buffer.buffer(new byte[10]))).isTrue();
    assertThat(budget.reserved()).isEqualTo(30 + 8192);
    assertThat(large.append(Buffer.buffer(new byte[30_000]))).isTrue();
    assertThat(budget.reserved()).isEqualTo(30 + 100_000);
  }
}
