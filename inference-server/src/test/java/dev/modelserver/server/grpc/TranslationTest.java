package dev.modelserver.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.ExpectedAnswers;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferRequestedOutputTensor;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.RunTimes;
import dev.modelserver.server.tensor.RawTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests and answers of all test models, there and back, in both forms. */
class TranslationTest {

  private static final ModelIdentity MODEL =
      new ModelIdentity("m", "v1", new Digest("0".repeat(64)));

  static List<String> models() {
    return ExpectedAnswers.models();
  }

  @ParameterizedTest
  @MethodSource("models")
  void keepsEveryValue(String model)
      throws RequestException, InferenceException, RawTensor.FormatException {
    for (ExpectedAnswers.Case each : ExpectedAnswers.of(model).cases()) {
      for (boolean raw : new boolean[] {true, false}) {
        boolean possible =
            raw || each.inputs().values().stream().allMatch(WireTensors::haveContents);
        if (possible) {
          check(each, raw);
        }
      }
    }
  }

  @Test
  void answersOnlyWhatIsWantedInThatOrder()
      throws RequestException, InferenceException, RawTensor.FormatException {
    Map<String, Tensor> outputs = ExpectedAnswers.of("several").cases().getFirst().outputs();
    ModelInferRequest request =
        Messages.request()
            .addOutputs(InferRequestedOutputTensor.newBuilder().setName("third"))
            .addOutputs(InferRequestedOutputTensor.newBuilder().setName("first"))
            .build();

    assertThat(WireTensors.outputs(answer(request, outputs)).keySet())
        .containsExactly("third", "first");
  }

  @Test
  void aTypeWithoutAFieldMakesTheAnswerRaw()
      throws RequestException, InferenceException, RawTensor.FormatException {
    Map<String, Tensor> outputs = ExpectedAnswers.of("type-fp16").cases().getFirst().outputs();

    ModelInferResponse answer = answer(Messages.request().setId("7").build(), outputs);

    assertThat(answer.getRawOutputContentsCount()).isEqualTo(outputs.size());
    assertThat(answer.getOutputsList())
        .noneMatch(ModelInferResponse.InferOutputTensor::hasContents);
    assertThat(WireTensors.outputs(answer)).isEqualTo(outputs);
    assertThat(answer.getId()).isEqualTo("7");
    assertThat(answer.getModelName()).isEqualTo("m");
    assertThat(answer.getModelVersion()).isEqualTo("v1");
  }

  private static void check(ExpectedAnswers.Case each, boolean raw)
      throws RequestException, InferenceException, RawTensor.FormatException {
    ModelInferRequest request = WireTensors.request("m", each.inputs(), raw).build();

    assertThat(Messages.tensors(request)).isEqualTo(each.inputs());
    ModelInferResponse answer = answer(request, each.outputs());
    assertThat(WireTensors.outputs(answer)).isEqualTo(each.outputs());
    assertThat(answer.getRawOutputContentsCount() > 0)
        .isEqualTo(
            request.getRawInputContentsCount() > 0
                || !each.outputs().values().stream().allMatch(WireTensors::haveContents));
  }

  private static ModelInferResponse answer(ModelInferRequest request, Map<String, Tensor> outputs)
      throws RequestException, InferenceException {
    return OutputMessage.of(
        MODEL, Messages.read(request), new RunOutputs(outputs, new RunTimes(0, 0, 0)));
  }
}
