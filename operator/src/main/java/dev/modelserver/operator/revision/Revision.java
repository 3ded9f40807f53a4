package dev.modelserver.operator.revision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.operator.observe.PreflightReport;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;
import java.util.Optional;

/**
 * A revision: rendered once, looked up afterwards.
 *
 * @param hash hash of the user's own template-affecting fields
 * @param number position in the history; moves to the end when the spec comes back to it
 * @param template the pod template
 * @param config data of the immutable ConfigMap
 * @param data template and config exactly as they are stored: a newer operator may read and write
 *     them a little differently, and a ControllerRevision's data is immutable
 * @param provenAt the number it had when it was last seen completely rolled out; 0: never
 * @param rolledBack the mark of its failure, if it failed
 * @param report what its preflight reported, if it succeeded once
 */
public record Revision(
    String hash,
    long number,
    PodTemplateSpec template,
    Map<String, String> config,
    JsonNode data,
    long provenAt,
    Optional<RolledBack> rolledBack,
    Optional<PreflightReport> report) {

  static Revision rendered(String hash, long number, Rendered rendered) {
    return new Revision(
        hash,
        number,
        rendered.template(),
        rendered.config(),
        RevisionRecord.data(rendered),
        0,
        Optional.empty(),
        Optional.empty());
  }

  /** Whether it was seen completely rolled out since the spec last came to it. */
  public boolean proven() {
    return provenAt == number;
  }

  /** The digest later pods must have: the reported one, where the spec named none. */
  public Optional<String> pin() {
    return configured("sha256").isPresent()
        ? Optional.empty()
        : report.flatMap(r -> Optional.ofNullable(r.sha256()));
  }

  /** The version that its spec named. */
  public Optional<String> version() {
    return configured("version");
  }

  private Optional<String> configured(String field) {
    return config.values().stream()
        .map(ConfiguredModel::parse)
        .flatMap(model -> Optional.ofNullable(model.get(field)).stream())
        .findFirst();
  }

  /** The image of its server container. */
  public String image() {
    return template.getSpec().getContainers().getFirst().getImage();
  }

  Revision at(long newNumber) {
    return new Revision(hash, newNumber, template, config, data, provenAt, rolledBack, report);
  }

  Revision provenNow() {
    return new Revision(hash, number, template, config, data, number, rolledBack, report);
  }

  Revision marked(Optional<RolledBack> mark) {
    return new Revision(hash, number, template, config, data, provenAt, mark, report);
  }

  Revision reported(PreflightReport newReport) {
    return new Revision(
        hash, number, template, config, data, provenAt, rolledBack, Optional.of(newReport));
  }
}
