package dev.modelserver.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.inference.Batching;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.ModelState;
import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.ClassNames;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.ScoreKind;
import dev.modelserver.server.onnx.OnnxModel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {

  @Test
  void isReadyWithAModelAndAnOpenPortUntilItDrains() throws ModelLoadException {
    OnnxModel model = OnnxModel.load(TestModels.file("linear"));
    InferenceService service =
        new InferenceService(
            model,
            model.signature(List.of()),
            new Batching(Batching.Mode.OFF, 1, Duration.ZERO, "not tried"),
            1,
            10,
            Duration.ofSeconds(10),
            RunObserver.NONE);
    CurrentModel current = new CurrentModel();
    Health health = new Health(current);

    current.set(
        new ModelState.Ready(
            new ServedModel(
                new ModelIdentity("linear", "v1", Digest.of(new byte[0])),
                ModelDescription.EMPTY,
                model.signature(List.of()),
                new OutputRoles(
                    null, false, null, ScoreKind.SCORES, false, null, List.of(), ClassNames.NONE),
                RowAxes.NONE,
                17,
                service)));
    assertThat(health.ready().status()).isEqualTo(503);
    assertThat(health.ready().json().toString()).contains("not_ready", "\"model_loaded\":true");
    current.listen(CurrentModel.Port.HTTP);
    current.listen(CurrentModel.Port.GRPC);
    assertThat(health.ready().status()).isEqualTo(200);
    current.drain();
    assertThat(health.ready().status()).isEqualTo(503);
    assertThat(health.ready().json().toString()).contains("draining");
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void isNotReadyWithoutAModel() {
    CurrentModel current = new CurrentModel();
    current.listen(CurrentModel.Port.HTTP);
    current.listen(CurrentModel.Port.GRPC);

    assertThat(new Health(current).ready().status()).isEqualTo(503);
  }
}
