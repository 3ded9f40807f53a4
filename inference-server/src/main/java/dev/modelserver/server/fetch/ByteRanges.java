package dev.modelserver.server.fetch;

import dev.modelserver.server.fetch.ModelStore.Part;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a file an answer brings (RFC 9110, sections 8.8, 13.1.5 and 14.4). */
final class ByteRanges {

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  private static final Pattern STRONG_ETAG =
      Pattern.compile("\"[\\x21\\x23-\\x7e\\x80-\\xff]{0,1000}\"");

  private ByteRanges() {}

  /** All of it. */
  static Part whole(HttpHeaders headers) {
    return new Part(0, headers.firstValueAsLong("Content-Length").orElse(-1), version(headers));
  }

  /**
   * What follows the part that is there; empty where the answer is something else, or does not tell
   * the size of the whole: then nobody would notice that the end is missing.
   */
  static Optional<Part> rest(Part left, HttpHeaders headers) {
    Matcher range = CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    if (!range.matches() || Long.parseLong(range.group(1)) != left.offset()) {
      return Optional.empty();
    }
    long last = Long.parseLong(range.group(2));
    long total = Long.parseLong(range.group(3));
    Optional<String> version = version(headers);
    boolean other = version.isPresent() && !version.equals(left.version());
    return other || last < left.offset() || last >= total
        ? Optional.empty()
        : Optional.of(new Part(left.offset(), total, left.version()));
  }

  /**
   * What tells this version of the file from every other: a strong ETag, or a Last-Modified that
   * was at least a second old, so that no later change of the file has the same. Empty where there
   * is neither.
   */
  static Optional<String> version(HttpHeaders headers) {
    Optional<String> etag = headers.firstValue("ETag");
    return etag.isPresent()
        ? etag.filter(value -> STRONG_ETAG.matcher(value).matches())
        : headers.firstValue("Last-Modified").filter(value -> isOld(value, headers));
  }

  private static boolean isOld(String lastModified, HttpHeaders headers) {
    try {
      ZonedDateTime modified = date(lastModified);
      ZonedDateTime answered = date(headers.firstValue("Date").orElse(""));
      return Duration.between(modified, answered).toSeconds() >= 1;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static ZonedDateTime date(String text) {
    return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
  }
}
