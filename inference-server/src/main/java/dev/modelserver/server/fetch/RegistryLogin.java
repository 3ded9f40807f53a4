package dev.modelserver.server.fetch;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * User and password for one registry: from a Secret of type {@code kubernetes.io/dockerconfigjson},
 * or from the keys {@code username} and {@code password}. No message shows them.
 */
record RegistryLogin(String user, String password) {

  /** The key of a Secret of type {@code kubernetes.io/dockerconfigjson}. */
  static final String CONFIG_KEY = ".dockerconfigjson";

  private static final String USER_KEY = "username";
  private static final String PASSWORD_KEY = "password";

  /** What a Secret for registries has. */
  static final String KEYS = "the key .dockerconfigjson, or the keys username and password";

  /**
   * Those for a registry; empty when the model names no Secret.
   *
   * @throws PreflightException when the Secret has none for it, or one that cannot be used
   */
  static Optional<RegistryLogin> of(OciReference reference, StoreAccess access)
      throws PreflightException {
    StoreCredentials credentials = access.credentials();
    String secret = credentials.secretName();
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> config = credentials.text(CONFIG_KEY);
    Optional<String> user = credentials.text(USER_KEY);
    Optional<String> password = credentials.text(PASSWORD_KEY);
    if (config.isPresent()) {
      return Optional.of(checked(ofConfig(config.get(), reference, secret), secret));
    }
    if (user.isPresent() != password.isPresent()) {
      throw invalid(
          "Secret %s has only one of the keys username and password; add the other", secret);
    }
    if (user.isPresent() && password.isPresent()) {
      return Optional.of(checked(new RegistryLogin(user.get(), password.get()), secret));
    }
    if (access.proxy().flatMap(HttpProxy::user).isPresent()) {
      // a Secret for the proxy alone
      return Optional.empty();
    }
    throw invalid(
        "Secret %s has no credentials for a registry; add "
            + KEYS
            + ", or remove spec.model.credentials",
        secret);
  }

  /** The value of a header {@code Authorization}. */
  String basic() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private static RegistryLogin ofConfig(String json, OciReference reference, String secret)
      throws PreflightException {
    JsonNode auths;
    try {
      auths = new ObjectMapper().readTree(json).path("auths");
    } catch (JacksonException e) {
      // not the cause: its message quotes the text
      throw invalid(
          "the key .dockerconfigjson of Secret %s is not JSON; create the Secret with kubectl create secret docker-registry",
          secret);
    }
    String best = null;
    int length = -1;
    for (var names = auths.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      int matched = matches(name, reference);
      if (matched > length) {
        best = name;
        length = matched;
      }
    }
    if (best == null) {
      throw invalid(
          "the key .dockerconfigjson of Secret %s has no entry in auths for the registry "
              + reference.registry()
              + "; add one",
          secret);
    }
    return ofEntry(auths.path(best), reference, secret);
  }

  private static RegistryLogin ofEntry(JsonNode entry, OciReference reference, String secret)
      throws PreflightException {
    String user = entry.path("username").asText("");
    String password = entry.path("password").asText("");
    if (!user.isEmpty() && !password.isEmpty()) {
      return new RegistryLogin(user, password);
    }
    String decoded;
    try {
      decoded =
          new String(
              Base64.getDecoder().decode(entry.path("auth").asText("").strip()),
              StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      decoded = "";
    }
    int colon = decoded.indexOf(':');
    if (colon <= 0) {
      throw invalid(
          "the entry for the registry "
              + reference.registry()
              + " in the key .dockerconfigjson of Secret %s has no user and password, in base64 as auth, or as username and password; add them (identity tokens and credential helpers are not supported)",
          secret);
    }
    return new RegistryLogin(decoded.substring(0, colon), decoded.substring(colon + 1));
  }

  /**
   * How well the name of an entry fits: -1 not at all, 0 by its host, more by the beginning of the
   * repository too. Docker writes {@code https://index.docker.io/v1/} for its hub.
   */
  private static int matches(String name, OciReference reference) {
    String bare = name.replaceFirst("^[a-zA-Z]+://", "");
    int slash = bare.indexOf('/');
    String host = (slash < 0 ? bare : bare.substring(0, slash)).toLowerCase(Locale.ROOT);
    String path = slash < 0 ? "" : bare.substring(slash + 1).replaceFirst("/+$", "");
    boolean hub = host.equals("docker.io") || host.endsWith(".docker.io");
    if (!(host.equals(reference.registry())
        || host.equals(reference.registry() + ":443")
        || (hub && reference.isHub()))) {
      return -1;
    }
    if (path.isEmpty() || path.equals("v1") || path.equals("v2")) {
      return 0;
    }
    return (reference.repository() + "/").startsWith(path + "/") ? path.length() : -1;
  }

  private static RegistryLogin checked(RegistryLogin login, String secret)
      throws PreflightException {
    if (login.user.isEmpty()
        || login.user.contains(":")
        || (login.user + login.password).chars().anyMatch(Character::isISOControl)) {
      throw invalid(
          "the user or password for the registry in Secret %s is empty, or has a character that HTTP does not transport, for example a line break; correct it",
          secret);
    }
    return login;
  }

  private static PreflightException invalid(String sentence, String secret) {
    return new PreflightException(Reason.CredentialsInvalid, sentence.formatted(secret));
  }

  /** Never with a value. */
  @Override
  public String toString() {
    return "RegistryLogin";
  }
}
