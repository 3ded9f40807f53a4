package dev.modelserver.server;

import dev.modelserver.server.inference.Batching;
import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.ClassLabels;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.WarmUp;
import java.nio.file.Path;
import java.time.Duration;

/** The tiny models of the tests; make_models.py beside them says what each computes. */
public final class TestModels {

  public static final Path FOLDER = Path.of("src/test/models").toAbsolutePath();

  private TestModels() {}

  public static Path file(String name) {
    return FOLDER.resolve(name + ".onnx");
  }

  /** A model as it is served: loaded, warm, described. Its service is to be closed. */
  public static ServedModel served(String name, ModelDescription given) throws ModelLoadException {
    OnnxModel model = OnnxModel.load(file(name));
    var _ = WarmUp.run(model, Duration.ofSeconds(10));
    ModelDescription description = given.orElse(model.description());
    var labels = model.labels().orElse(null);
    Signature signature = model.signature(ClassLabels.of(description, labels));
    return new ServedModel(
        new ModelIdentity(name, "v1", Digest.of(new byte[0])),
        description,
        signature,
        17,
        labels,
        new InferenceService(
            model,
            signature,
            new Batching(Batching.Mode.OFF, 1, Duration.ZERO, "not tried"),
            1,
            10,
            Duration.ofSeconds(10),
            RunObserver.NONE));
  }
}
