package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
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

  @Test
  void tensorsLieWhereTheRuntimeCanReadThem() {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    Body body = new Body(budget, 1 << 20);
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
  void moreThanAMegabyteIsTakenAsItComes() {
    MemoryBudget budget = new MemoryBudget(16 << 20);
    Body body = new Body(budget, 8 << 20);
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
    Body body = new Body(budget, 1 << 20);
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
  void memoryIsUsedAgainWhereItFits() {
    DirectMemory memory = new DirectMemory(300_000);
    ByteBuffer first = memory.take(DirectMemory.rounded(200_000));
    memory.giveBack(first);

    assertThat(memory.take(65_536)).as("far too large").isNotSameAs(first);
    assertThat(memory.take(150_000)).isSameAs(first);
    ByteBuffer second = memory.take(150_000);
    assertThat(second).isNotSameAs(first);
    memory.giveBack(first);
    memory.giveBack(second);
    assertThat(memory.take(150_000)).as("only one is kept").isSameAs(first);
    assertThat(memory.take(150_000)).isNotSameAs(second);
  }
}
