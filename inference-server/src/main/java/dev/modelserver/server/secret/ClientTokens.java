package dev.modelserver.server.secret;

import dev.modelserver.server.secret.SecretException.Fault;
import dev.modelserver.server.text.ForeignText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a Secret: each key is the name of a client, and its value has one token a line.
 *
 * <p>They are kept and looked up as SHA-256 digests with a random salt of this process. How long a
 * look-up takes depends on the digest of what was sent, which nobody outside can know or choose,
 * and not on how near it comes to a token. So a map does, and the time does not grow with the
 * number of tokens, as that of a comparison with each of them would.
 */
public final class ClientTokens {

  static final int MAX_CLIENTS = 256;
  static final int MAX_TOKENS = 16;
  static final int MIN_LENGTH = 16;
  static final int MAX_LENGTH = 512;

  private static final int MAX_BYTES = 16 << 10;
  private static final int SALT_BYTES = 32;

  /** Safe as a header, as a label, and before the colon of Basic authentication. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?");

  /** What callers without a valid token are called. */
  private static final Set<String> RESERVED = Set.of("anonymous", "unknown");

  private final byte[] salt = new byte[SALT_BYTES];
  private final Map<ByteBuffer, String> clients = new HashMap<>();

  private ClientTokens() {
    new SecureRandom().nextBytes(salt);
  }

  /** Reads every token of every client. */
  public static ClientTokens read(Path directory, String secret) throws SecretException {
    SortedMap<String, byte[]> files =
        new SecretDirectory(directory, secret, Fault.TOKENS_INVALID)
            .readAll(MAX_CLIENTS, MAX_BYTES);
    if (files.isEmpty()) {
      throw invalid(
          "Secret %s has no client; add a key with the client's name, and a token as its value"
              .formatted(secret));
    }
    ClientTokens tokens = new ClientTokens();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      tokens.add(secret, file.getKey(), file.getValue());
    }
    return tokens;
  }

  private void add(String secret, String client, byte[] value) throws SecretException {
    if (!NAME.matcher(client).matches() || RESERVED.contains(client)) {
      throw invalid(
          "key \"%s\" of Secret %s is no name for a client; it takes 1 to 63 letters, digits, \"-\", \"_\" and \".\", the first and last a letter or digit, and neither \"anonymous\" nor \"unknown\""
              .formatted(ForeignText.shown(client, 100), secret));
    }
    if (value.length == 0 || (value.length == 1 && value[0] == '\n')) {
      throw invalid(
          "client %s of Secret %s has no token; give it one, or remove the key"
              .formatted(client, secret));
    }
    int line = 0;
    for (int start = 0; start < value.length; ) {
      int end = start;
      while (end < value.length && value[end] != '\n') {
        end++;
      }
      if (++line > MAX_TOKENS) {
        throw invalid(
            "client %s of Secret %s has more than %d tokens; remove old ones"
                .formatted(client, secret, MAX_TOKENS));
      }
      byte[] token = Arrays.copyOfRange(value, start, end);
      String fault = fault(token);
      if (fault != null) {
        throw invalid(
            "line %d of client %s of Secret %s %s".formatted(line, client, secret, fault));
      }
      String other = clients.putIfAbsent(digest(token), client);
      if (other != null && !other.equals(client)) {
        throw invalid(
            "clients %s and %s of Secret %s have the same token; give each its own"
                .formatted(other, client, secret));
      }
      start = end + 1;
    }
  }

  /** What is wrong with a token, and never the token. */
  private static @Nullable String fault(byte[] token) {
    if (token.length == 0) {
      return "is empty; write one token a line, without empty lines";
    }
    for (byte each : token) {
      if (each == ' ' || each == '\t' || each == '\r') {
        return "has blanks or a carriage return; write one token a line, ended by a line feed";
      }
      if (each < '!' || each > '~') {
        return "has a character that is not visible ASCII; use letters, digits and punctuation";
      }
    }
    if (token.length < MIN_LENGTH || token.length > MAX_LENGTH) {
      return "has %d characters; a token takes %d to %d, for example of \"openssl rand -hex 32\""
          .formatted(token.length, MIN_LENGTH, MAX_LENGTH);
    }
    return null;
  }

  /** Whose token this is; null when it is nobody's. */
  public @Nullable String client(String token) {
    // a longer one is nobody's, whatever its digest
    return token.length() > MAX_LENGTH
        ? null
        : clients.get(digest(token.getBytes(StandardCharsets.UTF_8)));
  }

  /** The names of all clients, in order. */
  public Set<String> clients() {
    return new TreeSet<>(clients.values());
  }

  private ByteBuffer digest(byte[] token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      return ByteBuffer.wrap(digest.digest(token));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static SecretException invalid(String message) {
    return new SecretException(Fault.TOKENS_INVALID, message);
  }
}
