package dev.modelserver.server.preflight;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.fetch.AddressPolicy;
import dev.modelserver.server.fetch.Limits;
import dev.modelserver.server.fetch.Network;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.preflight.ProgressWatch.Phase;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightTest {

  @TempDir Path root;

  @Test
  void verifiesLoadsAndSeals() throws IOException {
    put("linear");

    Report report = run("linear.onnx", "");

    assertThat(report.reason()).isEqualTo(Reason.ModelLoaded);
    assertThat(report.digest()).isEqualTo(sha256("linear"));
    assertThat(report.opset()).isEqualTo(17);
    assertThat(report.bytes()).isEqualTo(Files.size(TestModels.file("linear")));
    assertThat(new ModelDirectory(root.resolve("model")).verify()).isEqualTo(sha256("linear"));
  }

  @Test
  void readsAConfigMapWhoseFilesAreLinks() throws IOException {
    Path data = Files.createDirectories(root.resolve("source/..2026_01_01"));
    Files.copy(TestModels.file("linear"), data.resolve("model.onnx"));
    Files.createSymbolicLink(root.resolve("source/..data"), Path.of("..2026_01_01"));
    Files.createSymbolicLink(root.resolve("source/model.onnx"), Path.of("..data/model.onnx"));

    assertThat(runWith(configMap("model.onnx")).reason()).isEqualTo(Reason.ModelLoaded);
  }

  @Test
  void readsExternalDataUnderAnotherKeyOfTheConfigMap() throws IOException {
    Path data = Files.createDirectories(root.resolve("source/..2026_01_01"));
    Files.createSymbolicLink(root.resolve("source/..data"), Path.of("..2026_01_01"));
    for (String key : List.of("external.onnx", "external.bin")) {
      Files.copy(TestModels.FOLDER.resolve(key), data.resolve(key));
      Files.createSymbolicLink(root.resolve("source/" + key), Path.of("..data/" + key));
    }

    Report report = runWith(configMap("external.onnx"));

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
  }

  @Test
  void namesTheKeysThatAConfigMapHas() throws IOException {
    Path source = Files.createDirectories(root.resolve("source"));
    Files.createDirectory(source.resolve("..data"));
    assertThat(runWith(configMap("model.onnx")).message())
        .isEqualTo(
            "ConfigMap iris has no key model.onnx; it has none: correct spec.model.configMap.key, or add the key");
    Files.writeString(source.resolve("model.onxx"), "");
    Files.writeString(source.resolve("notes"), "");

    Report report = runWith(configMap("model.onnx"));

    assertThat(report.reason()).isEqualTo(Reason.ModelNotFound);
    assertThat(report.message())
        .isEqualTo(
            "ConfigMap iris has no key model.onnx; it has model.onxx, notes: correct spec.model.configMap.key, or add the key");
    for (int i = 0; i < 12; i++) {
      Files.writeString(source.resolve("key-%02d".formatted(i)), "");
    }
    assertThat(runWith(configMap("model.onnx")).message())
        .contains("it has key-00, ", "key-09 and 4 more: correct");
  }

  @Test
  void namesTheFileThatAClaimDoesNotHave() throws IOException {
    Files.createDirectories(root.resolve("source"));

    Report report = run("digits/model.onnx", "");

    assertThat(report.reason()).isEqualTo(Reason.ModelNotFound);
    assertThat(report.message())
        .isEqualTo(
            "PersistentVolumeClaim models has no file digits/model.onnx; correct spec.model.persistentVolumeClaim.path, or put the file there");
  }

  @Test
  void readsZipMapAsATensorWithClasses() throws IOException {
    put("string-labels");

    Report report = run("string-labels.onnx", "");

    assertThat(
            new String(
                SignatureText.json(requireNonNull(report.signature())), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"inputs\":[{\"name\":\"age\",\"datatype\":\"INT64\",\"shape\":[-1,1]},{\"name\":\"pressure\",\"datatype\":\"INT64\",\"shape\":[-1,1]}],"
                + "\"outputs\":[{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[-1]},{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[-1,2]}],"
                + "\"classes\":[\"high\",\"low\"]}");
  }

  @ParameterizedTest
  @CsvSource({
    "opset-99, UnsupportedOpset, 99",
    "ir-99, UnsupportedOpset, 99",
    "unknown-operator, UnsupportedOperator, Frobnicate",
    "float8-type, UnsupportedModel, FLOAT8E4M3FN",
    "optional-type, UnsupportedModel, optional",
    "sequence-input, UnsupportedModel, sequence of FLOAT",
    "external, InvalidModel, external.bin",
    "external-parent, ExternalDataOutside, ../outside.bin",
    "external-absolute, ExternalDataOutside, /etc/hostname",
    "external-branch, ExternalDataOutside, ../branch.bin",
    "external-sparse, ExternalDataOutside, ../sparse.bin",
    "external-function, ExternalDataOutside, ../function.bin",
  })
  void refusesModels(String model, Reason reason, String words) throws IOException {
    put(model);
    for (String name : new String[] {"outside", "branch", "sparse", "function"}) {
      Files.write(root.resolve(name + ".bin"), new byte[8]);
    }

    Report report = run(model + ".onnx", "");

    assertThat(report.reason()).isEqualTo(reason);
    assertThat(report.message()).contains(words).doesNotContain(root.toString());
    assertThat(report.reason().finalCause()).isTrue();
    assertThat(root.resolve("model/digest")).doesNotExist();
  }

  @Test
  void leavesBehindThatItWasLoadingShouldItBeKilled() throws IOException {
    put("linear");

    run("linear.onnx", "");

    assertThat(Files.readString(root.resolve("log")))
        .contains("\"outcome\":\"Started\",\"reason\":\"Loading\"", "\"bytes\":");
  }

  @Test
  void refusesGarbageAndTruncatedFiles() throws IOException {
    Path source = Files.createDirectories(root.resolve("source"));
    Files.writeString(source.resolve("page.onnx"), "<html><body>Not found</body></html>");
    Files.write(source.resolve("empty.onnx"), new byte[0]);
    byte[] whole = Files.readAllBytes(TestModels.file("linear"));
    Files.write(source.resolve("half.onnx"), Arrays.copyOf(whole, whole.length / 2));

    for (String name : new String[] {"page.onnx", "empty.onnx", "half.onnx"}) {
      assertThat(run(name, "").reason()).as(name).isEqualTo(Reason.InvalidModel);
    }
    assertThat(run("page.onnx", "").message()).contains("is an HTML page, not an ONNX model");
    assertThat(run("empty.onnx", "").message()).contains("is empty");
    assertThat(run("half.onnx", "").message()).contains("or not all of it");
  }

  @Test
  void recognizesAPointerInPlaceOfExternalData() throws IOException {
    put("external");
    Files.writeString(
        root.resolve("source/external.bin"),
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n");

    Report report = run("external.onnx", "");

    assertThat(report.reason()).isEqualTo(Reason.InvalidModel);
    assertThat(report.message()).contains("\"external.bin\" is a Git LFS pointer");
  }

  @Test
  void comparesTheDigestBeforeItLooksInside() throws IOException {
    Path source = Files.createDirectories(root.resolve("source"));
    Files.writeString(source.resolve("page.onnx"), "<html></html>");
    put("linear");
    String other = ",\"sha256\":\"" + "0".repeat(64) + "\"";

    Report page = run("page.onnx", other);
    assertThat(page.reason()).isEqualTo(Reason.ChecksumMismatch);
    assertThat(page.message()).contains("is an HTML page");
    Report report = run("linear.onnx", other);
    assertThat(report.reason()).isEqualTo(Reason.ChecksumMismatch);
    assertThat(report.digest()).isEqualTo(sha256("linear"));
    assertThat(run("linear.onnx", ",\"sha256\":\"" + sha256("linear").hex() + "\"").reason())
        .isEqualTo(Reason.ModelLoaded);
  }

  @Test
  void obeysThePin() throws IOException {
    put("linear");
    Files.writeString(root.resolve("pin"), "0".repeat(64) + "\n");

    assertThat(run("linear.onnx", "").reason()).isEqualTo(Reason.DigestMismatch);

    Files.writeString(root.resolve("pin"), sha256("linear").hex());
    assertThat(run("linear.onnx", "").reason()).isEqualTo(Reason.ModelLoaded);
  }

  @Test
  void takesExternalDataBesideTheModelAndCountsItInTheDigest() throws IOException {
    put("external");
    Path weights = root.resolve("source/external.bin");
    Files.copy(TestModels.FOLDER.resolve("external.bin"), weights);
    String listing =
        sha256("external").hex()
            + "  external.onnx\n"
            + Digest.of(Files.readAllBytes(weights)).hex()
            + "  external.bin\n";
    Digest whole = Digest.of(listing.getBytes(StandardCharsets.UTF_8));

    Report report = run("external.onnx", ",\"sha256\":\"" + whole.hex() + "\"");

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
    assertThat(report.digest()).isEqualTo(whole);
    assertThat(new ModelDirectory(root.resolve("model")).verify()).isEqualTo(whole);
    assertThat(run("external.onnx", ",\"sha256\":\"" + sha256("external").hex() + "\"").reason())
        .isEqualTo(Reason.ChecksumMismatch);
  }

  @Test
  void refusesLinksThatLeaveTheFolder() throws IOException {
    put("external");
    Path outside = root.resolve("outside.bin");
    Files.write(outside, new byte[8]);
    Path inside = root.resolve("source/external.bin");

    Files.createSymbolicLink(inside, outside);
    assertThat(run("external.onnx", "").message()).contains("is a link that leaves");
    Files.delete(inside);
    Files.createLink(inside, outside);
    Report report = run("external.onnx", "");
    assertThat(report.reason()).isEqualTo(Reason.ExternalDataOutside);
    assertThat(report.message()).contains("hard link");
  }

  @ParameterizedTest
  @CsvSource({
    "../../etc/passwd, InvalidConfiguration",
    "/etc/passwd, InvalidConfiguration",
    "., InvalidConfiguration",
    "ftp://host/model.onnx?sig=secret, InvalidConfiguration",
    "http://user:secret@host/model.onnx, InvalidConfiguration",
    "http://user:a/secret@host/model.onnx, InvalidConfiguration",
    "https://host/mo del?sig=secret, InvalidConfiguration",
    "http://127.0.0.1/model.onnx?sig=secret, DownloadRefused",
    "http://169.254.169.254/latest, DownloadRefused",
    "file:///nowhere/model.onnx, ModelNotFound",
    "file:///tmp, ModelNotFound",
    "file:///dev/zero, ModelNotFound",
  })
  void saysWhatIsWrongWithALocation(String uri, Reason reason) throws IOException {
    Files.createDirectories(root.resolve("source"));

    Report report = run(uri, "");

    assertThat(report.reason()).isEqualTo(reason);
    assertThat(report.message()).doesNotContain("secret");
  }

  @Test
  void refusesWhatIsTooLarge() throws IOException {
    put("linear");

    assertThat(run("linear.onnx", ",\"maxBytes\":50").reason()).isEqualTo(Reason.ModelTooLarge);
  }

  @Test
  void refusesAConfigurationThatCannotBeRead() throws IOException {
    Files.writeString(root.resolve("config.json"), "{");

    assertThat(preflight().run().reason()).isEqualTo(Reason.InvalidConfiguration);
  }

  @Test
  void reportsItsOwnFailures() throws IOException {
    Network broken =
        new Network(
            address -> {
              throw new IllegalStateException("words of the inside");
            },
            Limits.DEFAULT);
    write(uri("http://127.0.0.1/model.onnx"), "");

    Report report = preflight(broken).run();

    assertThat(report.reason()).isEqualTo(Reason.InternalError);
    assertThat(report.reason().finalCause()).isFalse();
    assertThat(report.message())
        .isEqualTo("preflight failed unexpectedly (IllegalStateException); its log says why");
  }

  /** A phase that is not told of has the limit and the remedy of another. */
  @Test
  void tellsTheWatchWhatItDoes() throws IOException {
    put("linear");
    write(claim("linear.onnx"), "");
    List<Phase> phases = new ArrayList<>();
    AtomicReference<ProgressWatch> told = new AtomicReference<>();
    ProgressWatch watch =
        new ProgressWatch(
            ProgressWatch.PATIENCE,
            () -> {
              if (told.get() != null && !told.get().phase().equals(last(phases))) {
                phases.add(told.get().phase());
              }
              return 0;
            },
            report -> {
              throw new AssertionError(report);
            });
    told.set(watch);
    ServerEnvironment environment = environment();

    Report report =
        new Preflight(
                environment,
                new Network(AddressPolicy.publicAndPrivate(), Limits.DEFAULT),
                TrialProcesses.inThisOne(environment),
                watch)
            .run();

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
    assertThat(phases)
        .containsSubsequence(Phase.COPY, Phase.INSPECTION, Phase.COPY, Phase.TRIALS, Phase.SEAL)
        .endsWith(Phase.SEAL);
  }

  private static @Nullable Phase last(List<Phase> phases) {
    return phases.isEmpty() ? null : phases.getLast();
  }

  private void put(String model) throws IOException {
    Files.copy(
        TestModels.file(model),
        Files.createDirectories(root.resolve("source")).resolve(model + ".onnx"));
  }

  private static Digest sha256(String model) throws IOException {
    return Digest.of(Files.readAllBytes(TestModels.file(model)));
  }

  /** Runs on a URI, or on a file of the claim. */
  private Report run(String model, String more) throws IOException {
    write(model.contains("://") ? uri(model) : claim(model), more);
    return preflight().run();
  }

  private Report runWith(String source) throws IOException {
    write(source, "");
    return preflight().run();
  }

  private static String uri(String uri) {
    return "\"uri\":\"%s\"".formatted(uri);
  }

  private static String claim(String path) {
    return "\"persistentVolumeClaim\":{\"claimName\":\"models\",\"path\":\"%s\"}".formatted(path);
  }

  private static String configMap(String key) {
    return "\"configMap\":{\"name\":\"iris\",\"key\":\"%s\"}".formatted(key);
  }

  private void write(String source, String more) throws IOException {
    Files.writeString(
        root.resolve("config.json"),
        "{\"contract\":1,\"model\":{\"name\":\"m\",%s%s},\"unknown\":1}".formatted(source, more));
  }

  private Preflight preflight() {
    return preflight(new Network(AddressPolicy.publicAndPrivate(), Limits.DEFAULT));
  }

  private ServerEnvironment environment() {
    return PreflightEnvironment.of(root, root.resolve("source"));
  }

  private Preflight preflight(Network network) {
    ServerEnvironment environment = environment();
    return new Preflight(environment, network, TrialProcesses.inThisOne(environment));
  }
}
