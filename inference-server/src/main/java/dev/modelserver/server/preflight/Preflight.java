package dev.modelserver.server.preflight;

import dev.modelserver.server.config.AuthenticationConfig;
import dev.modelserver.server.config.ConfigurationException;
import dev.modelserver.server.config.ModelConfig;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.config.ServingConfig;
import dev.modelserver.server.config.TlsConfig;
import dev.modelserver.server.fetch.ExternalData;
import dev.modelserver.server.fetch.ModelStore;
import dev.modelserver.server.fetch.Network;
import dev.modelserver.server.fetch.SourceReader;
import dev.modelserver.server.fetch.SourceReaders;
import dev.modelserver.server.graph.OnnxFileScan;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.model.ModelDirectory.Entry;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TrialResults;
import dev.modelserver.server.preflight.ExpectedDigest.Subject;
import dev.modelserver.server.preflight.ProgressWatch.Phase;
import dev.modelserver.server.secret.ClientTokens;
import dev.modelserver.server.secret.SecretException;
import dev.modelserver.server.secret.ServerCertificate;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import dev.modelserver.server.verification.Verification;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the model, proves it is the one asked for, keeps its files inside its folder, has it
 * tried in a process of its own, and compares its signature with what clients rely on; in this
 * order. Never is it loaded twice at a time, nor in this process.
 */
public final class Preflight {

  /** What is wrong with the copy of the model; takes the kind of the failure. */
  static final String UNREADABLE = "the copy of the model cannot be read: %s";

  /** A failure of the program itself; takes its kind. */
  static final String UNEXPECTED = "preflight failed unexpectedly (%s); its log says why";

  /** What to do about another digest than the one asked for. */
  static final String WRONG_FILE = "; correct spec.model.sha256 or the file";

  private static final int FAILED = 1;

  private final ServerEnvironment environment;
  private final Network network;
  private final TrialProcess process;
  private final ProgressWatch watch;
  private @Nullable Digest digest;
  private @Nullable Long bytes;
  private @Nullable Long opset;
  private @Nullable Duration fetchTime;
  private @Nullable Duration loadTime;
  private @Nullable Signature signature;
  private @Nullable Verification verification;
  private String warnings = "";
  private int exitCode = FAILED;

  /**
   * Prepares a preflight.
   *
   * @param process where the model is tried
   */
  public Preflight(ServerEnvironment environment, Network network, TrialProcess process) {
    this(
        environment,
        network,
        process,
        new ProgressWatch(
            ProgressWatch.PATIENCE, System::nanoTime, report -> giveUp(environment, report)));
  }

  Preflight(
      ServerEnvironment environment, Network network, TrialProcess process, ProgressWatch watch) {
    this.environment = environment;
    this.network = network;
    this.process = process;
    this.watch = watch;
  }

  /**
   * At once: the thread of the preflight may be blocked for good, and an exit would wait for it.
   */
  private static void giveUp(ServerEnvironment environment, Report report) {
    TerminationLog.write(environment.terminationLog(), report);
    Runtime.getRuntime().halt(FAILED);
  }

