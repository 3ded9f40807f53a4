package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.grpc.WireTensors;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real exports and telling types over gRPC, in both forms, with the answers that are right: those
 * of Python, or worked out by hand.
 */
class GrpcModelsIT {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sklearn-zipmap",
        "sklearn-zipmap-strings",
        "lightgbm-zipmap",
        "xgboost-zipmap",
        "type-fp16",
        "type-bytes",
        "optional-input",
        "several",
        "output-is-input",
        "output-is-number-input",
        "output-aliases",
        "output-filter",
        "output-more-rows",
        "output-distinct",
        "extension-embedding",
        "extension-split",
        "text-sentiment"
      })
  void answersAsExpected(String model, @TempDir Path folder) throws Exception {
    ExpectedAnswers expected = ExpectedAnswers.of(model);
    try (ServerProcess server = ServerProcess.start(folder, model, "{}");
        GrpcClient client = new GrpcClient(server)) {
      for (ExpectedAnswers.Case each : expected.cases()) {
        for (boolean raw : new boolean[] {true, false}) {
          if (raw || each.inputs().values().stream().allMatch(WireTensors::haveContents)) {
            ModelInferResponse answer =
                client.stub().modelInfer(WireTensors.request(model, each.inputs(), raw).build());
            expected.check(each, WireTensors.outputs(answer));
          }
        }
      }
      assertThat(expected.cases()).isNotEmpty();
    }
  }
}
