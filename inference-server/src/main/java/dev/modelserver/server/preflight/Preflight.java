package dev.modelserver.server.preflight;

import dev.modelserver.server.config.ConfigurationException;
import dev.modelserver.server.config.ModelConfig;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.graph.OnnxFileScan;
import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.loading.WarmModel;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.model.ModelDirectory.Entry;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.verification.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the model, proves it is the one asked for, keeps its files inside its folder, loads it
 * once, compares its signature with what clients rely on, asks it the golden requests; in this
 * order.
 */
public final class Preflight {

  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final ServerEnvironment environment;
  private final Download download;
  private @Nullable Digest digest;
  private @Nullable Long bytes;
  private @Nullable Long opset;
  private @Nullable Duration fetchTime;
  private @Nullable Duration loadTime;
  private @Nullable Signature signature;
  private @Nullable Verification verification;

  public Preflight(ServerEnvironment environment, Download download) {
    this.environment = environment;
    this.download = download;
  }

  /** Does everything once; never throws. */
  public Report run() {
    try {
      ServerConfig config = ServerConfig.read(environment.configFile());
      prepare(config);
      return report(Reason.ModelLoaded, success());
    } catch (ConfigurationException e) {
      return report(Reason.InvalidConfiguration, String.valueOf(e.getMessage()));
    } catch (PreflightException e) {
      return report(e.reason(), e.sentence());
    } catch (RuntimeException | Error e) {
      log(e);
      return report(
          Reason.InternalError,
          "preflight failed unexpectedly (" + e.getClass().getSimpleName() + "); its log says why");
    }
  }

  /** Straight to the log of the container: preflight has no logging to set up. */
  @SuppressWarnings("SystemOut")
  private static void log(Throwable thrown) {
    thrown.printStackTrace(System.err);
  }

  private void prepare(ServerConfig serverConfig) throws PreflightException {
    ModelConfig config = serverConfig.model();
    long start = System.nanoTime();
    ModelSource source = ModelSource.parse(config.uri(), environment.sourceDirectory());
    ModelDirectory target = new ModelDirectory(environment.modelDirectory());
    unseal(target);
    ModelStore store = new ModelStore(target.path(), config.maxBytes());
    Digest file =
        switch (source) {
          case ModelSource.Local local -> LocalFiles.copyModel(local, store);
          case ModelSource.Remote remote -> download.copyModel(remote.uri(), store);
        };
    bytes = store.bytes();
    OnnxFileScan scan = scan(source, target, file, config);
    opset = scan.opset() == 0 ? null : Long.valueOf(scan.opset());
    List<Entry> files = new ArrayList<>(List.of(new Entry(file, name(config.uri()))));
    for (String location : new TreeSet<>(scan.externalLocations())) {
      Digest external = external(source, location, store);
      String name = LocalFiles.relative(location).toString();
      refusePointer(target, name);
      files.add(new Entry(external, name));
    }
    bytes = store.bytes();
    Digest whole = ModelDirectory.digest(files);
    digest = whole;
    fetchTime = Duration.ofNanos(System.nanoTime() - start);
    compare(whole, config.sha256(), files.size() > 1);
    load(target, serverConfig, whole, scan);
    seal(target, files);
  }

