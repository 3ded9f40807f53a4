package dev.modelserver.operator.desired;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.kubernetes.api.model.EnvVarSourceBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A pod template of the operator, and what somebody could make of it: each is valid for the API
 * server, and none is one that the operator renders.
 */
public final class ForgedTemplates {
  private static final ResolvedModelServer SERVER =
      Yaml.resolved(
          "model: {persistentVolumeClaim: {claimName: claim, path: m.onnx}}\nserver: {env: [{name: A, value: b}], tls: {secretName: s, mode: Strict}, authentication: {mode: Strict, tokens: {secretName: t}}}\npod: {annotations: {a: b}}\nresources: {requests: {cpu: 1500m}}");

  /** Whose the template is. */
  public static final Owner OWNER = SERVER.owner();

  /** The template as the operator renders it. */
  public static final PodTemplateSpec OURS = PodTemplate.of(SERVER);

  /**
   * A change that the operator never makes.
   *
   * @param what was changed
   */
  public record Forgery(String what, PodTemplateSpec template) {
    @Override
    public String toString() {
      return what;
    }
  }

  private ForgedTemplates() {}

  /** All of them. */
  public static Stream<Forgery> all() {
    return Stream.concat(pods(), annotations());
  }

  private static Stream<Forgery> pods() {
    return Stream.of(
        forged("hostNetwork", t -> t.editSpec().withHostNetwork(true).endSpec()),
        forged("hostPID", t -> t.editSpec().withHostPID(true).endSpec()),
        forged("hostIPC", t -> t.editSpec().withHostIPC(true).endSpec()),
        forged("a token", t -> t.editSpec().withAutomountServiceAccountToken(true).endSpec()),
        forged("no account settings", t -> t.editSpec().withServiceAccountName(null).endSpec()),
        forged("a node", t -> t.editSpec().withNodeName("control-plane").endSpec()),
        forged("root", t -> t.editSpec().withSecurityContext(null).endSpec()),
        forged(
            "user 0",
            t ->
                t.editSpec()
                    .editSecurityContext()
                    .withRunAsUser(0L)
                    .endSecurityContext()
                    .endSpec()),
        forged(
            "an SELinux type without confinement",
            t ->
                t.editSpec()
                    .editSecurityContext()
                    .withNewSeLinuxOptions("s0", null, "spc_t", null)
                    .endSecurityContext()
                    .endSpec()),
        forged(
            "an SELinux user",
            t ->
                t.editSpec()
                    .editSecurityContext()
                    .withNewSeLinuxOptions("s0", null, null, "system_u")
                    .endSecurityContext()
                    .endSpec()),
        forged(
            "a sysctl",
            t ->
                t.editSpec()
                    .editSecurityContext()
                    .addNewSysctl("kernel.shm_rmid_forced", "1")
                    .endSecurityContext()
                    .endSpec()),
        forged(
            "a privileged container",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .editSecurityContext()
                    .withPrivileged(true)
                    .withAllowPrivilegeEscalation(null)
                    .endSecurityContext()
                    .endContainer()
                    .endSpec()),
        forged(
            "a command",
            t -> t.editSpec().editContainer(0).withCommand("sh").endContainer().endSpec()),
        forged(
            "other arguments",
            t -> t.editSpec().editInitContainer(0).withArgs("sh").endInitContainer().endSpec()),
        forged(
            "another container",
            t ->
                t.editSpec()
                    .addNewContainer()
                    .withName("more")
                    .withImage("registry.test/more")
                    .endContainer()
                    .endSpec()),
        forged(
            "a host port",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .editPort(0)
                    .withHostPort(80)
                    .endPort()
                    .endContainer()
                    .endSpec()),
        forged(
            "a Secret as a variable",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .addNewEnv()
                    .withName("POD_NAME")
                    .withValueFrom(
                        new EnvVarSourceBuilder().withNewSecretKeyRef("k", "s", false).build())
                    .endEnv()
                    .endContainer()
                    .endSpec()),
        variable("another option of the JVM", "JDK_JAVA_OPTIONS", "-agentpath:/tmp/a.so"),
        variable(
            "more options of the JVM",
            "JDK_JAVA_OPTIONS",
            "-XX:ActiveProcessorCount=1 -XX:OnOutOfMemoryError=sh"),
        variable("options of any JVM", "JAVA_TOOL_OPTIONS", "-XX:ActiveProcessorCount=1"),
        variable("options of another JVM", "_JAVA_OPTIONS", "-XX:ActiveProcessorCount=1"),
        variable("a library to load", "LD_PRELOAD", "/tmp/a.so"),
        forged(
            "a Secret as a variable that loads code",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .addNewEnv()
                    .withName("JAVA_TOOL_OPTIONS")
                    .withValueFrom(
                        new EnvVarSourceBuilder().withNewSecretKeyRef("k", "s", false).build())
                    .endEnv()
                    .endContainer()
                    .endSpec()),
        forged(
            "a file as a variable",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .addNewEnv()
                    .withName("B")
                    .withNewValueFrom()
                    .withNewFileKeyRef("k", false, "p", "tmp")
                    .endValueFrom()
                    .endEnv()
                    .endContainer()
                    .endSpec()),
        forged(
            "a Secret as variables that may load code",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .addNewEnvFrom()
                    .withPrefix("JA")
                    .withNewSecretRef("s", false)
                    .endEnvFrom()
                    .endContainer()
                    .endSpec()),
        forged(
            "a Secret as variables",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .addNewEnvFrom()
                    .withNewSecretRef("s", false)
                    .endEnvFrom()
                    .endContainer()
                    .endSpec()),
        forged(
            "a host path",
            t ->
                source(t, new VolumeBuilder().withName("source").withNewHostPath("/", "").build())),
        forged(
            "a Secret as a volume",
            t ->
                source(
                    t,
                    new VolumeBuilder()
                        .withName("source")
                        .withNewSecret()
                        .withSecretName("s")
                        .endSecret()
                        .build())),
        forged(
            "a source that can be written",
            t ->
                t.editSpec()
                    .editInitContainer(0)
                    .editMatchingVolumeMount(mount -> "source".equals(mount.getName()))
                    .withReadOnly(false)
                    .endVolumeMount()
                    .endInitContainer()
                    .endSpec()),
        forged(
            "a source that can be written by the server",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .addNewVolumeMount()
                    .withName("source")
                    .withMountPath("/source")
                    .endVolumeMount()
                    .endContainer()
                    .endSpec()),
        forged(
            "a certificate that can be written",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .editMatchingVolumeMount(mount -> "tls".equals(mount.getName()))
                    .withReadOnly(false)
                    .endVolumeMount()
                    .endContainer()
                    .endSpec()),
        forged(
            "tokens on the node",
            t ->
                t.editSpec()
                    .editMatchingVolume(volume -> "tokens".equals(volume.getName()))
                    .withSecret(null)
                    .withNewHostPath("/", "")
                    .endVolume()
                    .endSpec()),
        forged(
            "a certificate that is no Secret",
            t ->
                t.editSpec()
                    .editMatchingVolume(volume -> "tls".equals(volume.getName()))
                    .withSecret(null)
                    .withNewEmptyDir()
                    .endEmptyDir()
                    .endVolume()
                    .endSpec()),
        forged("credentials in the server", t -> mounted(secret(t))),
        forged(
            "credentials on the node",
            t ->
                t.editSpec()
                    .addNewVolume()
                    .withName("credentials")
                    .withNewHostPath("/", "")
                    .endVolume()
                    .endSpec()),
        forged(
            "credentials that can be written",
            t ->
                secret(t)
                    .editSpec()
                    .editInitContainer(0)
                    .addNewVolumeMount()
                    .withName("credentials")
                    .withMountPath("/etc/modelserver-credentials")
                    .endVolumeMount()
                    .endInitContainer()
                    .endSpec()),
        forged(
            "CA certificates from a Secret",
            t ->
                t.editSpec()
                    .addNewVolume()
                    .withName("trust")
                    .withNewSecret()
                    .withSecretName("s")
                    .endSecret()
                    .endVolume()
                    .endSpec()),
        forged(
            "a claim under another name",
            t ->
                t.editSpec()
                    .editMatchingVolume(volume -> "tmp".equals(volume.getName()))
                    .withEmptyDir(null)
                    .withNewPersistentVolumeClaim("claim", false)
                    .endVolume()
                    .endSpec()),
        forged(
            "another volume",
            t ->
                t.editSpec()
                    .addToVolumes(
                        new VolumeBuilder()
                            .withName("more")
                            .withNewConfigMap()
                            .withName("c")
                            .endConfigMap()
                            .build())
                    .endSpec()),
        forged(
            "a container without limits",
            t -> t.editSpec().editContainer(0).withSecurityContext(null).endContainer().endSpec()),
        forged(
            "a container that may be root",
            t ->
                t.editSpec()
                    .editInitContainer(0)
                    .editSecurityContext()
                    .withRunAsNonRoot(false)
                    .endSecurityContext()
                    .endInitContainer()
                    .endSpec()),
        forged(
            "a capability",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .editSecurityContext()
                    .editCapabilities()
                    .withAdd("NET_ADMIN")
                    .endCapabilities()
                    .endSecurityContext()
                    .endContainer()
                    .endSpec()),
        forged(
            "a shared process namespace",
            t -> t.editSpec().withShareProcessNamespace(true).endSpec()),
        forged(
            "a command before the end",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .withNewLifecycle()
                    .withNewPreStop()
                    .withNewExec()
                    .withCommand("sh")
                    .endExec()
                    .endPreStop()
                    .endLifecycle()
                    .endContainer()
                    .endSpec()),
        forged(
            "a probe that runs a command",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .withNewLivenessProbe()
                    .withNewExec()
                    .withCommand("sh")
                    .endExec()
                    .endLivenessProbe()
                    .endContainer()
                    .endSpec()),
        forged(
            "a probe of another host",
            t ->
                t.editSpec()
                    .editContainer(0)
                    .editReadinessProbe()
                    .editHttpGet()
                    .withHost("169.254.169.254")
                    .endHttpGet()
                    .endReadinessProbe()
                    .endContainer()
                    .endSpec()));
  }

