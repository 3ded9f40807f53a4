package dev.modelserver.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.local.apiserver.ApiServer;
import dev.modelserver.local.node.Endpoint;
import dev.modelserver.local.node.Node;
import dev.modelserver.local.node.Timing;
import dev.modelserver.local.service.TcpProxy;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** An API server, the operator and a node, and what a person does with them. */
final class LocalRun {
  private final Parts parts;
  private final KubernetesClient client;
  private final OperatorProcess operator;
  private final Node node;

  /**
   * Starts an API server, the operator and a node.
   *
   * @param parts takes what is started; its owner closes it
   * @throws RunFailure when the repository is not built
   */
  LocalRun(Installation installation, Parts parts) throws RunFailure, IOException {
    installation.check();
    this.parts = parts;
    var directory = parts.add(TemporaryDirectory.create());
    var apiServer = parts.add(ApiServer.start(List.of(installation.definition())));
    client = parts.add(apiServer.client());
    operator =
        parts.add(
            OperatorProcess.start(
                installation, apiServer.url(), directory.path().resolve("operator")));
    var pods = Files.createDirectories(directory.path().resolve("pods"));
    node =
        parts.add(
            Node.start(
                client,
                pods,
                (temporary, arguments) ->
                    Installation.java(installation.serverJar(), temporary, arguments),
                Timing.DEFAULT));
  }

  /**
   * Creates an object; returns what kubectl would say.
   *
   * @throws RunFailure with the API server's sentence when it is refused
   */
  String create(ObjectNode object) throws RunFailure {
    var resource = Serialization.unmarshal(object.toString(), GenericKubernetesResource.class);
    try {
      client.resource(resource).create();
    } catch (KubernetesClientException e) {
      throw new RunFailure(
          e.getStatus() == null || e.getStatus().getMessage() == null
              ? "the API server did not answer"
              : e.getStatus().getMessage());
    }
    var kind =
        resource.getKind().equals("ModelServer") ? "modelserver.modelserver.dev" : "configmap";
    return kind + "/" + resource.getMetadata().getName() + " created";
  }

  /** The object as it is now. */
  ObjectNode get(JsonNode modelServer) {
    var resource =
        client
            .genericKubernetesResources("modelserver.dev/v1alpha1", "ModelServer")
            .inNamespace(modelServer.at("/metadata/namespace").asText())
            .withName(modelServer.at("/metadata/name").asText())
            .require();
    return Serialization.unmarshal(Serialization.asJson(resource), ObjectNode.class);
  }

  /** The operator's last words when it has ended, which it never should; empty while it runs. */
  String operatorEnd() {
    return operator.end();
  }

  /** Opens a port that stands for the Service of a ModelServer; it closes with the run. */
  String expose(JsonNode modelServer) throws IOException {
    var namespace = modelServer.at("/metadata/namespace").asText();
    var name = modelServer.at("/metadata/name").asText();
    var proxy = parts.add(TcpProxy.start(() -> backends(namespace, name)));
    return "http://127.0.0.1:" + proxy.port();
  }

  private List<Integer> backends(String namespace, String name) {
    var service = client.services().inNamespace(namespace).withName(name).get();
    if (service == null) {
      return List.of();
    }
    var selector = service.getSpec().getSelector().entrySet();
    return node.ready().stream()
        .filter(endpoint -> endpoint.namespace().equals(namespace))
        .filter(endpoint -> endpoint.labels().entrySet().containsAll(selector))
        .map(Endpoint::port)
        .toList();
  }
}
