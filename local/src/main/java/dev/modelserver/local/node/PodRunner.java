package dev.modelserver.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs one pod as a kubelet does: mounts its volumes, runs the init containers one after the other,
 * then its container, restarts what ends, and writes the status.
 */
final class PodRunner implements AutoCloseable {
  private final Pod pod;
  private final Path directory;
  private final KubernetesClient client;
  private final Program program;
  private final Timing timing;
  private final PodReport report;
  private final ReadinessProbe probe = new ReadinessProbe();
  private final Thread thread;
  private Map<String, Path> volumes = Map.of();
  private @Nullable ContainerProcess process;
  private boolean closed;
  private volatile @Nullable Instant readySince;
  private volatile int httpPort;

  private PodRunner(
      Pod pod, Path directory, KubernetesClient client, Program program, Timing timing) {
    this.pod = pod;
    this.directory = directory;
    this.client = client;
    this.program = program;
    this.timing = timing;
    this.report = new PodReport(pod, client);
    this.thread =
        Thread.ofVirtual().name("pod-" + pod.getMetadata().getName()).unstarted(this::run);
  }

  /**
   * Starts to run a pod that exists in the API server.
   *
   * @param directory for the volumes, logs and temporary files of this pod
   */
  static PodRunner start(
      Pod pod, Path directory, KubernetesClient client, Program program, Timing timing) {
    var runner = new PodRunner(pod, directory, client, program, timing);
    runner.thread.start();
    return runner;
  }

  Pod pod() {
    return pod;
  }

  /** Since when the pod is ready; null while it is not. */
  @Nullable Instant readySince() {
    return readySince;
  }

  /** Where requests go while the pod is ready. */
  Endpoint endpoint() {
    var metadata = pod.getMetadata();
    return new Endpoint(
        metadata.getName(), metadata.getNamespace(), metadata.getLabels(), httpPort);
  }

  /** Kills what runs and waits until it is gone. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (process != null) {
        process.kill();
      }
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      Files.createDirectories(directory.resolve("tmp"));
      mount();
      for (var container : pod.getSpec().getInitContainers()) {
        for (var restarts = 0; runOnce(container, true) != 0; restarts++) {
          backOff(container, restarts);
        }
      }
      var server = pod.getSpec().getContainers().getFirst();
      for (var restarts = 0; ; restarts++) {
        runOnce(server, false);
        backOff(server, restarts);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | KubernetesClientException e) {
      reportFailure(e);
    } finally {
      readySince = null;
    }
  }

  private void reportFailure(Exception failure) {
    synchronized (this) {
      if (closed) {
        return; // The interrupt of close() ends every call with an exception.
      }
    }
    try {
      report.warn("Failed", "the pod cannot run here: " + failure.getMessage());
    } catch (KubernetesClientException e) {
      // The API server is gone, and with it everybody who would read the event.
    }
  }

  private void mount() throws InterruptedException, IOException {
    var namespace = pod.getMetadata().getNamespace();
    var configMaps = client.configMaps().inNamespace(namespace);
    var mounted = new Volumes(name -> configMaps.withName(name).get());
    report.publish(Instant.now());
    while (true) {
      try {
        volumes = mounted.materialize(pod.getSpec().getVolumes(), directory.resolve("volumes"));
        return;
      } catch (MountException failure) {
        report.warn("FailedMount", String.valueOf(failure.getMessage()));
        Thread.sleep(timing.poll());
      }
    }
  }

  private void backOff(Container container, int restarts) throws InterruptedException {
    report.update(container, PodStatuses::backingOff);
    report.publish(Instant.now());
    Thread.sleep(timing.backOff(restarts));
  }

  /** Runs a container until it ends; returns its exit code. */
  private int runOnce(Container container, boolean init) throws IOException, InterruptedException {
    var ports = Ports.free();
    var started = launch(container, ports);
    report.update(container, status -> PodStatuses.running(status, Instant.now()));
    report.publish(Instant.now());
    if (!init) {
      httpPort = ports.http();
      watchReadiness(container, ports, started);
    }
    var exitCode = started.await();
    readySince = null;
    var message = started.terminationMessage();
    report.update(
        container, status -> PodStatuses.terminated(status, exitCode, message, Instant.now()));
    report.publish(Instant.now());
    return exitCode;
  }

  private ContainerProcess launch(Container container, Ports ports)
      throws IOException, InterruptedException {
    var terminationLog = directory.resolve(container.getName() + ".termination-log");
    var environment =
        ContainerEnvironment.of(
            pod, container, volumes, directory.resolve("absent"), terminationLog, ports);
    var command = program.command(directory.resolve("tmp"), container.getArgs());
    var log = directory.resolve(container.getName() + ".log");
    synchronized (this) {
      if (closed) {
        throw new InterruptedException("the pod was stopped");
      }
      process = ContainerProcess.start(command, environment, terminationLog, log);
      return process;
    }
  }

  private void watchReadiness(Container container, Ports ports, ContainerProcess running)
      throws InterruptedException {
    while (running.isAlive()) {
      var ready = probe.isReady(container, ports);
      if (ready != (readySince != null)) {
        readySince = ready ? Instant.now() : null;
        report.update(container, status -> status.edit().withReady(ready).build());
        report.publish(Instant.now());
      }
      Thread.sleep(timing.poll());
    }
  }
}
