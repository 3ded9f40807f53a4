package dev.modelserver.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.crud.Attribute;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * fabric8's in-memory store with what it lacks: server-side apply and merge patches, discovery,
 * defaults and checks of custom resources, and field selectors of events.
 *
 * <p>An apply creates the object or merges the body into it. There are no managed fields: nothing
 * conflicts, and a field that an apply no longer names stays.
 */
final class ApiDispatcher extends KubernetesCrudDispatcher {
  private final Discovery discovery = new Discovery();
  private final Map<String, Schema> schemaByPlural = new ConcurrentHashMap<>();

  /** Serves the resource of this definition, with its defaults and checks. */
  void define(CustomResourceDefinition definition) {
    discovery.add(definition);
    var version = definition.getSpec().getVersions().getFirst();
    var schema =
        Serialization.unmarshal(
            Serialization.asJson(version.getSchema().getOpenAPIV3Schema()), ObjectNode.class);
    schemaByPlural.put(definition.getSpec().getNames().getPlural(), new Schema(schema));
  }

  /** One request at a time, so that a merge reads and writes the same object. */
  @Override
  public synchronized MockResponse dispatch(RecordedRequest request) {
    try {
      return super.dispatch(request);
    } catch (RuntimeException failure) {
      // Without an answer the client would wait for its timeout.
      return new Refusal(500, "InternalError", String.valueOf(failure.getMessage())).response();
    }
  }

  @Override
  public MockResponse handleGet(String path) {
    var plain = RequestPath.withoutQuery(path);
    if (Discovery.matches(plain)) {
      var answer = discovery.answer(plain);
      return answer == null
          ? Refusal.notFound(plain).response()
          : new MockResponse().setResponseCode(200).setBody(answer.toString());
    }
    return super.handleGet(path);
  }

  @Override
  public MockResponse handleCreate(RecordedRequest request) {
    var path = RequestPath.parse(request.getPath());
    if (path == null) {
      return Refusal.notFound(request.getPath()).response();
    }
    var object = object(request.getBody().readUtf8());
    if (object == null) {
      return new Refusal(400, "BadRequest", "the body is not an object").response();
    }
    return create(path, object);
  }

  @Override
  public MockResponse handleUpdate(RecordedRequest request) {
    var path = RequestPath.parse(request.getPath());
    var object = object(request.getBody().readUtf8());
    if (path == null || path.name() == null || object == null) {
      return new Refusal(400, "BadRequest", "an update needs the path and body of one object")
          .response();
    }
    return update(path, object);
  }

  @Override
  public MockResponse handlePatch(RecordedRequest request) {
    var type = String.valueOf(request.getHeader("Content-Type"));
    var apply = type.startsWith("application/apply-patch+yaml");
    if (!apply && !type.startsWith("application/merge-patch+json")) {
      return super.handlePatch(request);
    }
    var path = RequestPath.parse(request.getPath());
    var patch = object(request.getBody().readUtf8());
    if (path == null || path.name() == null || patch == null) {
      return new Refusal(400, "BadRequest", "a patch needs the path and body of one object")
          .response();
    }
    var current = stored(path);
    if (current == null) {
      return apply && path.subresource() == null
          ? create(path, patch)
          : Refusal.notFound(path.plural() + " \"" + path.name() + "\"").response();
    }
    return update(path, (ObjectNode) MergePatch.apply(current, patch));
  }

  /** Events are also found by the fields that people and the operator select them by. */
  @Override
  public void processEvent(
      String path,
      AttributeSet pathAttributes,
      @Nullable AttributeSet oldAttributes,
      @Nullable GenericKubernetesResource resource,
      @Nullable String newState) {
    var attributes = pathAttributes;
    var event = newState == null ? null : object(newState);
    if (event != null && event.path("kind").asText().equals("Event")) {
      attributes =
          attributes.add(
              new Attribute("type", event.path("type").asText()),
              new Attribute("reason", event.path("reason").asText()),
              new Attribute("involvedObject.kind", event.at("/involvedObject/kind").asText()),
              new Attribute("involvedObject.name", event.at("/involvedObject/name").asText()),
              new Attribute("involvedObject.uid", event.at("/involvedObject/uid").asText()));
    }
    super.processEvent(path, attributes, oldAttributes, resource, newState);
  }

  private MockResponse create(RequestPath path, ObjectNode object) {
    var schema = schemaByPlural.get(path.plural());
    var whole = schema == null ? object : schema.withDefaults(object);
    var refusal = refusal(schema, whole);
    return refusal != null
        ? refusal.response()
        : super.handleCreate(request(HttpMethod.POST, path.collection(), whole));
  }

  private MockResponse update(RequestPath path, ObjectNode object) {
    var schema = schemaByPlural.get(path.plural());
    var whole = schema == null || path.isStatus() ? object : schema.withDefaults(object);
    var refusal = path.isStatus() ? null : refusal(schema, whole);
    return refusal != null
        ? refusal.response()
        : super.handleUpdate(request(HttpMethod.PUT, address(path), whole));
  }

  private static @Nullable Refusal refusal(@Nullable Schema schema, ObjectNode object) {
    if (schema == null) {
      return null;
    }
    var problems = schema.problems(object);
    if (problems.isEmpty()) {
      return null;
    }
    var name = object.at("/metadata/name").asText();
    return Refusal.invalid(
        object.path("kind").asText()
            + " \""
            + name
            + "\" is invalid: "
            + String.join("; ", problems));
  }

  private @Nullable ObjectNode stored(RequestPath path) {
    var response = super.handleGet(path.collection() + "/" + path.name());
    return response.code() == 200 ? object(response.getBody().readUtf8()) : null;
  }

  private static String address(RequestPath path) {
    var address = path.collection() + "/" + path.name();
    return path.subresource() == null ? address : address + "/" + path.subresource();
  }

  private static RecordedRequest request(HttpMethod method, String path, ObjectNode body) {
    return new RecordedRequest(
        "HTTP/1.1",
        method,
        path,
        Headers.builder().add("Content-Type", "application/json").build(),
        new Buffer().writeUtf8(body.toString()));
  }

  private static @Nullable ObjectNode object(String text) {
    return text.isBlank() ? null : Serialization.unmarshal(text, ObjectNode.class);
  }
}
