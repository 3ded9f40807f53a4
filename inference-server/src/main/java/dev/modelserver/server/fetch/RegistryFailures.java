package dev.modelserver.server.fetch;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a registry did not give the model: object, cause, remedy. */
final class RegistryFailures {

  private static final int MOST_BYTES = 64 << 10;
  private static final Pattern CODE = Pattern.compile("[A-Z_]{1,40}");

  private RegistryFailures() {}

  /**
   * What an answer means that is neither 200 nor 206: thrown where it may pass, else returned.
   *
   * @param store what to show of the store behind a redirect that gave it; empty: the registry or
   *     its token server did
   * @param secretName whose credentials it had; empty: none
   */
  static PreflightException of(
      OciReference reference,
      RegistryClient.Answer answer,
      Optional<URI> store,
      StoreAccess access,
      Optional<String> secretName,
      InputStream body)
      throws TransientFailure {
    try {
      return meaning(reference, answer, store, access, secretName, body);
    } catch (TransientFailure e) {
      throw e.retryAfter(RetryAfter.of(answer.response().headers()));
    }
  }

  private static PreflightException meaning(
      OciReference reference,
      RegistryClient.Answer answer,
      Optional<URI> store,
      StoreAccess access,
      Optional<String> secretName,
      InputStream body)
      throws TransientFailure {
    int status = answer.status();
    if (status == 407) {
      return ProxyFailures.unauthorized(access);
    }
    if (store.isPresent() || status == 408 || status == 425 || status >= 500) {
      return DownloadFailures.status(store.orElse(answer.uri()), status);
    }
    Optional<String> code = code(body, access.network());
    String shown = code.map(name -> status + " " + name).orElse(Integer.toString(status));
    return switch (status) {
      case 401, 403 -> forbidden(reference, answer.uri(), shown, secretName);
      case 404, 410 -> missing(reference, answer, code.orElse(""), shown);
      case 429 ->
          throw new TransientFailure(
              Reason.DownloadFailed,
              "the registry of %s limits requests (%s); wait, or use credentials with a higher limit"
                  .formatted(reference, shown));
      default ->
          new PreflightException(
              Reason.DownloadFailed,
              "the registry answered %s for %s; check that %s is an OCI registry, and correct spec.model.uri"
                  .formatted(shown, reference, reference.registry()));
    };
  }

  private static PreflightException forbidden(
      OciReference reference, URI uri, String shown, Optional<String> secretName) {
    String sentence =
        secretName.isPresent()
            ? "%s does not let the credentials of Secret %s read %s (%s); correct them, allow their user to pull, or correct spec.model.uri"
                .formatted(uri.getHost(), secretName.get(), reference, shown)
            : "%s does not let %s be read without credentials (%s); put %s into a Secret and name it in spec.model.credentials, or correct spec.model.uri"
                .formatted(uri.getHost(), reference, shown, RegistryLogin.KEYS);
    return new PreflightException(Reason.DownloadForbidden, sentence);
  }

  private static PreflightException missing(
      OciReference reference, RegistryClient.Answer answer, String code, String shown) {
    String sentence =
        switch (code) {
          case "NAME_UNKNOWN" ->
              "the registry %s has no repository %s (%s); correct spec.model.uri, or push the model"
                  .formatted(reference.registry(), reference.repository(), shown);
          case "BLOB_UNKNOWN" ->
              "the registry has the manifest of %s, but not its blob %s (%s); push the model again"
                  .formatted(reference, lastPart(answer.uri()), shown);
          case "MANIFEST_UNKNOWN", "NOT_FOUND" ->
              "the registry has no %s (%s); correct the tag or digest in spec.model.uri, or push the model"
                  .formatted(reference, shown);
          default ->
              "%s answered %s for %s; check that it is an OCI registry, and correct spec.model.uri"
                  .formatted(reference.registry(), shown, reference);
        };
    return new PreflightException(Reason.ModelNotFound, sentence);
  }

  private static String lastPart(URI uri) {
    return uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
  }

  /** The first error's code; a page of HTML has none. */
  private static Optional<String> code(InputStream body, Network network) {
    try {
      JsonNode code =
          new ObjectMapper()
              .readTree(network.small(body, MOST_BYTES))
              .path("errors")
              .path(0)
              .path("code");
      return Optional.of(code.asText("")).filter(text -> CODE.matcher(text).matches());
    } catch (JacksonException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
