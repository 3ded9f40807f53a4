package dev.modelserver.server.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** A SHA-256 digest as 64 lower-case hexadecimal digits. */
public record Digest(String hex) {

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  public Digest {
    hex = hex.toLowerCase(Locale.ROOT);
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException("a SHA-256 digest has 64 hexadecimal digits");
    }
  }

  public static Digest of(byte[] bytes) {
    return from(sha256().digest(bytes));
  }

  /** The digest whose 32 bytes a {@link MessageDigest} gave. */
  public static Digest from(byte[] hash) {
    return new Digest(HexFormat.of().formatHex(hash));
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The first eight digits, for people. */
  public String abbreviated() {
    return hex.substring(0, 8);
  }

  /** The value of the header {@code X-Model-Digest}. */
  public String header() {
    return "sha256:" + hex;
  }
}
