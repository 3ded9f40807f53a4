package dev.modelserver.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The API server's audit log: who wrote what. */
public record AuditLog(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OWN_RIGHTS = "authorization.k8s.io";

  /** The verbs that write. */
  public static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  /** A request that writes. */
  public record Write(Instant at, String verb, String resource, String namespace, String name) {}

  /** All writes of a user received at or after an instant. */
  public List<Write> writes(String user, Instant since) {
    try (Stream<String> lines = Files.lines(path)) {
      return lines
          .filter(line -> line.contains(user) && line.endsWith("}"))
          .map(AuditLog::parse)
          .filter(entry -> entry.at("/user/username").asText().equals(user))
          .filter(entry -> WRITES.contains(entry.path("verb").asText()))
          .map(AuditLog::write)
          .filter(write -> !write.at().isBefore(since))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The rights that the requests of a user needed at or after an instant, each as {@code VERB
   * GROUP/RESOURCE}: also of those that were refused. Questions about oneself, which everybody may
   * ask, are not among them; an apply that made an object needed the right to create it, too.
   */
  public Set<String> rights(String user, Instant since) {
    Set<String> rights = new TreeSet<>();
    try (Stream<String> lines = Files.lines(path)) {
      lines
          .filter(line -> line.contains(user) && line.endsWith("}"))
          .map(AuditLog::parse)
          .filter(entry -> entry.at("/user/username").asText().equals(user))
          .filter(entry -> !entry.at("/objectRef/apiGroup").asText().equals(OWN_RIGHTS))
          .filter(entry -> !write(entry).at().isBefore(since))
          .forEach(
              entry -> {
                String resource =
                    " " + entry.at("/objectRef/apiGroup").asText() + "/" + write(entry).resource();
                rights.add(entry.path("verb").asText() + resource);
                if (entry.at("/responseStatus/code").asInt() == 201) {
                  rights.add("create" + resource);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rights;
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Write write(JsonNode entry) {
    JsonNode object = entry.path("objectRef");
    String subresource = object.path("subresource").asText("");
    return new Write(
        Instant.parse(entry.path("requestReceivedTimestamp").asText()),
        entry.path("verb").asText(),
        object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
        object.path("namespace").asText(""),
        object.path("name").asText(""));
  }
}