  /**
   * The digest comes first: a download that is not the one asked for is not even looked into. A
   * file in a folder may name others, which then count too, so it is walked (with limits, and never
   * by ONNX Runtime) before it is judged.
   */
  private OnnxFileScan scan(
      ModelSource source, ModelDirectory target, Digest file, ModelConfig config)
      throws PreflightException {
    Digest expected = config.sha256();
    try {
      Optional<FileFormat> other = FileFormat.of(target.modelFile());
      if (expected != null && !expected.equals(file)) {
        if (other.isPresent()) {
          throw mismatch(file, expected, false, ": " + other.get().sentence());
        }
        if (source instanceof ModelSource.Remote) {
          throw mismatch(file, expected, false);
        }
      }
      if (other.isPresent()) {
        digest = file;
        compare(file, expected, false);
        throw new PreflightException(Reason.InvalidModel, other.get().sentence());
      }
      OnnxFileScan scan = OnnxFileScan.of(target.modelFile());
      if (expected != null && !expected.equals(file) && scan.externalLocations().isEmpty()) {
        throw mismatch(file, expected, false);
      }
      return scan;
    } catch (ModelLoadException e) {
      digest = file;
      compare(file, expected, false);
      throw new PreflightException(Reason.InvalidModel, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static Digest external(ModelSource source, String location, ModelStore store)
      throws PreflightException {
    if (source instanceof ModelSource.Local local) {
      Path folder = local.file().getParent();
      return LocalFiles.copyExternal(folder == null ? Path.of("/") : folder, location, store);
    }
    Path relative = LocalFiles.relative(location);
    throw new PreflightException(
        Reason.InvalidModel,
        "the model needs the external data file \""
            + relative
            + "\", which a download of one file does not bring; export the model in one file, or"
            + " put both on a volume");
  }

  private static void refusePointer(ModelDirectory target, String name) throws PreflightException {
    try {
      if (FileFormat.isPointer(target.path().resolve(name))) {
        throw new PreflightException(
            Reason.InvalidModel,
            "the model's external data file \"%s\" is a Git LFS pointer; run \"git lfs pull\" before copying it"
                .formatted(name));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static PreflightException unreadable(IOException e) {
    return new PreflightException(
        Reason.DownloadFailed,
        "the copy of the model cannot be read: " + e.getClass().getSimpleName());
  }

  private void compare(Digest found, @Nullable Digest expected, boolean several)
      throws PreflightException {
    if (expected != null && !expected.equals(found)) {
      throw mismatch(found, expected, several);
    }
    Digest pinned = pin();
    if (pinned != null && !pinned.equals(found)) {
      throw new PreflightException(
          Reason.DigestMismatch,
          "the model's SHA-256 is %s, but this revision began with %s; put the old file back, or roll out the new one by setting spec.model.sha256"
              .formatted(found.hex(), pinned.hex()));
    }
  }

  private PreflightException mismatch(Digest found, Digest expected, boolean several) {
    return mismatch(found, expected, several, "; correct spec.model.sha256 or the file");
  }

  private PreflightException mismatch(
      Digest found, Digest expected, boolean several, String remedy) {
    digest = found;
    return new PreflightException(
        Reason.ChecksumMismatch,
        "the model's SHA-256 is %s%s, but spec.model.sha256 is %s%s"
            .formatted(
                found.hex(), several ? " (of the list of its files)" : "", expected.hex(), remedy));
  }

  private @Nullable Digest pin() throws PreflightException {
    Path file = environment.pinFile();
    try {
      return Files.isRegularFile(file) && Files.size(file) > 0
          ? new Digest(Files.readString(file).strip())
          : null;
    } catch (IOException | IllegalArgumentException e) {
      throw new PreflightException(
          Reason.InvalidConfiguration,
          "the digest pin of this revision cannot be read; it takes 64 hexadecimal digits");
    }
  }

  private void load(ModelDirectory target, ServerConfig config, Digest whole, OnnxFileScan scan)
      throws PreflightException {
    long start = System.nanoTime();
    // The kernel kills without a word: this is what it would leave behind.
    TerminationLog.begin(
        environment.terminationLog(), report(Reason.Loading, "the model is being loaded"));
    WarmModel warm;
    try {
      warm = WarmModel.load(target.modelFile(), config.model().description());
    } catch (ModelLoadException e) {
      throw new PreflightException(Reason.of(e), String.valueOf(e.getMessage()));
    }
    try {
      signature = warm.signature();
      loadTime = Duration.ofNanos(System.nanoTime() - start);
      Optional<Baseline> baseline = Baseline.read(environment.configFile());
      if (baseline.isPresent()) {
        baseline.get().check(warm.signature());
      }
      verify(warm, config, whole, scan);
    } finally {
      var _ = warm.model().close(CLOSE);
    }
  }

  private void verify(WarmModel warm, ServerConfig config, Digest whole, OnnxFileScan scan)
      throws PreflightException {
    if (config.verification().isEmpty()) {
      return;
    }
    ServedModel served = warm.serve(config, whole, scan, RunObserver.NONE);
    try {
      Verification result = Verification.run(served, config.verification(), environment.podName());
      verification = result;
      if (!result.failures().isEmpty()) {
        throw new PreflightException(Reason.VerificationFailed, result.sentence());
      }
    } finally {
      var _ = served.service().close(CLOSE);
    }
  }

  private String success() {
    Verification asked = verification;
    return asked == null
        ? "the model is verified and loaded"
        : "the model is verified and loaded, and answers %d of %d golden requests as expected"
            .formatted(asked.passed(), asked.total());
  }

  private static void unseal(ModelDirectory target) throws PreflightException {
    try {
      Files.createDirectories(target.path());
      Files.deleteIfExists(target.path().resolve(ModelDirectory.DIGEST_FILE));
    } catch (IOException e) {
      throw new PreflightException(
          Reason.DownloadFailed,
          "the model directory cannot be written: "
              + e.getClass().getSimpleName()
              + "; mount an emptyDir there");
    }
  }

  private static void seal(ModelDirectory target, List<Entry> files) throws PreflightException {
    try {
      target.seal(files);
    } catch (IOException e) {
      throw new PreflightException(
          Reason.DownloadFailed,
          "the model directory cannot be written: "
              + e.getClass().getSimpleName()
              + "; raise the ephemeral storage of the pod");
    }
  }

  private static String name(String uri) {
    String bare = Urls.shown(uri);
    return bare.substring(bare.lastIndexOf('/') + 1);
  }

  private Report report(Reason reason, String message) {
    return new Report(
        reason,
        message,
        digest,
        bytes,
        opset,
        fetchTime,
        loadTime,
        MemoryPeak.read(),
        signature,
        verification);
  }
}
