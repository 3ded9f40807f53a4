package dev.modelserver.operator.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.operator.config.TolerantJson;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A control plane of its own: etcd, kube-apiserver and kube-controller-manager as child processes
 * on free ports, with the ModelServer definition installed. Deployments, ReplicaSets, autoscalers
 * and garbage collection are the real ones; there is no node ({@link SimulatedNode}).
 *
 * <p>The programs are taken from the folder that the environment variable KUBE_BIN names.
 */
public final class ControlPlane implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String CONTROLLERS =
      "deployment-controller,replicaset-controller,garbage-collector-controller,"
          + "namespace-controller,horizontal-pod-autoscaler-controller,disruption-controller,"
          + "resourcequota-controller,validatingadmissionpolicy-status-controller";

  private final Path directory;
  private final String token = UUID.randomUUID().toString();
  private final String controllersToken = UUID.randomUUID().toString();
  private final Deque<Child> children = new ArrayDeque<>();
  private final URI url;
  private final KubernetesSerialization serialization;
  private final KubernetesClient client;
  private final HttpClient http;

  private ControlPlane(Path binaries, Path directory, Optional<URI> authorizer) {
    this.directory = directory;
    int etcd = Child.freePort();
    int etcdPeer = Child.freePort();
    int api = Child.freePort();
    this.url = URI.create("https://127.0.0.1:" + api);
    try {
      start(binaries, "etcd", etcd(etcd, etcdPeer));
      writeKeys();
      start(binaries, "kube-apiserver", apiServer(etcd, api, authorizer));
      Await.until("kube-apiserver made its certificate", START, () -> Files.exists(certificate()));
      ObjectMapper mapper = new ObjectMapper();
      TolerantJson.tolerate(mapper);
      this.serialization = new KubernetesSerialization(mapper, true);
      this.client = client(config());
      this.http = TlsClient.trusting(certificate());
      awaitReady(client);
      client
          .load(Files.newInputStream(Path.of("../crds/modelservers.modelserver.dev-v1.yml")))
          .serverSideApply();
      grantTheOperator();
      // After the definition: the garbage collector looks for new kinds only every half minute.
      start(binaries, "kube-controller-manager", controllerManager());
    } catch (IOException | GeneralSecurityException | RuntimeException | AssertionError e) {
      String logs = String.join("\n", children.stream().map(Child::lastLines).toList());
      children.forEach(Child::close);
      throw new IllegalStateException("no control plane: " + e + "\n" + logs, e);
    }
  }

  /** Starts one from the programs in the folder KUBE_BIN. */
  public static ControlPlane start() {
    return start(Optional.empty());
  }

  /** Starts one that asks a recorder before RBAC decides. */
  static ControlPlane start(AuthorizationRecorder recorder) {
    return start(Optional.of(recorder.url()));
  }

  private static ControlPlane start(Optional<URI> authorizer) {
    String binaries = System.getenv("KUBE_BIN");
    if (binaries == null || !Files.isExecutable(Path.of(binaries, "kube-apiserver"))) {
      throw new IllegalStateException(
          "KUBE_BIN must name a folder with etcd, kube-apiserver and kube-controller-manager; it is "
              + binaries);
    }
    try {
      return new ControlPlane(
          Path.of(binaries), Files.createTempDirectory("control-plane"), authorizer);
    } catch (IOException e) {
      throw new IllegalStateException("no temporary directory", e);
    }
  }

  /** A client with every right, directly at the API server. */
  public KubernetesClient client() {
    return client;
  }

  /** A client that is this user, in these groups. */
  KubernetesClient as(String user, String... groups) {
    return client(
        new ConfigBuilder(config())
            .withImpersonateUsername(user)
            .withImpersonateGroups(groups)
            .build());
  }

  private KubernetesClient client(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(serialization)
        .build();
  }

  URI url() {
    return url;
  }

  /** The value of an Authorization header with every right. */
  String authorization() {
    return "Bearer " + token;
  }

  /** The API server's own certificate, which signs itself. */
  Path certificate() {
    return directory.resolve("pki/apiserver.crt");
  }

  /** A client that trusts this API server. */
  HttpClient http() {
    return http;
  }

  /** The operator has the rights of the chart, and no other. */
  private void grantTheOperator() {
    client.resource(ChartRules.read().role()).create();
    client
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(ChartRules.NAME)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", ChartRules.NAME)
                .addNewSubject("rbac.authorization.k8s.io", "User", ChartRules.NAME, null)
                .build())
        .create();
  }

  private Config config() {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(url.toString())
        .withOauthToken(token)
        .withCaCertFile(certificate().toString())
        .build();
  }

  private static void awaitReady(KubernetesClient client) {
    Await.until(
        "kube-apiserver is ready",
        START,
        () -> {
          try {
            return "ok".equals(client.raw("/readyz"));
          } catch (KubernetesClientException e) {
            return false;
          }
        });
  }

  private void start(Path binaries, String program, List<String> arguments) {
    List<String> command = new ArrayList<>(arguments);
    command.addFirst(binaries.resolve(program).toString());
    children.addFirst(Child.start(program, directory, Map.of(), command));
  }

  private List<String> etcd(int port, int peerPort) {
    String client = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + peerPort;
    return List.of(
        "--name=own",
        "--data-dir=" + directory.resolve("etcd"),
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=own=" + peer,
        "--unsafe-no-fsync=true",
        "--log-level=error");
  }

  private List<String> apiServer(int etcdPort, int port, Optional<URI> authorizer)
      throws IOException {
    List<String> arguments = new ArrayList<>(authorization(authorizer));
    arguments.addAll(
        List.of(
            "--etcd-servers=http://127.0.0.1:" + etcdPort,
            "--bind-address=127.0.0.1",
            "--secure-port=" + port,
            "--endpoint-reconciler-type=none",
            "--cert-dir=" + directory.resolve("pki"),
            "--token-auth-file=" + directory.resolve("tokens.csv"),
            // Asks for more rights than Kubernetes does by itself, as some distributions do.
            "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + directory.resolve("accounts.pub"),
            "--service-account-signing-key-file=" + directory.resolve("accounts.key"),
            "--service-cluster-ip-range=10.0.0.0/16",
            // As everywhere: without it the API server refuses privileged pods before any policy
            // does.
            "--allow-privileged=true",
            "--enable-priority-and-fairness=false",
            "--profiling=false"));
    return arguments;
  }

  private List<String> authorization(Optional<URI> first) throws IOException {
    if (first.isEmpty()) {
      return List.of("--authorization-mode=RBAC");
    }
    Path config = directory.resolve("authorizer");
    Files.writeString(
        config,
        """
        apiVersion: v1
        kind: Config
        current-context: recorder
        clusters: [{name: recorder, cluster: {server: "%s"}}]
        users: [{name: recorder, user: {}}]
        contexts: [{name: recorder, context: {cluster: recorder, user: recorder}}]
        """
            .formatted(first.get()));
    return List.of(
        "--authorization-mode=Webhook,RBAC",
        "--authorization-webhook-version=v1",
        "--authorization-webhook-config-file=" + config);
  }

  private List<String> controllerManager() throws IOException {
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: own
        clusters: [{name: own, cluster: {server: "%s", certificate-authority: "%s"}}]
        users: [{name: own, user: {token: "%s"}}]
        contexts: [{name: own, context: {cluster: own, user: own}}]
        """
            .formatted(url, certificate(), controllersToken));
    return List.of(
        "--kubeconfig=" + kubeconfig,
        "--controllers=" + CONTROLLERS,
        "--leader-elect=false",
        "--secure-port=0",
        "--kube-api-qps=1000",
        "--kube-api-burst=2000",
        "--horizontal-pod-autoscaler-sync-period=2s");
  }

  private void writeKeys() throws IOException, GeneralSecurityException {
    Files.writeString(
        directory.resolve("tokens.csv"),
        """
        %s,admin,admin,"system:masters"
        %s,system:kube-controller-manager,controllers,"system:masters"
        """
            .formatted(token, controllersToken));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    pem("accounts.key", "PRIVATE KEY", pair.getPrivate().getEncoded());
    pem("accounts.pub", "PUBLIC KEY", pair.getPublic().getEncoded());
  }

  private void pem(String file, String type, byte[] der) throws IOException {
    Files.writeString(
        directory.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, Base64.getMimeEncoder().encodeToString(der), type));
  }

  /** Stops everything. */
  @Override
  public void close() {
    client.close();
    http.shutdownNow();
    children.forEach(Child::close);
    Directories.delete(directory);
  }
}
