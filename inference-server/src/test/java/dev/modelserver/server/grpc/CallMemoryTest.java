package dev.modelserver.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.failure.RequestFailure.BodyContent;
import dev.modelserver.server.http.MemoryBudget;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallMemoryTest {

  private final MemoryBudget budget = new MemoryBudget(1000);
  private final List<RequestFailure> refusals = new ArrayList<>();

  @Test
  void countsWhatArrivesUntilTheCallEnds() {
    CallMemory memory = new CallMemory(budget, 500);
    memory.whenRefused(refusals::add);

    memory.inboundWireSize(300);
    memory.inboundWireSize(200);

    assertThat(memory.reserve(400)).isTrue();
    assertThat(budget.reserve(101)).isFalse();
    assertThat(budget.reserve(100)).isTrue();
    memory.streamClosed(Status.OK);
    assertThat(budget.reserve(900)).isTrue();
    assertThat(refusals).isEmpty();
  }

  @Test
  void refusesOnceWhatIsTooLarge() {
    CallMemory memory = new CallMemory(budget, 500);
    memory.whenRefused(refusals::add);

    memory.inboundWireSize(501);
    memory.inboundWireSize(501);

    assertThat(refusals)
        .containsExactly(new RequestFailure.BodyTooLarge(BodyContent.BINARY, 500, -1));
  }

  @Test
  void refusesWhatTheBudgetDoesNotTake() {
    assertThat(budget.reserve(800)).isTrue();
    CallMemory memory = new CallMemory(budget, 500);
    memory.whenRefused(refusals::add);

    memory.inboundWireSize(201);

    assertThat(refusals).containsExactly(new RequestFailure.NoMemory());
  }

  @Test
  void tellsAlsoWhoComesLate() {
    CallMemory memory = new CallMemory(budget, 500);

    memory.inboundWireSize(600);
    memory.whenRefused(refusals::add);

    assertThat(refusals)
        .containsExactly(new RequestFailure.BodyTooLarge(BodyContent.BINARY, 500, -1));
  }

  @Test
  void takesNothingAfterTheEnd() {
    CallMemory memory = new CallMemory(budget, 500);
    memory.whenRefused(refusals::add);
    memory.streamClosed(Status.CANCELLED);

    memory.inboundWireSize(400);

    assertThat(memory.reserve(1)).isFalse();
    assertThat(budget.reserve(1000)).isTrue();
    assertThat(refusals).isEmpty();
  }
}
