package dev.modelserver.server.secret;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The DNS names of a certificate, as clients read them (RFC 9525): the common name counts for
 * nothing, and a wildcard stands for exactly one label, the first.
 */
final class CertificateNames {

  private static final int DNS_NAME = 2;

  private CertificateNames() {}

  static List<String> of(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return Stream.ofNullable(names)
          .flatMap(Collection::stream)
          .filter(name -> Objects.equals(name.get(0), DNS_NAME))
          .map(name -> String.valueOf(name.get(1)))
          .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  static boolean match(List<String> own, String name) {
    String wanted = canonical(name);
    int dot = wanted.indexOf('.');
    String wildcard = dot < 0 ? null : "*" + wanted.substring(dot);
    return own.stream()
        .map(CertificateNames::canonical)
        .anyMatch(each -> each.equals(wanted) || each.equals(wildcard));
  }

  private static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
