package dev.modelserver.server.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What preflight learned by running a model in a process of its own; serve reads it beside the
 * model, and runs nothing at its start that ended that process.
 *
 * @param answered whether any run gave an answer
 * @param survived digests of the runs that the process outlived
 * @param crashed digests of the runs that ended it
 * @param emptyAxes what ran with empty inputs
 */
public record TrialResults(
    boolean answered, Set<Digest> survived, Set<Digest> crashed, EmptyAxes emptyAxes) {

  /** Name of the file in the {@link ModelDirectory}. */
  public static final String FILE = "trials.json";

  private static final int VERSION = 1;
  private static final long MAX_BYTES = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  public TrialResults {
    survived = Set.copyOf(survived);
    crashed = Set.copyOf(crashed);
  }

  /** Writes the file into the directory, whole or not at all. */
  public void write(ModelDirectory directory, Digest model) throws IOException {
    Path file = directory.path().resolve(FILE);
    Path part = directory.path().resolve(FILE + ".part");
    try (JsonGenerator json = JSON.createGenerator(Files.newOutputStream(part))) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("model", model.hex());
      json.writeBooleanField("answered", answered);
      write(json, "survived", survived);
      write(json, "crashed", crashed);
      json.writeFieldName("emptyAxes");
      emptyAxes.write(json);
      json.writeEndObject();
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Reads the file. Empty when there is none, as beside a model that an older preflight sealed, or
   * when it is of another model or version, too large, or broken: nothing is known then.
   */
  public static Optional<TrialResults> read(ModelDirectory directory, Digest model) {
    Path file = directory.path().resolve(FILE);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        return Optional.empty();
      }
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root.path("version").asInt() != VERSION
          || !root.path("model").asText().equals(model.hex())) {
        return Optional.empty();
      }
      return Optional.of(
          new TrialResults(
              root.path("answered").asBoolean(),
              digests(root.path("survived")),
              digests(root.path("crashed")),
              EmptyAxes.read(root.path("emptyAxes"))));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void write(JsonGenerator json, String field, Collection<Digest> digests)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Digest digest : digests) {
      json.writeString(digest.hex());
    }
    json.writeEndArray();
  }

  private static Set<Digest> digests(JsonNode list) {
    Set<Digest> digests = new LinkedHashSet<>();
    list.forEach(digest -> digests.add(new Digest(digest.asText())));
    return digests;
  }
}
