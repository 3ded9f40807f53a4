package dev.modelserver.operator.apply;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.names.FieldManagers;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.snapshot.ForeignText;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Tells one Event per transition of a condition. */
public final class Transitions {
  private static final Logger LOG = Logger.getLogger(Transitions.class);
  private static final int LONGEST_MESSAGE = 1000;

  private final KubernetesClient client;

  private final Clock clock;

  public Transitions(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Tells a transition. The Event's name derives from the transition and the second since which the
   * condition has its status, so that telling it again makes one Event, also where a reason comes
   * and goes; after a crash between Event and status it may be told twice.
   */
  public void tell(ModelServer primary, Condition condition, boolean warning) {
    try {
      client.resource(event(primary, condition, warning)).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) {
        // An Event is a courtesy: the status says the same, and must not wait for it.
        LOG.warnf(
            "ModelServer %s/%s: Event %s could not be written (%s); its status says the same",
            primary.getMetadata().getNamespace(),
            primary.getMetadata().getName(),
            reason(condition),
            ForeignText.shown(Applier.words(e), LONGEST_MESSAGE));
      }
    }
  }

  /** A rollback is looked for by its own name; the message has its cause. */
  private static String reason(Condition condition) {
    return condition.type().equals(Reason.ROLLED_BACK.word())
        ? Reason.ROLLED_BACK.word()
        : condition.reason();
  }

  private Event event(ModelServer primary, Condition condition, boolean warning) {
    String key =
        String.join(
            "/",
            primary.getMetadata().getUid(),
            condition.type(),
            condition.status(),
            condition.reason(),
            condition.lastTransitionTime(),
            String.valueOf(condition.observedGeneration()));
    String id = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    String message = condition.message();
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return new EventBuilder()
        .withNewMetadata()
        .withName(primary.getMetadata().getName() + "." + id)
        .withNamespace(primary.getMetadata().getNamespace())
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(primary.getApiVersion())
        .withKind(primary.getKind())
        .withName(primary.getMetadata().getName())
        .withNamespace(primary.getMetadata().getNamespace())
        .withUid(primary.getMetadata().getUid())
        .withResourceVersion(primary.getMetadata().getResourceVersion())
        .endInvolvedObject()
        .withType(warning ? "Warning" : "Normal")
        .withReason(reason(condition))
        .withMessage(
            message.length() <= LONGEST_MESSAGE
                ? message
                : message.substring(0, LONGEST_MESSAGE) + "…")
        .withCount(1)
        // Not the condition's own time: that stays where only the reason is another.
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withReportingComponent(FieldManagers.OPERATOR)
        .withNewSource()
        .withComponent(FieldManagers.OPERATOR)
        .endSource()
        .build();
  }
}
