package dev.modelserver.server.secret;

import dev.modelserver.server.secret.SecretException.Fault;
import java.nio.file.Path;
import java.util.SortedMap;

/** The Secret with the credentials of a model's store, as the kubelet mounts it. */
public final class StoreSecret {

  /** More keys than any kind of store takes. */
  static final int MAX_KEYS = 20;

  /** In bytes, of one value. */
  static final int MAX_BYTES = 64 << 10;

  /** The key of Secrets for registries, which begins like a name of the kubelet's own. */
  private static final String DOCKER_KEY = ".dockerconfigjson";

  private StoreSecret() {}

  /**
   * Reads every key.
   *
   * @param secret what messages call it
   * @throws SecretException when it is not mounted, cannot be read or is too large
   */
  public static SortedMap<String, byte[]> read(Path directory, String secret)
      throws SecretException {
    SecretDirectory mounted = new SecretDirectory(directory, secret, Fault.CREDENTIALS_INVALID);
    SortedMap<String, byte[]> keys = mounted.readAll(MAX_KEYS, MAX_BYTES);
    keys.putAll(mounted.read(MAX_BYTES, DOCKER_KEY));
    return keys;
  }
}
