package dev.modelserver.operator.revision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.Access;
import dev.modelserver.operator.resolve.HostClaim;
import dev.modelserver.operator.snapshot.PreflightReport;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A revision: rendered once, looked up afterwards.
 *
 * @param hash hash of the user's own template-affecting fields
 * @param number position in the history; moves to the end when the spec comes back to it
 * @param template the pod template
 * @param config data of the immutable ConfigMap as it was rendered
 * @param data template and config exactly as they are stored: a newer operator may read and write
 *     them a little differently, and a ControllerRevision's data is immutable
 * @param created when it was stored; absent until then
 * @param facts what was learned of it
 */
public record Revision(
    String hash,
    long number,
    PodTemplateSpec template,
    Map<String, String> config,
    JsonNode data,
    Optional<String> created,
    Facts facts) {

  static Revision rendered(String hash, long number, Rendered rendered) {
    return new Revision(
        hash,
        number,
        rendered.template(),
        rendered.config(),
        RevisionRecord.data(rendered),
        Optional.empty(),
        Facts.NONE);
  }

  /** The signature that its pods compare theirs with; empty: none. */
  public Optional<Baseline> baseline() {
    return Baseline.parse(mounted().get(Baseline.FILE));
  }

  /** Data of the ConfigMap that its pods mount: as rendered, with the baseline of this attempt. */
  public Map<String, String> mounted() {
    Map<String, String> all = new TreeMap<>(config);
    facts
        .baseline()
        .ifPresent(
            text -> {
              if (text.isEmpty()) {
                all.remove(Baseline.FILE);
              } else {
                all.put(Baseline.FILE, text);
              }
            });
    return all;
  }

  /**
   * What tells the ConfigMap of a later attempt with another baseline from the first one: 8
   * hexadecimal digits. Empty where it is the first one.
   */
  public Optional<String> attempt() {
    return facts.baseline().map(Revision::shortHash);
  }

  /** The number it had when it was last good; 0: never. */
  public long provenAt() {
    return facts.provenAt();
  }

  /** The mark of its failure, if it failed. */
  public Optional<RolledBack> rolledBack() {
    return facts.rolledBack();
  }

  /** A person's wish to run another in its place. */
  public Optional<ManualRollback> manual() {
    return facts.manual();
  }

  /** What its preflight reported, if it succeeded once. */
  public Optional<PreflightReport> report() {
    return facts.report();
  }

  /** Whether it was seen completely rolled out since the spec last came to it. */
  public boolean proven() {
    return provenAt() == number;
  }

  /** Whether a person took it back for another. */
  public boolean takenBack() {
    return manual().filter(ManualRollback::active).isPresent();
  }

  /** What became of it, where the spec asks for the revision with this hash. */
  public Outcome outcome(String current) {
    if (takenBack() || rolledBack().isPresent()) {
      return Outcome.ROLLED_BACK;
    }
    if (hash.equals(current)) {
      return proven() ? Outcome.GOOD : Outcome.ROLLING_OUT;
    }
    return provenAt() > 0 ? Outcome.GOOD : Outcome.SUPERSEDED;
  }

  /** Why another one took its place, if one did. */
  public Optional<String> outcomeReason() {
    return takenBack()
        ? Optional.of(Reason.MANUAL_ROLLBACK.word())
        : rolledBack().map(RolledBack::reason);
  }

  /** The digest later pods must have: the first reported one, where the spec named none. */
  public Optional<String> pin() {
    return configured("sha256").isPresent() ? Optional.empty() : learned();
  }

  /** The digest of its model: the one the spec named, or the first reported one. */
  public Optional<String> digest() {
    return configured("sha256").or(this::learned);
  }

  private Optional<String> learned() {
    return facts.pinned().or(() -> report().flatMap(r -> Optional.ofNullable(r.sha256())));
  }

  /** The version that its spec named. */
  public Optional<String> version() {
    return configured("version");
  }

  /** Where its model is downloaded from, or its path in the image; empty: from the cluster. */
  public Optional<String> uri() {
    return configured("uri");
  }

  /** Address of the S3 store that its model is in, if its spec named one. */
  public Optional<String> s3Endpoint() {
    return configured("s3", "endpoint");
  }

  /** Address of the proxy through which its model is fetched. */
  public Optional<String> proxy() {
    return configured("proxy", "https");
  }

  /** TLS and tokens of its pods. */
  public Access access() {
    return config.values().stream()
        .map(ConfiguredAccess::parse)
        .filter(access -> !access.equals(Access.OPEN))
        .findFirst()
        .orElse(Access.OPEN);
  }

  /** Where its pods have their pages: a prefix, or everything. */
  public String root() {
    return config.values().stream()
        .flatMap(file -> ConfiguredAccess.prefix(file).stream())
        .findFirst()
        .orElse(HostClaim.ROOT);
  }

  /** Hash and, where the spec named one, version: for people. */
  public String title() {
    return version().map(version -> "%s (%s)".formatted(hash, version)).orElse(hash);
  }

  private Optional<String> configured(String... path) {
    return config.values().stream()
        .flatMap(file -> ConfiguredModel.text(file, path).stream())
        .findFirst();
  }

  /** The image of its server container. */
  public String image() {
    return template.getSpec().getContainers().getFirst().getImage();
  }

  Revision at(long newNumber) {
    return new Revision(hash, newNumber, template, config, data, created, facts);
  }

  /** As if nothing had been learned of it but its digest. */
  Revision forgotten(Optional<String> pinned) {
    return new Revision(hash, 1, template, config, data, created, Facts.only(pinned));
  }

  Revision with(Facts newFacts) {
    return new Revision(hash, number, template, config, data, created, newFacts);
  }

  /** The same, to be compared with another baseline; itself where that asks for the same. */
  Revision rebased(Optional<Baseline> wanted) {
    if (wanted.map(Baseline::signatureHash).equals(baseline().map(Baseline::signatureHash))) {
      return this;
    }
    String text = wanted.map(Baseline::text).orElse("");
    boolean asRendered = text.equals(config.getOrDefault(Baseline.FILE, ""));
    return with(facts.rebased(asRendered ? Optional.empty() : Optional.of(text)));
  }

  private static String shortHash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  Revision provenNow() {
    return with(facts.provenAt(number));
  }

  Revision marked(Optional<RolledBack> mark) {
    return with(facts.marked(mark));
  }

  Revision wished(Optional<ManualRollback> wish) {
    return with(facts.wished(wish));
  }

  Revision reported(PreflightReport newReport) {
    return with(facts.reported(newReport));
  }
}
