package dev.modelserver.operator.faults;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One control plane, one operator and one recording proxy between them, shared by the tests that
 * look at a running operator rather than at a dying one; it lives as long as their process. The
 * operator watches a namespace for each of them.
 */
final class LivingOperator {
  static final Duration SOON = Duration.ofSeconds(60);
  private static @Nullable LivingOperator shared;

  private final ControlPlane plane = ControlPlane.start();
  private final SimulatedNode node = SimulatedNode.start(plane.client());
  private final FaultProxy proxy = FaultProxy.start(plane);
  private final OperatorProcess operator;

  /** The namespaces that the operator watches. */
  enum Space {
    DRIFT,
    QUIET,
    DELETION,
    BY_HAND,
    HOSTILE,
    MEMORY,
    FORGED,
    REFUSED,
    SLOW,
    GUARDED,
    STOLEN,
    SECURED,
    LEAVING,
    OPTIONS,
    EXPOSED,
    ISOLATED,
    MUTATED;

    String namespace() {
      return "stage-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private LivingOperator() {
    for (Space space : Space.values()) {
      client()
          .resource(
              new NamespaceBuilder()
                  .withNewMetadata()
                  .withName(space.namespace())
                  .endMetadata()
                  .build())
          .create();
    }
    String watched =
        Arrays.stream(Space.values()).map(Space::namespace).collect(Collectors.joining(","));
    operator =
        OperatorProcess.start(
            proxy.url(), watched, Map.of(), OperatorProcess.Archive.make(proxy.url()));
    operator.awaitStarted();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  static synchronized LivingOperator get() {
    LivingOperator stage = shared;
    if (stage == null) {
      stage = new LivingOperator();
      shared = stage;
    }
    return stage;
  }

  private void close() {
    operator.close();
    proxy.close();
    node.close();
    plane.close();
  }

  /** Sends a request as it is to the API server; the answer is not looked into. */
  HttpResponse<String> send(String method, String path, String body) {
    return send(method, path, "application/json", body);
  }

  /** Applies a manifest as it is written, as kubectl would; nothing in it may be unknown. */
  void apply(Manifest manifest) {
    HttpResponse<String> answer =
        send(
            "PATCH",
            manifest.path() + "?fieldManager=samples&fieldValidation=Strict&force=true",
            "application/apply-patch+yaml",
            manifest.yaml());
    if (answer.statusCode() >= 300) {
      throw new AssertionError(manifest.path() + " is refused: " + answer.body());
    }
  }

  /** Deletes the object of a manifest. */
  void delete(Manifest manifest) {
    send("DELETE", manifest.path(), "");
  }

  HttpResponse<String> send(String method, String path, String type, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(plane.url() + path))
            .header("Authorization", plane.authorization())
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return plane.http().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  KubernetesClient client() {
    return plane.client();
  }

  /** A client that is this user, in these groups. */
  KubernetesClient as(String user, String... groups) {
    return plane.as(user, groups);
  }

  OperatorProcess operator() {
    return operator;
  }

  /** The operator's writes from a position on, its Lease left out. */
  List<Write> writesFrom(int position) {
    List<Write> all = proxy.writes();
    return all.subList(position, all.size()).stream()
        .filter(write -> !write.resource().equals("leases"))
        .toList();
  }

  int position() {
    return proxy.writes().size();
  }

  /** Waits until the operator has written nothing for a while. */
  int awaitRest() {
    int[] last = {-1};
    long[] since = {System.nanoTime()};
    Await.until(
        "the operator comes to rest",
        SOON,
        () -> {
          int now = position();
          if (now != last[0]) {
            last[0] = now;
            since[0] = System.nanoTime();
          }
          return System.nanoTime() - since[0] > Duration.ofSeconds(3).toNanos();
        });
    return position();
  }

  Resource<ModelServer> modelServer(Space space, String name) {
    return client().resources(ModelServer.class).inNamespace(space.namespace()).withName(name);
  }

  /** Creates a ModelServer of this spec. */
  void create(Space space, String name, String spec) {
    ModelServer server = Yaml.modelServer(spec);
    server.getMetadata().setName(name);
    server.getMetadata().setNamespace(space.namespace());
    server.getMetadata().setUid(null);
    server.getMetadata().setGeneration(null);
    client().resource(server).create();
  }

  /** Changes a ModelServer as a person would: anew where somebody else was faster. */
  void edit(Space space, String name, Consumer<ModelServer> change) {
    Await.until(
        "an edit of " + name,
        SOON,
        () -> {
          ModelServer server = modelServer(space, name).get();
          change.accept(server);
          try {
            client().resource(server).update();
            return true;
          } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
              return false;
            }
            throw e;
          }
        });
  }

  /** Replaces the spec. */
  void spec(Space space, String name, String spec) {
    edit(space, name, server -> server.setSpec(Yaml.modelServer(spec).getSpec()));
  }

  /** Sets an annotation of a ModelServer, or takes it away. */
  void annotate(Space space, String name, String key, @Nullable String value) {
    edit(
        space,
        name,
        server -> {
          Map<String, String> all =
              new HashMap<>(
                  Optional.ofNullable(server.getMetadata().getAnnotations()).orElse(Map.of()));
          if (value == null) {
            all.remove(key);
          } else {
            all.put(key, value);
          }
          server.getMetadata().setAnnotations(all);
        });
  }

  Optional<Condition> condition(Space space, String name, String type) {
    return Optional.ofNullable(modelServer(space, name).get())
        .filter(
            server ->
                server.getStatus() != null
                    && server
                        .getMetadata()
                        .getGeneration()
                        .equals(server.getStatus().observedGeneration()))
        .flatMap(server -> Conditions.find(Conditions.of(server.getStatus()), type));
  }

  /** Waits until a condition has this status and reason, for the present spec. */
  Condition await(Space space, String name, String type, String status, String reason) {
    return Await.value(
        () ->
            "%s/%s: %s=%s/%s; it is %s\n%s"
                .formatted(
                    space.namespace(),
                    name,
                    type,
                    status,
                    reason,
                    Optional.ofNullable(modelServer(space, name).get())
                        .map(server -> server.getMetadata() + "\n" + server.getStatus()),
                    operator.lastLines()),
        SOON,
        () ->
            condition(space, name, type)
                .filter(c -> c.status().equals(status) && c.reason().equals(reason)));
  }

  void awaitReady(Space space, String name) {
    await(space, name, "Ready", "True", "Ready");
  }
}
