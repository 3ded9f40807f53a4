package dev.modelserver.server.fetch;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the query of a signed URL says about its validity, as the object stores write it. */
final class SignedUrl {

  /** {@code X-Amz-Date} and those that copied it: {@code 20260102T030405Z}. */
  private static final DateTimeFormatter BASIC = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX");

  private SignedUrl() {}

  /**
   * When the URL stops being valid; empty when it is not signed, or in no known form. Known are
   * version 4 signatures of Amazon S3, Google Cloud Storage and Alibaba Cloud (a date and seconds),
   * their older forms and CloudFront's ({@code Expires}, in seconds since 1970), and the {@code se}
   * of Azure's shared access signatures.
   */
  static Optional<Instant> expiry(URI uri) {
    Map<String, String> query = query(uri);
    try {
      for (String store : new String[] {"x-amz-", "x-goog-", "x-oss-"}) {
        String date = query.get(store + "date");
        String seconds = query.get(store + "expires");
        if (date != null && seconds != null) {
          return Optional.of(
              OffsetDateTime.parse(date, BASIC).toInstant().plusSeconds(Long.parseLong(seconds)));
        }
      }
      String expires = query.get("expires");
      if (expires != null && (query.containsKey("signature") || query.containsKey("sig"))) {
        return Optional.of(Instant.ofEpochSecond(Long.parseLong(expires)));
      }
      return query.containsKey("sig") ? azure(query.get("se")) : Optional.empty();
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** A day, or a time with or without seconds, in UTC where it names no other zone. */
  private static Optional<Instant> azure(@Nullable String time) {
    if (time == null) {
      return Optional.empty();
    }
    if (!time.contains("T")) {
      return Optional.of(LocalDate.parse(time).atStartOfDay().toInstant(ZoneOffset.UTC));
    }
    return Optional.of(
        time.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
            ? OffsetDateTime.parse(time).toInstant()
            : LocalDateTime.parse(time).toInstant(ZoneOffset.UTC));
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new HashMap<>();
    String raw = uri.getRawQuery();
    if (raw == null) {
      return query;
    }
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(
            pair.substring(0, equals).toLowerCase(Locale.ROOT),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }
}
