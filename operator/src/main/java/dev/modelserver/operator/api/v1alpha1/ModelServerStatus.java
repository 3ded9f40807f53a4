package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is true now, as the operator observed it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelServerStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Number of pods there are.") @StatusReplicas
        @Nullable Integer replicas,
    @JsonPropertyDescription("Number of pods that are ready.") @Nullable Integer readyReplicas,
    @JsonPropertyDescription("Ready pods of wanted pods, for people, for example 2/3.")
        @Size(max = 32)
        @Nullable String readySummary,
    @JsonPropertyDescription("Label selector of the pods, for the scale sub-resource.")
        @LabelSelector
        @Size(max = 1024)
        @Nullable String selector,
    @JsonPropertyDescription("Address of the Service inside the cluster.") @Size(max = 1024)
        @Nullable String url,
    @JsonPropertyDescription(
            "Addresses outside the cluster that spec.ingress and spec.gateway ask for and that "
                + "were not refused.")
        @Nullable ExternalUrls urls,
    @JsonPropertyDescription(
            "The model that answers, as its preflight reported it: that of the last good "
                + "revision, or of the current one where none is good yet.")
        @Nullable ModelStatus model,
    @JsonPropertyDescription("Name of the ControllerRevision that the spec asks for.")
        @Size(max = 253)
        @Nullable String currentRevision,
    @JsonPropertyDescription(
            "Name of the ControllerRevision that was last proven good; a failing revision "
                + "is rolled back to it.")
        @Size(max = 253)
        @Nullable String lastGoodRevision,
    @JsonPropertyDescription("The newest 10 revisions of the history, the newest first.")
        @Size(max = 100)
        @Nullable List<RevisionStatus> history,
    @JsonPropertyDescription(
            "Hashes of the ControllerRevisions that the operator keeps: one that is not as they "
                + "say is not used. Who may write this status decides what the operator runs.")
        @Size(max = 1000)
        @Nullable List<RecordedRevision> revisions,
    @JsonPropertyDescription(
            "A newer default server image that the operator knows; set the annotation "
                + "modelserver.dev/restart to move to it.")
        @Size(max = 4096)
        @Nullable String newerServerImage,
    @JsonPropertyDescription(
            "Conditions: Ready, Available, ModelLoaded, and where they apply Reconciling, "
                + "Stalled, RolledBack, ScalingActive, Monitoring, Exposed, PodLabelsShared, "
                + "RevisionIgnored, FieldsOverridden.")
        @Size(max = 64)
        @Nullable List<Condition> conditions) {

  /** A status without any field, as before the first reconciliation. */
  public static final ModelServerStatus NONE =
      new ModelServerStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  /** The same with other hashes of the records. */
  public ModelServerStatus recording(List<RecordedRevision> records) {
    return with(records, conditions);
  }

  /** The same with this condition in place of the one of its type. */
  public ModelServerStatus telling(Condition condition) {
    Stream<Condition> others =
        conditions == null
            ? Stream.empty()
            : conditions.stream().filter(other -> !other.type().equals(condition.type()));
    return with(revisions, Stream.concat(others, Stream.of(condition)).toList());
  }

  private ModelServerStatus with(
      @Nullable List<RecordedRevision> records, @Nullable List<Condition> said) {
    return new ModelServerStatus(
        observedGeneration,
        replicas,
        readyReplicas,
        readySummary,
        selector,
        url,
        urls,
        model,
        currentRevision,
        lastGoodRevision,
        history,
        records,
        newerServerImage,
        said);
  }
}
