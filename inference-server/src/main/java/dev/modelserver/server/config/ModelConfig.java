package dev.modelserver.server.config;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model to serve.
 *
 * @param version the version people gave it; null when they gave none
 * @param location where it is
 * @param file which file of the source is the model, a path with {@code /} between parts; null: the
 *     only one that can be
 * @param sha256 the digest it must have; null when any will do
 * @param maxBytes the largest it may be, all its files together
 * @param allowedHosts patterns of the hosts that it may be downloaded from; none: any host
 * @param source how its source is reached
 */
public record ModelConfig(
    String name,
    @Nullable String version,
    ModelLocation location,
    @Nullable String file,
    @Nullable Digest sha256,
    long maxBytes,
    List<String> allowedHosts,
    SourceConfig source,
    ModelDescription description) {

  /** The version to show: the given one, or the beginning of the digest. */
  public String versionOr(Digest digest) {
    return version != null ? version : digest.abbreviated();
  }
}
