package dev.modelserver.server.fetch;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The authorization for one repository, got when the registry asks for it: Basic, or a Bearer token
 * of the server that its challenge names
 * (https://distribution.github.io/distribution/spec/auth/token/).
 */
final class RegistryTokens {

  private static final int MOST_BYTES = 1 << 20;

  /** What a header takes of a token (RFC 6750, section 2.1). */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  /** A scope that gives nothing but reading. */
  private static final Pattern READING =
      Pattern.compile("repository:[^\\s:]+(?::[0-9]+[^\\s:]*)?:pull");

  private final OciReference reference;
  private final StoreAccess access;
  private final Optional<RegistryLogin> login;
  private Optional<String> authorization = Optional.empty();

  RegistryTokens(OciReference reference, StoreAccess access, Optional<RegistryLogin> login) {
    this.reference = reference;
    this.access = access;
    this.login = login;
  }

  /** The value of the header {@code Authorization}; empty before the registry asked for one. */
  Optional<String> authorization() {
    return authorization;
  }

  /** Whose credentials are used; empty: nobody's. */
  Optional<String> secretName() {
    return login.map(_ -> access.credentials().secretName());
  }

  /** Gets an authorization of the kind that a 401 of the registry asks for. */
  void renew(HttpClient client, RegistryClient.Answer refused, long deadline)
      throws PreflightException, TransientFailure, InterruptedException {
    authorization = Optional.empty();
    List<RegistryChallenge> challenges =
        RegistryChallenge.read(refused.response().headers().allValues("WWW-Authenticate"));
    for (RegistryChallenge each : challenges) {
      if (each.scheme().equals("bearer") && each.parameter("realm").isPresent()) {
        authorization = Optional.of("Bearer " + token(client, each, deadline));
        return;
      }
    }
    if (challenges.stream().anyMatch(each -> each.scheme().equals("basic"))) {
      authorization = login.map(RegistryLogin::basic);
    }
  }

  private String token(HttpClient client, RegistryChallenge challenge, long deadline)
      throws PreflightException, TransientFailure, InterruptedException {
    URI uri = uri(challenge);
    RegistryClient.requireAllowed(
        uri, "the registry of %s has its tokens elsewhere: ".formatted(reference), access);
    access.checkAddress(uri, Attempts.left(deadline));
    HttpRequest.Builder request = access.request(uri).timeout(Attempts.left(deadline)).GET();
    login.ifPresent(known -> request.header("Authorization", known.basic()));
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      RegistryClient.Answer answer = new RegistryClient.Answer(uri, response);
      try (InputStream body = response.body()) {
        if (answer.status() != 200) {
          throw RegistryFailures.of(
              reference, answer, Optional.empty(), access, secretName(), body);
        }
        return read(uri, access.network().small(body, MOST_BYTES));
      }
    } catch (IOException e) {
      throw RegistryClient.broken(access, uri, e);
    }
  }

  private URI uri(RegistryChallenge challenge) throws PreflightException {
    URI realm;
    try {
      realm = URI.create(challenge.parameter("realm").orElse(""));
    } catch (IllegalArgumentException e) {
      realm = URI.create("");
    }
    if (!"https".equalsIgnoreCase(realm.getScheme())
        || realm.getHost() == null
        || realm.getRawUserInfo() != null
        || realm.getRawFragment() != null) {
      throw new PreflightException(
          Reason.DownloadRefused,
          "the registry of %s names a token server that has no https address; configure the registry with one"
              .formatted(reference));
    }
    String scope =
        challenge
            .parameter("scope")
            .filter(asked -> READING.matcher(asked).matches())
            .orElse("repository:%s:pull".formatted(reference.repository()));
    StringBuilder query = new StringBuilder("scope=").append(encoded(scope));
    challenge
        .parameter("service")
        .ifPresent(service -> query.append("&service=").append(encoded(service)));
    return URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + query);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String read(URI uri, byte[] json) throws PreflightException {
    try {
      JsonNode answer = new ObjectMapper().readTree(json);
      for (String name : List.of("token", "access_token")) {
        String token = answer.path(name).asText("");
        if (TOKEN.matcher(token).matches()) {
          return token;
        }
      }
    } catch (JacksonException e) {
      // not the cause: its message may quote the token
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
    throw new PreflightException(
        Reason.DownloadFailed,
        "the token server %s of %s answered without a token; check the registry's configuration"
            .formatted(Urls.shown(uri), reference));
  }
}
