package dev.modelserver.server.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.config.AuthenticationConfig;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.openapi.ExampleRuns.Result;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The document of the model that is served. It is made when it is first asked for, and kept: a
 * start does not wait for it.
 */
@Singleton
final class OpenApi {

  private final List<ApiSection> sections;
  private final @Nullable AuthenticationConfig authentication;
  private final @Nullable String prefix;
  private final ObjectMapper mapper = new ObjectMapper(Json.factory());
  private @Nullable Made made;

  OpenApi(@All List<ApiSection> sections, ServerConfig config) {
    this.sections = sections;
    this.authentication = config.serving().authentication();
    this.prefix = config.serving().pathPrefix();
  }

  /** Completes on another thread. */
  synchronized CompletableFuture<Page> page(ServedModel model) {
    Made known = made;
    if (known == null || !known.model().equals(model)) {
      known =
          new Made(
              model, CompletableFuture.supplyAsync(() -> make(model), Thread::startVirtualThread));
      made = known;
    }
    return known.page();
  }

  private Page make(ServedModel model) {
    boolean keep = false;
    try {
      Draft draft = draft(model);
      keep = draft.result().complete();
      return Page.of(
          "application/json",
          mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(draft.document()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of ours", e);
    } finally {
      if (!keep) {
        forget();
      }
    }
  }

  /** The document, with the values of which the model takes more. */
  Draft draft(ServedModel model) {
    Draft small = draft(model, ExampleValues.SMALL);
    if (!small.result().refused() || !small.result().complete()) {
      return small;
    }
    Draft zero = draft(model, ExampleValues.ZERO);
    return zero.result().answered() > small.result().answered() ? zero : small;
  }

  private Draft draft(ServedModel model, ExampleValues values) {
    List<Operation> operations =
        sections.stream().flatMap(section -> section.operations(model, values).stream()).toList();
    Result result = new ExampleRuns(model, mapper).run(operations);
    ObjectNode document = ApiDocument.of(model, operations, prefix);
    if (authentication != null) {
      ApiTokens.addTo(document, authentication.mode());
    }
    return new Draft(document, result);
  }

  private synchronized void forget() {
    made = null;
  }

  /** A document and how its examples went. */
  record Draft(ObjectNode document, Result result) {}

  private record Made(ServedModel model, CompletableFuture<Page> page) {}
}
