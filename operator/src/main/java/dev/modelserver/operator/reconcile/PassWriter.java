package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.apply.Answers;
import dev.modelserver.operator.apply.KnownObjects;
import dev.modelserver.operator.apply.StatusWriter;
import dev.modelserver.operator.apply.Transitions;
import dev.modelserver.operator.apply.UpToDate;
import dev.modelserver.operator.apply.Writes;
import dev.modelserver.operator.status.Conditions;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/**
 * Writes of one pass, about one ModelServer. The first one looks whether the ModelServer is still
 * what the pass saw.
 */
final class PassWriter {
  private final KubernetesClient client;
  private final KnownObjects known;
  private final ModelServer primary;
  private final StatusWriter statuses;
  private final Answers answers;
  private final Transitions transitions;
  private final UpToDate upToDate;

  PassWriter(
      KubernetesClient client,
      KnownObjects known,
      ModelServer primary,
      StatusWriter statuses,
      Answers answers,
      Transitions transitions) {
    this.client = client;
    this.known = known;
    this.primary = primary;
    this.statuses = statuses;
    this.answers = answers;
    this.transitions = transitions;
    this.upToDate = new UpToDate(client, primary);
  }

  /**
   * Writes of objects.
   *
   * @param hold whether they are only noted
   */
  Writes attempt(boolean hold) {
    return new Writes(client, known, primary, upToDate, statuses, answers, hold);
  }

  void status(ModelServerStatus status) {
    report(new Report(status, Optional.empty()));
  }

  /** Tells what changed, then writes the status; neither where nothing changed. */
  void report(Report report) {
    ModelServerStatus status = report.status();
    if (status.equals(primary.getStatus())) {
      return;
    }
    upToDate.require();
    List<Condition> before = Conditions.of(primary.getStatus());
    for (Condition condition : Conditions.transitions(before, Conditions.of(status))) {
      transitions.tell(primary, condition, Conditions.alarming(condition));
    }
    Conditions.crash(report.crash(), before, Conditions.of(status))
        .ifPresent(condition -> transitions.tell(primary, condition, true));
    Conditions.unprotected(before, Conditions.of(status))
        .ifPresent(condition -> transitions.tell(primary, condition, true));
    primary.setStatus(statuses.write(primary, status));
  }
}
