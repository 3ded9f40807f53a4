package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.inference.BatchingLimits;
import dev.modelserver.server.inference.Calibration;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.loading.WarmModel;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.onnx.RunOutputs;
import java.time.Duration;

/** A test model, served in this process without HTTP, as version v1. */
public record ServedTestModel(ServedModel model) implements AutoCloseable {

  public static ServedTestModel load(String name) throws ModelLoadException {
    return load(name, ModelDescription.EMPTY);
  }

  /** The same, described otherwise than by its own metadata. */
  public static ServedTestModel load(String name, ModelDescription given)
      throws ModelLoadException {
    WarmModel warm = WarmModel.load(TestModels.file(name), given);
    InferenceService service =
        new InferenceService(
            warm.model(),
            warm.signature(),
            Calibration.decide(
                warm.model(),
                warm.signature(),
                warm.independence(),
                warm.rows(),
                BatchingLimits.DEFAULT,
                true),
            1,
            10,
            Duration.ofSeconds(10),
            RunObserver.NONE);
    return new ServedTestModel(
        new ServedModel(
            new ModelIdentity(name, "v1", Digest.of(new byte[0])),
            warm.description(),
            warm.signature(),
            warm.roles(),
            warm.axes(),
            17,
            service));
  }

  public RunOutputs infer(InferenceRequest request) {
    return model.service().infer(request).join();
  }

  @Override
  public void close() {
    assertThat(model.service().close(Duration.ofSeconds(10))).isTrue();
  }
}
