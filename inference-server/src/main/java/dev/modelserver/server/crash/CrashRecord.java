package dev.modelserver.server.crash;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a pod remembers of the crashes of its server.
 *
 * @param crashes how many there were
 * @param signal of the last one; "" before the first
 * @param refused runs that were the only one when the process crashed
 * @param suspects runs that were some of several
 */
record CrashRecord(int crashes, String signal, Set<Digest> refused, Set<Digest> suspects) {

  static final String FILE = "crashes.json";
  static final CrashRecord NONE = new CrashRecord(0, "", Set.of(), Set.of());

  /** Entries of each kind; with the kubelet's back-off a pod needs days to reach it. */
  private static final int MAX_RUNS = 10_000;

  private static final int VERSION = 1;
  private static final long MAX_BYTES = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  CrashRecord {
    refused = Set.copyOf(refused);
    suspects = Set.copyOf(suspects);
  }

  /**
   * After one more crash.
   *
   * @param running what was running then
   */
  CrashRecord crashed(String by, List<Digest> running) {
    Set<Digest> guilty = new LinkedHashSet<>(refused);
    Set<Digest> suspected = new LinkedHashSet<>(suspects);
    if (Set.copyOf(running).size() == 1) {
      guilty.addAll(running);
    } else {
      suspected.addAll(running);
    }
    suspected.removeAll(guilty);
    return new CrashRecord(crashes + 1, by, bounded(guilty), bounded(suspected));
  }

  /** After a suspect ran alone and the process is still there. */
  CrashRecord acquitted(Digest run) {
    Set<Digest> others = new LinkedHashSet<>(suspects);
    others.remove(run);
    return new CrashRecord(crashes, signal, refused, others);
  }

  /** Reads the file; what cannot be read, or is of another model, is nothing. */
  static CrashRecord read(Path directory, Digest model) {
    Path file = directory.resolve(FILE);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        return NONE;
      }
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      return root.path("version").asInt() == VERSION
              && root.path("model").asText().equals(model.hex())
          ? new CrashRecord(
              root.path("crashes").asInt(),
              root.path("signal").asText(),
              digests(root.path("refused")),
              digests(root.path("suspects")))
          : NONE;
    } catch (IOException | IllegalArgumentException e) {
      return NONE;
    }
  }

  void write(Path directory, Digest model) throws IOException {
    Path part = directory.resolve(FILE + ".part");
    try (JsonGenerator json = JSON.createGenerator(Files.newOutputStream(part))) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("model", model.hex());
      json.writeNumberField("crashes", crashes);
      json.writeStringField("signal", signal);
      write(json, "refused", refused);
      write(json, "suspects", suspects);
      json.writeEndObject();
    }
    Files.move(part, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Set<Digest> bounded(Set<Digest> runs) {
    return runs.stream().limit(MAX_RUNS).collect(Collectors.toSet());
  }

  private static void write(JsonGenerator json, String field, Collection<Digest> runs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Digest run : runs) {
      json.writeString(run.hex());
    }
    json.writeEndArray();
  }

  private static Set<Digest> digests(JsonNode list) {
    Set<Digest> digests = new LinkedHashSet<>();
    list.forEach(digest -> digests.add(new Digest(digest.asText())));
    return digests;
  }
}
