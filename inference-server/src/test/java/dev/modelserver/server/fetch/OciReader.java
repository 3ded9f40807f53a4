package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads models out of a test's registry, as preflight does.
 *
 * @param secret keys of the credentials Secret; empty: there is none
 */
record OciReader(
    Path folder,
    Trust trust,
    Optional<String> file,
    AllowedHosts hosts,
    Map<String, String> secret,
    long maxBytes) {

  /** Every host, no Secret, one MiB. */
  static OciReader of(Path folder, Trust trust) {
    return new OciReader(folder, trust, Optional.empty(), AllowedHosts.ANY, Map.of(), 1 << 20);
  }

  OciReader file(String path) {
    return new OciReader(folder, trust, Optional.of(path), hosts, secret, maxBytes);
  }

  OciReader hosts(String... patterns) {
    return new OciReader(
        folder, trust, file, new AllowedHosts(List.of(patterns)), secret, maxBytes);
  }

  OciReader secret(Map<String, String> keys) {
    return new OciReader(folder, trust, file, hosts, keys, maxBytes);
  }

  OciReader maxBytes(long most) {
    return new OciReader(folder, trust, file, hosts, secret, most);
  }

  /** The digest of the whole, after the model and the external data were copied. */
  Digest read(OciReference reference, String... external) throws PreflightException {
    ModelStore store = new ModelStore(folder, maxBytes);
    OciArtifacts source = new OciArtifacts(reference, file, access());
    Digest identity = source.identity().orElseThrow();
    var _ = source.copyModel(store);
    for (String location : external) {
      var _ = source.copyExternal(location, store);
    }
    source.finish(store);
    return identity;
  }

  /** Why it cannot be read; no secret is in it. */
  PreflightException failure(OciReference reference, String... external) {
    PreflightException failure =
        catchThrowableOfType(PreflightException.class, () -> read(reference, external));
    assertThat(failure).isNotNull();
    assertThat(failure.sentence())
        .doesNotContain(TestRegistry.PASSWORD, TestRegistry.TOKEN, TestRegistry.basic(), "of-test");
    return failure;
  }

  private StoreAccess access() {
    Map<String, byte[]> keys = new TreeMap<>();
    secret.forEach((key, value) -> keys.put(key, value.getBytes(StandardCharsets.UTF_8)));
    return new StoreAccess(
        new Network(
            InetAddress::isLoopbackAddress,
            new Limits(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(20))),
        hosts,
        secret.isEmpty() ? StoreCredentials.NONE : new StoreCredentials("registry-login", keys),
        trust,
        Optional.empty());
  }
}