  private static Stream<Forgery> annotations() {
    return Stream.of(
            "container.apparmor.security.beta.kubernetes.io/server",
            "example.com/seccomp",
            "io.kubernetes.cri-o.userns-mode",
            "io.kubernetes.cri.rdt-class",
            "cpu-load-balancing.crio.io",
            "io.containerd.runtime",
            "io.katacontainers.config.hypervisor.path",
            "cdi.k8s.io/gpu")
        .map(
            key ->
                forged(
                    key, t -> t.editMetadata().addToAnnotations(key, "unconfined").endMetadata()));
  }

  private static PodTemplateSpecBuilder secret(PodTemplateSpecBuilder template) {
    return template
        .editSpec()
        .addNewVolume()
        .withName("credentials")
        .withNewSecret()
        .withSecretName("s")
        .endSecret()
        .endVolume()
        .endSpec();
  }

  private static PodTemplateSpecBuilder mounted(PodTemplateSpecBuilder template) {
    return template
        .editSpec()
        .editContainer(0)
        .addNewVolumeMount()
        .withName("credentials")
        .withMountPath("/etc/modelserver-credentials")
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .endSpec();
  }

  private static Forgery variable(String what, String name, String value) {
    return forged(
        what,
        t ->
            t.editSpec()
                .editContainer(0)
                .removeMatchingFromEnv(e -> name.equals(e.getName()))
                .addNewEnv()
                .withName(name)
                .withValue(value)
                .endEnv()
                .endContainer()
                .endSpec());
  }

  private static PodTemplateSpecBuilder source(PodTemplateSpecBuilder template, Volume volume) {
    return template
        .editSpec()
        .removeMatchingFromVolumes(v -> "source".equals(v.getName()))
        .addToVolumes(volume)
        .endSpec();
  }

  private static Forgery forged(String what, UnaryOperator<PodTemplateSpecBuilder> change) {
    return new Forgery(what, change.apply(new PodTemplateSpecBuilder(OURS)).build());
  }
}
