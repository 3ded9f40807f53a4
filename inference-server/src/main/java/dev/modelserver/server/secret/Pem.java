package dev.modelserver.server.secret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block of a PEM file.
 *
 * @param type what stands after BEGIN
 * @param der what the block holds, decoded
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Pem(String type, byte[] der) {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----([^-]*+)-----END \\1-----");

  /** The blocks of a file in their order; one that is not Base64 is left out. */
  static List<Pem> blocks(byte[] file) {
    List<Pem> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
    while (matcher.find()) {
      try {
        byte[] der = Base64.getDecoder().decode(matcher.group(2).replaceAll("\\s", ""));
        blocks.add(new Pem(matcher.group(1), der));
      } catch (IllegalArgumentException e) {
        // as if it were not there: what is missed is named by who reads the blocks
      }
    }
    return blocks;
  }
}
