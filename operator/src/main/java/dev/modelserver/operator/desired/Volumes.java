package dev.modelserver.operator.desired;

import dev.modelserver.operator.resolve.ModelUri;
import dev.modelserver.operator.resolve.ResolvedModelServer.Owner;
import dev.modelserver.operator.resolve.Workload;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Volumes and mounts of a pod, at the paths of docs/server-contract.md. */
final class Volumes {
  /** Volume of the configuration file. */
  static final String CONFIG = "config";

  private static final String PIN = "pin";
  private static final String MODEL = "model";
  private static final String TMP = "tmp";
  private static final String SOURCE = "source";
  private static final long ROOM = 1 << 20;

  private Volumes() {}

  static List<Volume> of(Owner owner, Workload workload) {
    List<Volume> volumes = new ArrayList<>();
    volumes.add(
        new VolumeBuilder()
            .withName(CONFIG)
            .withNewConfigMap()
            .withName(Names.revision(owner, workload.hash()))
            .endConfigMap()
            .build());
    volumes.add(
        new VolumeBuilder()
            .withName(PIN)
            .withNewConfigMap()
            .withName(Names.pin(owner, workload.hash()))
            .withOptional(true)
            .endConfigMap()
            .build());
    volumes.add(emptyDir(MODEL, withRoom(workload.model().maxSize())));
    volumes.add(emptyDir(TMP, new Quantity("256Mi")));
    source(workload).ifPresent(volumes::add);
    return volumes;
  }

  /** Names of the volumes that end with their pod. */
  static List<String> caches(Owner owner, Workload workload) {
    return of(owner, workload).stream()
        .filter(volume -> volume.getEmptyDir() != null)
        .map(Volume::getName)
        .toList();
  }

  static List<VolumeMount> preflightMounts(Workload workload) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(mount(CONFIG, "/etc/modelserver", true));
    mounts.add(mount(PIN, "/etc/modelserver-pin", true));
    mounts.add(mount(MODEL, "/var/lib/modelserver/model", false));
    mounts.add(mount(TMP, "/tmp", false));
    if (source(workload).isPresent()) {
      mounts.add(mount(SOURCE, "/var/lib/modelserver/source", true));
    }
    return mounts;
  }

  static List<VolumeMount> serverMounts() {
    return List.of(
        mount(CONFIG, "/etc/modelserver", true),
        mount(MODEL, "/var/lib/modelserver/model", true),
        mount(TMP, "/tmp", false));
  }

  private static Optional<Volume> source(Workload workload) {
    return switch (workload.model().uri()) {
      case ModelUri.ConfigMapKey m ->
          Optional.of(
              new VolumeBuilder()
                  .withName(SOURCE)
                  .withNewConfigMap()
                  .withName(m.name())
                  .addNewItem()
                  .withKey(m.key())
                  .withPath(m.key())
                  .endItem()
                  .endConfigMap()
                  .build());
      case ModelUri.ClaimFile f ->
          Optional.of(
              new VolumeBuilder()
                  .withName(SOURCE)
                  .withNewPersistentVolumeClaim(f.claim(), true)
                  .build());
      case ModelUri.ImageFile _, ModelUri.Download _ -> Optional.empty();
    };
  }

  /**
   * Room beside a model of exactly the largest size: preflight's own files and the file system's.
   */
  private static Quantity withRoom(Quantity maxSize) {
    return new Quantity(
        Quantity.getAmountInBytes(maxSize).toBigInteger().add(BigInteger.valueOf(ROOM)).toString());
  }

  private static Volume emptyDir(String name, Quantity sizeLimit) {
    return new VolumeBuilder()
        .withName(name)
        .withNewEmptyDir()
        .withSizeLimit(sizeLimit)
        .endEmptyDir()
        .build();
  }

  private static VolumeMount mount(String name, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }
}
