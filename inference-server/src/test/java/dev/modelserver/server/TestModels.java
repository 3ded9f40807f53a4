package dev.modelserver.server;

import dev.modelserver.server.inference.Batching;
import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.loading.WarmModel;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.ModelLoadException;
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
    WarmModel warm = WarmModel.load(file(name), given);
    return new ServedModel(
        new ModelIdentity(name, "v1", Digest.of(new byte[0])),
        warm.description(),
        warm.signature(),
        warm.roles(),
        warm.axes(),
        17,
        new InferenceService(
            warm.model(),
            warm.signature(),
            new Batching(Batching.Mode.OFF, 1, Duration.ZERO, "not tried"),
            1,
            10,
            Duration.ofSeconds(10),
            RunObserver.NONE));
  }
}