  /**
   * Has the process leave behind how far a download came when SIGTERM ends it: the kubelet sends it
   * when a rollout is given up.
   */
  public void reportWhenTerminated() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::reportDownload));
  }

  private void reportDownload() {
    network
        .sentence()
        .map(sentence -> Report.failed(Reason.Downloading, sentence))
        .ifPresent(report -> TerminationLog.write(environment.terminationLog(), report));
  }

  /**
   * Does everything once; never throws.
   *
   * @return the verdict; with the reason {@link Reason#Loading} there is none
   */
  public Report run() {
    watch.start();
    try (watch) {
      ServerConfig config = ServerConfig.read(environment);
      checkSecrets(config.serving());
      prepare(config);
      exitCode = 0;
      return report(Reason.ModelLoaded, success());
    } catch (TrialKilledException e) {
      // Exit as the trial process did, so that the container reports what killed it.
      exitCode = e.exitCode();
      return report(Reason.Loading, "the model is being loaded");
    } catch (ConfigurationException e) {
      return report(Reason.InvalidConfiguration, String.valueOf(e.getMessage()));
    } catch (SecretException e) {
      return report(Reason.of(e), e.sentence());
    } catch (PreflightException e) {
      return report(e.reason(), e.sentence());
    } catch (RuntimeException | Error e) {
      log(e);
      return report(Reason.InternalError, UNEXPECTED.formatted(e.getClass().getSimpleName()));
    }
  }

  /** Straight to the log of the container: preflight has no logging to set up. */
  @SuppressWarnings("SystemOut")
  static void log(Throwable thrown) {
    thrown.printStackTrace(System.err);
  }

  /** What the program is to end with after {@link #run}. */
  public int exitCode() {
    return exitCode;
  }

  /** Before the model, whose download may take long. */
  private void checkSecrets(ServingConfig serving) throws SecretException {
    TlsConfig tls = serving.tls();
    if (tls != null) {
      ServerCertificate.read(environment.tlsDirectory(), tls.secretName())
          .check(Instant.now(), tls.names());
    }
    AuthenticationConfig authentication = serving.authentication();
    if (authentication != null) {
      var _ = ClientTokens.read(environment.tokensDirectory(), authentication.secretName());
    }
  }

  private void prepare(ServerConfig serverConfig) throws PreflightException, TrialKilledException {
    ModelConfig config = serverConfig.model();
    long start = System.nanoTime();
    SourceReader source = SourceReaders.of(config, environment, network);
    ModelDirectory target = new ModelDirectory(environment.modelDirectory());
    ModelSeal.remove(target);
    ModelStore store = new ModelStore(target.path(), config.maxBytes(), watch::progressed);
    watch.begins(source.remote() ? Phase.DOWNLOAD : Phase.COPY);
    Optional<Digest> identity = source.identity();
    ExpectedDigest expected =
        new ExpectedDigest(config.sha256(), Optional.of(environment.pinFile()));
    if (identity.isPresent()) {
      digest = identity.get();
      expected.check(identity.get(), Subject.SOURCE);
      // it covers the files, which the source compares with it
      expected = ExpectedDigest.ANY;
    }
    Digest file = source.copyModel(store);
    bytes = store.bytes();
    watch.begins(Phase.INSPECTION);
    OnnxFileScan scan = scan(target, file, expected);
    opset = scan.opset() == 0 ? null : Long.valueOf(scan.opset());
    List<Entry> files = new ArrayList<>(List.of(new Entry(file, source.fileName())));
    watch.begins(source.remote() ? Phase.DOWNLOAD : Phase.COPY);
    for (String location : new TreeSet<>(scan.externalLocations())) {
      Digest external = source.copyExternal(location, store);
      String name = ExternalData.relative(location).toString();
      refusePointer(target, name);
      files.add(new Entry(external, name));
    }
    source.finish(store);
    bytes = store.bytes();
    Digest whole = identity.orElse(ModelDirectory.digest(files));
    digest = whole;
    fetchTime = Duration.ofNanos(System.nanoTime() - start);
    expected.check(whole, files.size() > 1 ? Subject.FILES : Subject.FILE);
    TrialResults results = load(whole, serverConfig);
    watch.begins(Phase.SEAL);
    ModelSeal.set(target, identity, files, results);
  }

  /** The digest to report: that of the whole, where the source told it. */
  private Digest digestOr(Digest file) {
    Digest known = digest;
    return known != null ? known : file;
  }

  /**
   * The file may name others, which then count for the digest too, so it is walked (with limits,
   * and never by ONNX Runtime) before it is judged.
   */
  private OnnxFileScan scan(ModelDirectory target, Digest file, ExpectedDigest expected)
      throws PreflightException {
    try {
      Optional<FileFormat> other = FileFormat.of(target.modelFile());
      if (expected.differs(file) && other.isPresent()) {
        throw mismatch(file, expected, ": " + other.get().sentence());
      }
      if (other.isPresent()) {
        digest = digestOr(file);
        expected.check(file, Subject.FILE);
        throw new PreflightException(Reason.InvalidModel, other.get().sentence());
      }
      OnnxFileScan scan = OnnxFileScan.of(target.modelFile());
      if (expected.differs(file) && scan.externalLocations().isEmpty()) {
        throw mismatch(file, expected, WRONG_FILE);
      }
      return scan;
    } catch (ModelLoadException e) {
      digest = digestOr(file);
      expected.check(file, Subject.FILE);
      throw new PreflightException(Reason.InvalidModel, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private PreflightException mismatch(Digest file, ExpectedDigest expected, String remedy) {
    digest = digestOr(file);
    return expected.mismatch(file, Subject.FILE, remedy);
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
        Reason.DownloadFailed, UNREADABLE.formatted(e.getClass().getSimpleName()));
  }

  private TrialResults load(Digest whole, ServerConfig config)
      throws PreflightException, TrialKilledException {
    watch.begins(Phase.TRIALS);
    // The kernel kills without a word: this is what it would leave behind.
    TerminationLog.begin(
        environment.terminationLog(), report(Reason.Loading, "the model is being loaded"));
    Trials trials =
        new Trials(process, whole, ProgressWatch.PATIENCE, config.serving().requestTimeout());
    TrialReport tried = trials.run();
    signature = tried.signature();
    loadTime = tried.loadTime();
    if (tried.reason() != Reason.ModelLoaded || tried.signature() == null) {
      throw new PreflightException(tried.reason(), tried.message());
    }
    Optional<Baseline> baseline = Baseline.read(environment.configFile());
    if (baseline.isPresent()) {
      baseline.get().check(tried.signature());
    }
    Verification result = tried.verification();
    verification = result;
    if (result != null && !result.failures().isEmpty()) {
      throw new PreflightException(Reason.VerificationFailed, result.sentence());
    }
    warnings = tried.warnings(trials.crashes());
    return trials.results(tried);
  }

  private String success() {
    Verification asked = verification;
    String loaded = "the model is verified and loaded";
    return (asked == null
            ? loaded
            : "%s, and answers %d of %d golden requests as expected"
                .formatted(loaded, asked.passed(), asked.total()))
        + warnings;
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
