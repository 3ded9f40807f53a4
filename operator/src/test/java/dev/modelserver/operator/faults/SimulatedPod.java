package dev.modelserver.operator.faults;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.zip.DeflaterOutputStream;

/**
 * What becomes of a pod, by the names in its spec: an image with {@code unknown} in its name cannot
 * be pulled; the preflight of a model ConfigMap with {@code corrupt} in its name fails for good,
 * with {@code absent} for the moment, with {@code slow} it downloads until the pod is deleted;
 * every other pod serves.
 */
record SimulatedPod(Pod pod) {
  private static final String SIGNATURE =
      """
      {"inputs":[{"name":"X","datatype":"FP32","shape":[-1,4]}],\
      "outputs":[{"name":"label","datatype":"INT64","shape":[-1]}]}""";

  boolean serves() {
    return !image().contains("unknown")
        && !source().contains("corrupt")
        && !source().contains("absent")
        && !source().contains("slow");
  }

  /** Whether its preflight still downloads. */
  boolean downloads() {
    return source().contains("slow")
        && pod.getStatus().getInitContainerStatuses().stream()
            .anyMatch(preflight -> preflight.getState().getRunning() != null);
  }

  /** The status when the kubelet has ended a download. */
  PodStatus afterTheDownloadWasEnded() {
    return inPreflight(
        terminated(
            """
            {"contract":1,"outcome":"Started","reason":"Downloading","message":"preflight was ended while it downloaded https://models.test/m: 1000 of 4000 bytes (25 %) in 120 s (8 bytes/s)","final":false}"""));
  }

  /** The status when preflight has ended, or could not begin. */
  PodStatus afterPreflight() {
    ContainerState end =
        image().contains("unknown")
            ? new ContainerStateBuilder()
                .withNewWaiting("Back-off pulling image " + image(), "ImagePullBackOff")
                .build()
            : source().contains("slow")
                ? new ContainerStateBuilder()
                    .withNewRunning(Instant.now().minusSeconds(120).toString())
                    .build()
                : terminated(
                    source().contains("corrupt")
                        ? failed("InvalidModel", "the file is not an ONNX model", true)
                        : source().contains("absent")
                            ? failed("ModelNotFound", "404 from the model's host", false)
                            : succeeded());
    return inPreflight(end);
  }

  private PodStatus inPreflight(ContainerState preflight) {
    return status("Pending", "False")
        .withInitContainerStatuses(container("preflight", preflight, false))
        .withContainerStatuses(
            container(
                "server",
                new ContainerStateBuilder().withNewWaiting(null, "PodInitializing").build(),
                false))
        .build();
  }

  /** The status of a pod that serves. */
  PodStatus serving() {
    return status("Running", "True")
        .withInitContainerStatuses(container("preflight", terminated(succeeded()), true))
        .withContainerStatuses(
            container(
                "server",
                new ContainerStateBuilder().withNewRunning(Instant.now().toString()).build(),
                true))
        .build();
  }

  private PodStatusBuilder status(String phase, String ready) {
    return new PodStatusBuilder()
        .withPhase(phase)
        .withStartTime(Instant.now().toString())
        .withConditions(
            condition("PodScheduled", "True"),
            condition("ContainersReady", ready),
            condition("Ready", ready));
  }

  private static PodCondition condition(String type, String status) {
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withLastTransitionTime(Instant.now().toString())
        .build();
  }

  private ContainerStatus container(String name, ContainerState state, boolean ready) {
    return new ContainerStatusBuilder()
        .withName(name)
        .withImage(image())
        .withImageID("")
        .withReady(ready)
        .withRestartCount(0)
        .withState(state)
        .build();
  }

  private static ContainerState terminated(String report) {
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(report.contains("Succeeded") ? 0 : 1)
        .withReason(report.contains("Succeeded") ? "Completed" : "Error")
        .withMessage(report)
        .endTerminated()
        .build();
  }

  private String succeeded() {
    return """
        {"contract":1,"outcome":"Succeeded","reason":"ModelLoaded","message":"loaded","final":false,\
        "sha256":"%s","bytes":2048,"opset":17,"signatureHash":"%s","signature":"%s"}"""
        .formatted(digest(source()), digest(SIGNATURE), deflated(SIGNATURE));
  }

  private static String failed(String reason, String message, boolean isFinal) {
    return """
        {"contract":1,"outcome":"Failed","reason":"%s","message":"%s","final":%s}"""
        .formatted(reason, message, isFinal);
  }

  private String image() {
    return pod.getSpec().getContainers().getFirst().getImage();
  }

  /** The ConfigMaps it mounts by name, of which one is the model's. */
  private String source() {
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getConfigMap() != null)
        .map(volume -> volume.getConfigMap().getName())
        .filter(name -> name.endsWith("-model"))
        .collect(Collectors.joining());
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String deflated(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
