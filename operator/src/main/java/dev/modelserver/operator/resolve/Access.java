package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.Enforcement;
import dev.modelserver.operator.api.v1alpha1.Server;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the data ports ask of a client.
 *
 * @param tls TLS; empty: none
 * @param tokens tokens; empty: none
 */
public record Access(Optional<Tls> tls, Optional<Tokens> tokens) {
  /** Everybody is answered, without TLS. */
  public static final Access OPEN = new Access(Optional.empty(), Optional.empty());

  /**
   * TLS.
   *
   * @param secretName the Secret with certificate and key
   * @param names the certificate must be for one of these
   */
  public record Tls(Enforcement mode, String secretName, List<String> names) {}

  /**
   * Tokens.
   *
   * @param secretName the Secret with the tokens of every client
   */
  public record Tokens(Enforcement mode, String secretName) {}

  /**
   * What pods with this lack to stand in for pods with another, in words; empty: nothing. The
   * tokens must be those of the same Secret: another one may be there to lock the old tokens out.
   */
  public List<String> missing(Access wanted) {
    return Stream.concat(
            wanted.tls().flatMap(this::missing).stream(),
            wanted.tokens().flatMap(this::missing).stream())
        .toList();
  }

  private Optional<String> missing(Tls wanted) {
    if (tls.isEmpty()) {
      return Optional.of(
          "it has no TLS, and spec.server.tls.mode is %s".formatted(wanted.mode().word()));
    }
    return weaker(tls.get().mode(), wanted.mode())
        ? Optional.of("it accepts connections without TLS, and spec.server.tls.mode is Strict")
        : Optional.empty();
  }

  private Optional<String> missing(Tokens wanted) {
    if (tokens.isEmpty()) {
      return Optional.of(
          "it does not check tokens, and spec.server.authentication.mode is %s"
              .formatted(wanted.mode().word()));
    }
    if (weaker(tokens.get().mode(), wanted.mode())) {
      return Optional.of(
          "it accepts requests without a token, and spec.server.authentication.mode is Strict");
    }
    return tokens.get().secretName().equals(wanted.secretName())
        ? Optional.empty()
        : Optional.of(
            "it accepts the tokens of Secret %s, and spec.server.authentication names Secret %s"
                .formatted(tokens.get().secretName(), wanted.secretName()));
  }

  private static boolean weaker(Enforcement mode, Enforcement wanted) {
    return mode.compareTo(wanted) < 0;
  }

  /** As a spec asks for it. */
  public static Access of(Owner owner, Server server) {
    return new Access(
        Optional.ofNullable(server.tls())
            .map(tls -> new Tls(tls.mode(), tls.secretName(), Names.hosts(owner))),
        Optional.ofNullable(server.authentication())
            .map(wanted -> new Tokens(wanted.mode(), wanted.tokens().secretName())));
  }
}
