package dev.modelserver.operator.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import jakarta.inject.Singleton;

/**
 * The client's JSON reads whatever the API server admits: an object that it refuses to read ends
 * the watch that brings it, for the objects of everybody.
 */
@Singleton
public class TolerantJson implements KubernetesClientObjectMapperCustomizer {
  /** The API server reads at most 3 MiB from a client, and 10,000 levels. */
  private static final int LONGEST = 4 << 20;

  private static final int MOST_LEVELS = 20_000;

  @Override
  public void customize(ObjectMapper mapper) {
    tolerate(mapper);
  }

  /** Raises the limits of a mapper. */
  public static void tolerate(ObjectMapper mapper) {
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MOST_LEVELS)
                .maxNameLength(LONGEST)
                .maxNumberLength(LONGEST)
                .build())
        .setStreamWriteConstraints(
            StreamWriteConstraints.builder().maxNestingDepth(MOST_LEVELS).build());
    mapper.addMixIn(ControllerRevision.class, RecordData.class);
    // The ordinary one takes a minute for a number of a million digits.
    mapper.configure(JsonParser.Feature.USE_FAST_BIG_NUMBER_PARSER, true);
  }
}
