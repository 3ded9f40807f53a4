package dev.modelserver.server;

import static dev.modelserver.server.GrpcClient.failure;
import static dev.modelserver.server.GrpcClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferRequestedOutputTensor;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inference over gRPC by the packaged server, on a model with integer labels and a ZipMap. */
class GrpcIT {

  private static final String MODEL = "integer-labels";
  private static final ModelInferRequest GOOD = request(MODEL, 2, 3, 1, 1, 3).setId("7").build();

  @RegisterExtension private static final ServerProcess server = ServerProcess.of(MODEL, "{}");

  @AutoClose private static final GrpcClient client = new GrpcClient(server);
  private static final GRPCInferenceServiceBlockingStub stub = client.stub();

  @AfterEach
  void stillAnswers() {
    assertThat(stub.modelInfer(GOOD).getId()).isEqualTo("7");
  }

  @Test
  void infers() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();

    ModelInferResponse answer =
        stub.withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
            .modelInfer(GOOD);

    assertThat(answer.getModelName()).isEqualTo(MODEL);
    assertThat(answer.getModelVersion()).isEqualTo("v1");
    assertThat(answer.getId()).isEqualTo("7");
    assertThat(answer.getOutputs(0).getName()).isEqualTo("label");
    assertThat(answer.getOutputs(0).getDatatype()).isEqualTo("INT64");
    assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L);
    assertThat(answer.getOutputs(0).getContents().getInt64ContentsList()).containsExactly(1L, 0L);
    assertThat(answer.getOutputs(1).getName()).isEqualTo("probabilities");
    assertThat(answer.getOutputs(1).getShapeList()).containsExactly(2L, 2L);
    List<Float> probabilities = answer.getOutputs(1).getContents().getFp32ContentsList();
    assertThat(probabilities.get(1)).isEqualTo(probabilities.get(2)).isGreaterThan(0.9f);
    assertThat(value(headers, "x-model-digest")).matches("sha256:[0-9a-f]{64}");
  }

  @Test
  void repeatsTheRequestsId() {
    Metadata sent = new Metadata();
    sent.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "seven");
    AtomicReference<Metadata> headers = new AtomicReference<>();

    var _ =
        stub.withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(sent),
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
            .modelInfer(GOOD);

    assertThat(value(headers, "x-request-id")).isEqualTo("seven");
  }

  @Test
  void infersFromRawContentsIntoRawContents() {
    ByteString numbers =
        ByteString.copyFrom(new byte[] {0, 0, 0x40, 0x40, 0, 0, (byte) 0x80, 0x3f});
    ModelInferRequest.Builder raw = request(MODEL, 2, 3, 1);
    raw.getInputsBuilder(0).clearContents();

    ModelInferResponse answer =
        stub.modelInfer(
            raw.addRawInputContents(numbers)
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("label"))
                .build());

    assertThat(answer.getOutputsCount()).isEqualTo(1);
    assertThat(answer.getOutputs(0).hasContents()).isFalse();
    assertThat(answer.getRawOutputContentsList())
        .containsExactly(ByteString.copyFrom(new byte[] {1, 0, 0, 0, 0, 0, 0, 0}));
  }

  @Test
  void answersACompressedRequestCompressed() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();

    ModelInferResponse answer =
        stub.withCompression("gzip")
            .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
            .modelInfer(GOOD);

    assertThat(answer).isEqualTo(stub.modelInfer(GOOD));
    assertThat(value(headers, "grpc-encoding")).isEqualTo("gzip");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "other||x|FP32|2|NOT_FOUND|there is no model \"other\" here; this server has"
            + " \"integer-labels\"",
        "integer-labels|2|x|FP32|2|NOT_FOUND|there is no version \"2\" of the model"
            + " \"integer-labels\" here; this server has \"v1\"; the version may be omitted",
        "integer-labels||z|FP32|2|INVALID_ARGUMENT|\"z\" is not an input of the model; its inputs"
            + " are x",
        "integer-labels||x|FP64|2|INVALID_ARGUMENT|the input \"x\" has the datatype FP64; the model"
            + " takes FP32",
        "integer-labels||x|FP32|3|INVALID_ARGUMENT|the input \"x\" has the shape [1,3]; the model"
            + " takes [?,2], where ? is any size",
      })
  void refusesWhatDoesNotFit(
      String model,
      String version,
      String input,
      String datatype,
      long columns,
      String code,
      String words) {
    ModelInferRequest.Builder request = request(model, 2, 3, 1);
    request.setModelVersion(version == null ? "" : version);
    request.getInputsBuilder(0).setName(input).setDatatype(datatype).setShape(1, columns);

    Status status = failure(() -> stub.modelInfer(request.build()));

    assertThat(status.getCode().name()).isEqualTo(code);
    assertThat(status.getDescription()).isEqualTo(words);
  }

  @Test
  void refusesAnOutputThatIsNone() {
    Status status =
        failure(
            () ->
                stub.modelInfer(
                    GOOD.toBuilder()
                        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("z"))
                        .build()));

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription())
        .isEqualTo("\"z\" is not an output of the model; its outputs are label, probabilities");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip"})
  void refusesAMessageBeyondTheLimit(String compression) {
    ModelInferRequest large =
        GOOD.toBuilder().addRawInputContents(ByteString.copyFrom(new byte[65 << 20])).build();

    Status status = failure(() -> stub.withCompression(compression).modelInfer(large));

    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription())
        .isEqualTo(
            "the body has more than 67108864 bytes, the limit; send fewer rows per request; the limit cannot be raised above 67108864 bytes");
  }

  @Test
  void countsWhatItDoes() {
    var _ = stub.modelInfer(GOOD);
    var _ = failure(() -> stub.modelInfer(request("other", 2, 1, 2).build()));

    await()
        .untilAsserted(
            () ->
                assertThat(server.get("/metrics").body())
                    .containsPattern(
                        "ml_prediction_duration_seconds_count\\{[^}]*protocol=\"grpc\"[^}]*} [1-9]")
                    .containsPattern("ml_errors_total\\{type=\"unknown_model\"[^}]*} [1-9]"));
  }

  private static @Nullable String value(AtomicReference<Metadata> metadata, String name) {
    return Objects.requireNonNull(metadata.get())
        .get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }
}
