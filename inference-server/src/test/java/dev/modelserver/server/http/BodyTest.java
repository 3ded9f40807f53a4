package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.failure.RequestFailure;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyTest {

  private final MemoryBudget budget = new MemoryBudget(20_000);
  private final DirectMemory memory = new DirectMemory(1 << 20);

  @Test
  void collectsWhatItIsGiven() {
    Body body = new Body(budget, memory, 10_000);

    assertThat(body.append(Buffer.buffer("one "))).isTrue();
    assertThat(body.append(Buffer.buffer("two"))).isTrue();

    assertThat(new String(body.bytes(), 0, body.length(), StandardCharsets.US_ASCII))
        .isEqualTo("one two");
    assertThat(budget.reserved()).isEqualTo(body.bytes().length);
  }

  @Test
  void takesNoMoreThanTheBudgetAndGivesItBackOnce() {
    Body first = new Body(budget, memory, 15_000);
    Body second = new Body(budget, memory, 15_000);

    assertThat(first.append(Buffer.buffer(new byte[15_000]))).isTrue();
    assertThat(second.append(Buffer.buffer(new byte[1]))).isFalse();
    assertThat(budget.reserved()).isEqualTo(15_000);
    first.release();
    first.release();
    assertThat(budget.reserved()).isZero();
    assertThat(second.append(Buffer.buffer(new byte[1]))).isTrue();
  }

  @Test
  void whatIsInMemoryAlreadyHasNoLimit() {
    assertThat(Body.of(new byte[1]).reserve(1L << 40)).isTrue();
  }

  @Test
  void theAnswerSaysWhenToComeBack() {
    FailureAnswer answer = FailureAnswer.of(new RequestFailure.NoMemory());

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.type()).isEqualTo("overloaded");
    assertThat(answer.headers()).containsEntry("Retry-After", "1");
    assertThat(FailureAnswer.of(new OutOfMemoryError("Cannot reserve 8 bytes"))).isEqualTo(answer);
  }

  @Test
  void takesNoMoreMemoryThanWasAnnouncedOnceAQuarterOfItCame() {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    Body small = new Body(budget, memory, 1 << 20);
    small.announce(30);
    assertThat(small.append(Buffer.buffer(new byte[30]))).isTrue();
    assertThat(budget.reserved()).isEqualTo(30);

    Body large = new Body(budget, memory, 1 << 20);
    large.announce(100_000);
    assertThat(large.append(Buffer.buffer(new byte[10]))).isTrue();
    assertThat(budget.reserved()).isEqualTo(30 + 8192);
    assertThat(large.append(Buffer.buffer(new byte[30_000]))).isTrue();
    assertThat(budget.reserved()).isEqualTo(30 + 100_000);
  }

  @Test
  void tensorsLieWhereTheRuntimeCanReadThem() {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    Body body = new Body(budget, memory, 1 << 20);
    byte[] sent = new byte[100_000];
    new Random(1).nextBytes(sent);
    body.announceTensors(sent.length, 77);

    assertThat(body.append(Buffer.buffer(sent).slice(0, 70))).isTrue();
    assertThat(body.append(Buffer.buffer(sent).slice(70, sent.length))).isTrue();

    assertThat(Arrays.copyOf(body.head(77), 77)).isEqualTo(Arrays.copyOf(sent, 77));
    assertThat(body.from(77).isDirect()).isTrue();
    assertThat(body.from(77).alignmentOffset(0, Long.BYTES)).isZero();
    assertThat(body.from(77)).isEqualTo(ByteBuffer.wrap(Arrays.copyOfRange(sent, 77, sent.length)));
    assertThat(body.bytes()).isEqualTo(sent);
  }

  @Test
  void tensorsThatDidNotComeAreNone() {
    Body body = new Body(budget, memory, 1 << 20);
    body.announceTensors(100_000, 77);

    assertThat(body.head(0)).isEmpty();
    assertThat(body.from(0).hasRemaining()).isFalse();
    body.release();
  }

  @Test
  void moreThanAMegabyteIsTakenAsItComes() {
    MemoryBudget budget = new MemoryBudget(16 << 20);
    Body body = new Body(budget, memory, 8 << 20);
    byte[] sent = new byte[4 << 20];
    new Random(2).nextBytes(sent);
    body.announceTensors(sent.length, 100);

    assertThat(body.append(Buffer.buffer(new byte[100]))).isTrue();
    assertThat(budget.reserved()).isLessThan(100_000);
    for (int at = 100; at < sent.length; at += 65_536) {
      Buffer chunk = Buffer.buffer(sent).slice(at, Math.min(sent.length, at + 65_536));
      assertThat(body.append(chunk)).isTrue();
    }

    assertThat(body.from(100))
        .isEqualTo(ByteBuffer.wrap(Arrays.copyOfRange(sent, 100, sent.length)));
    assertThat(budget.reserved()).isBetween((long) sent.length, sent.length + 65_536L);
    body.release();
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void aRunPastItsDeadlineKeepsTheMemory() {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    Body body = new Body(budget, memory, 1 << 20);
    body.announceTensors(100_000, 0);
    assertThat(body.append(Buffer.buffer(new byte[100_000]))).isTrue();
    long held = budget.reserved();

    assertThat(body.retain()).isTrue();
    body.release();
    body.release();
    assertThat(budget.reserved()).isEqualTo(held);
    body.letGo();
    assertThat(budget.reserved()).isZero();
    assertThat(body.retain()).isFalse();
  }

  @Test
  void memoryThatIsUsedAgainCountsAsItIs() {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    memory.giveBack(ByteBuffer.allocateDirect(250_000));
    Body body = new Body(budget, memory, 1 << 20);
    body.announceTensors(130_000, 0);

    assertThat(body.append(Buffer.buffer(new byte[130_000]))).isTrue();

    assertThat(budget.reserved()).isEqualTo(250_000);
    body.release();
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void whereTheProcessHasNoMoreMemoryThereIsNone() {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    DirectMemory none =
        new DirectMemory(
            0,
            bytes -> {
              throw new OutOfMemoryError("Cannot reserve " + bytes + " bytes");
            });
    Body body = new Body(budget, none, 1 << 20);
    body.announceTensors(130_000, 0);

    assertThat(body.append(Buffer.buffer(new byte[130_000]))).isFalse();

    body.release();
    assertThat(budget.reserved()).isZero();
  }
}
