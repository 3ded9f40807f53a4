package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.ModelSource;
import dev.modelserver.operator.resolve.SourceOptions;
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
  private static final String PIN = "pin";
  private static final String MODEL = "model";
  private static final String TMP = "tmp";

  /** Volume of the ConfigMap or claim with the model; always mounted read-only. */
  static final String SOURCE = "source";

  /** Volume of the Secret with certificate and key. */
  static final String TLS = "tls";

  /** Volume of the Secret with the tokens of clients. */
  static final String TOKENS = "tokens";

  /** Volume of the Secret with the credentials for the model's source; in preflight alone. */
  static final String CREDENTIALS = "credentials";

  /** Volume of the ConfigMap with the CA certificates of the model's source; in preflight alone. */
  static final String TRUST = "trust";

  /** Volume of the ConfigMap with the operator's own CA certificates; in preflight alone. */
  static final String DEFAULT_TRUST = "default-trust";

  /** A Secret's files are root's: the server's user reads them as one of the others (0444). */
  private static final int READABLE = 292;

  private static final long ROOM = 1 << 20;

  private Volumes() {}

  static List<Volume> of(Owner owner, Workload workload) {
    List<Volume> volumes = new ArrayList<>();
    volumes.add(
        new VolumeBuilder()
            .withName(Names.CONFIG_VOLUME)
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
    workload.access().tls().map(tls -> secret(TLS, tls.secretName())).ifPresent(volumes::add);
    workload
        .access()
        .tokens()
        .map(tokens -> secret(TOKENS, tokens.secretName()))
        .ifPresent(volumes::add);
    SourceOptions options = workload.model().options();
    options.credentials().map(name -> secret(CREDENTIALS, name)).ifPresent(volumes::add);
    options.trust().map(Volumes::trust).ifPresent(volumes::add);
    if (trustsByDefault(workload)) {
      volumes.add(defaultTrust(owner));
    }
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
    mounts.add(mount(Names.CONFIG_VOLUME, "/etc/modelserver", true));
    mounts.add(mount(PIN, "/etc/modelserver-pin", true));
    mounts.add(mount(MODEL, "/var/lib/modelserver/model", false));
    mounts.add(mount(TMP, "/tmp", false));
    if (source(workload).isPresent()) {
      mounts.add(mount(SOURCE, "/var/lib/modelserver/source", true));
    }
    mounts.addAll(secretMounts(workload));
    if (workload.model().options().credentials().isPresent()) {
      mounts.add(mount(CREDENTIALS, "/etc/modelserver-credentials", true));
    }
    if (workload.model().options().trust().isPresent()) {
      mounts.add(mount(TRUST, "/etc/modelserver-trust", true));
    }
    if (trustsByDefault(workload)) {
      mounts.add(mount(DEFAULT_TRUST, "/etc/modelserver-default-trust", true));
    }
    return mounts;
  }

  static List<VolumeMount> serverMounts(Workload workload) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(mount(Names.CONFIG_VOLUME, "/etc/modelserver", true));
    mounts.add(mount(MODEL, "/var/lib/modelserver/model", true));
    mounts.add(mount(TMP, "/tmp", false));
    mounts.addAll(secretMounts(workload));
    return mounts;
  }

  /** Whole, never by subPath: the kubelet updates what is mounted so. */
  private static List<VolumeMount> secretMounts(Workload workload) {
    List<VolumeMount> mounts = new ArrayList<>();
    if (workload.access().tls().isPresent()) {
      mounts.add(mount(TLS, "/etc/modelserver-tls", true));
    }
    if (workload.access().tokens().isPresent()) {
      mounts.add(mount(TOKENS, "/etc/modelserver-tokens", true));
    }
    return mounts;
  }

  private static Volume secret(String volume, String name) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewSecret()
        .withSecretName(name)
        .withDefaultMode(READABLE)
        .withOptional(false)
        .endSecret()
        .build();
  }

  /** By its key, so that the kubelet says which one the ConfigMap lacks. */
  private static Volume trust(SourceOptions.Trust trust) {
    return new VolumeBuilder()
        .withName(TRUST)
        .withNewConfigMap()
        .withName(trust.configMap())
        .addNewItem()
        .withKey(trust.key())
        .withPath(trust.key())
        .endItem()
        .withOptional(false)
        .endConfigMap()
        .build();
  }

  private static boolean trustsByDefault(Workload workload) {
    return workload.model().remote() && workload.model().defaultTrust().isPresent();
  }

  /** Optional, for the certificates may be taken out of the operator's configuration again. */
  private static Volume defaultTrust(Owner owner) {
    return new VolumeBuilder()
        .withName(DEFAULT_TRUST)
        .withNewConfigMap()
        .withName(Names.trust(owner))
        .withOptional(true)
        .endConfigMap()
        .build();
  }

  private static Optional<Volume> source(Workload workload) {
    return switch (workload.model().source()) {
      // Whole, so that external data under other keys is there too.
      case ModelSource.MapKey map ->
          Optional.of(
              new VolumeBuilder()
                  .withName(SOURCE)
                  .withNewConfigMap()
                  .withName(map.name())
                  .endConfigMap()
                  .build());
      // Only the mount is read-only: of a claim that is, the kubelet would not apply fsGroup.
      case ModelSource.Claim claim ->
          Optional.of(
              new VolumeBuilder()
                  .withName(SOURCE)
                  .withNewPersistentVolumeClaim()
                  .withClaimName(claim.claimName())
                  .endPersistentVolumeClaim()
                  .build());
      case ModelSource.Uri _ -> Optional.empty();
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
