package dev.modelserver.server.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.independence.RowIndependence;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.SessionSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@link Calibration} decides for the models of the tests. */
final class Decisions {

  static final String OWN_PROOF = "";

  private Decisions() {}

  /**
   * Decides.
   *
   * @param proof the model whose proof is taken; {@link #OWN_PROOF}: its own; null: none
   */
  static Batching of(
      String name, BatchingLimits limits, @Nullable String proof, boolean boundedWork)
      throws Exception {
    return of(name, limits, proof, boundedWork, SessionSettings.DEFAULT);
  }

  /** The same for a model that is run otherwise. */
  static Batching of(
      String name,
      BatchingLimits limits,
      @Nullable String proof,
      boolean boundedWork,
      SessionSettings settings)
      throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file(name), settings);
    Signature signature = model.signature(List.of());
    Optional<RowIndependence> independence =
        Optional.ofNullable(proof)
            .map(other -> other.equals(OWN_PROOF) ? name : other)
            .flatMap(file -> ModelGraph.of(TestModels.file(file)))
            .map(RowIndependence::of)
            .map(rows -> rows.among(settings.intraOpThreads()));
    TrialRows rows = TrialRows.of(signature, ModelGraph.of(TestModels.file(name)));
    Batching batching =
        Calibration.decide(model, signature, independence, rows, limits, boundedWork);
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
    return batching;
  }
}
