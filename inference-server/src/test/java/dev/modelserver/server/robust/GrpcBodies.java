package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.Chance.one;
import static dev.modelserver.server.robust.Http1.join;

import com.google.protobuf.ByteString;
import dev.modelserver.server.grpc.wire.InferParameter;
import dev.modelserver.server.grpc.wire.InferTensorContents;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferInputTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Calls of gRPC: wrong messages, wrong prefixes, wrong methods, and tensors that lie. */
final class GrpcBodies {

  private static final String SERVICE = "/inference.GRPCInferenceService/";
  private static final String INFER = SERVICE + "ModelInfer";

  private GrpcBodies() {}

  /** A call that a healthy server answers with OK. */
  static byte[] good(int stream) {
    return Http2.call(stream, INFER, Http2.message(request().build().toByteArray()));
  }

  static List<MalformedClass> classes() {
    List<MalformedClass> all = new ArrayList<>(wire());
    all.addAll(tensors());
    return all;
  }

  private static List<MalformedClass> wire() {
    byte[] proto = request().build().toByteArray();
    return List.of(
        each("grpc: random message", r -> call(Chance.bytes(r, r.nextInt(1, 900)))),
        each("grpc: message cut", r -> call(Chance.cut(r, proto))),
        each("grpc: message mutated", r -> call(Chance.mutated(r, proto))),
        each("grpc: empty message", r -> call(new byte[0])),
        each("grpc: no message", r -> raw(new byte[0])),
        each("grpc: two messages", r -> raw(join(Http2.message(proto), Http2.message(proto)))),
        each(
            "grpc: length lies",
            r ->
                raw(
                    Http2.message(
                        0, one(r, List.of(-1, Integer.MAX_VALUE, 1, proto.length + 9)), proto))),
        each(
            "grpc: compressed flag lies",
            r -> raw(Http2.message(r.nextInt(1, 256), proto.length, proto))),
        each(
            "grpc: wrong encoding",
            r ->
                Http2Trial.grpc(
                    Http2.call(
                        1,
                        INFER,
                        Http2.message(1, proto.length, proto),
                        "grpc-encoding",
                        one(r, "gzip", "deflate", "snappy", "", "identity", "\u00ff")))),
        each("grpc: prefix cut", r -> raw(Chance.cut(r, Http2.message(proto)))),
        each(
            "grpc: wrong method",
            r ->
                Http2Trial.grpc(
                    Http2.call(
                        1,
                        one(
                            r,
                            SERVICE + "Nothing",
                            "/other.Service/ModelInfer",
                            "/",
                            "*",
                            "ModelInfer",
                            SERVICE + "ModelInfer/x",
                            SERVICE + "%00"),
                        Http2.message(proto)))),
        each(
            "grpc: wrong content type",
            r ->
                Http2Trial.grpc(
                    Http2.headers(
                        1,
                        Http2.END_HEADERS,
                        ":method",
                        one(r, "POST", "GET", "PUT"),
                        ":scheme",
                        "http",
                        ":path",
                        INFER,
                        "content-type",
                        one(r, "application/json", "application/grpc+json", "", "text/plain")),
                    Http2.data(1, Http2.END_STREAM, Http2.message(proto)))),
        each(
            "grpc: wrong time-out",
            r ->
                Http2Trial.grpc(
                    Http2.call(
                        1,
                        INFER,
                        Http2.message(proto),
                        "grpc-timeout",
                        one(r, "1", "x", "-1S", "999999999S", "", "1Y", "99999999H")))),
        each(
            "grpc: other methods, random",
            r ->
                Http2Trial.grpc(
                    Http2.call(
                        1,
                        one(
                            r,
                            SERVICE + "ModelReady",
                            SERVICE + "ModelMetadata",
                            SERVICE + "ServerMetadata",
                            "/grpc.health.v1.Health/Check",
                            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"),
                        Http2.message(Chance.bytes(r, r.nextInt(200)))))),
        each(
            "grpc: not HTTP/2",
            r ->
                new Http2Trial(
                    List.of(join(Target.GOOD, Chance.bytes(r, r.nextInt(30, 300)))),
                    false,
                    true,
                    false,
                    true)),
        each("grpc: frames mutated", r -> Http2Trial.grpc(Chance.mutated(r, good(1))).cut()),
        each(
            "grpc: frames at random",
            r -> Http2Trial.grpc(Chance.bytes(r, r.nextInt(9, 500))).cut()));
  }

  private static List<MalformedClass> tensors() {
    return List.of(
        each(
            "grpc: wrong model",
            r ->
                infer(
                    request()
                        .setModelName(one(r, "", "other", "../x", Chance.letters(r, 5000)))
                        .setModelVersion(one(r, "", "v9")))),
        each("grpc: no inputs", r -> infer(request().clearInputs())),
        each("grpc: input twice", r -> infer(request().addInputs(input()))),
        each(
            "grpc: wrong input",
            r -> infer(with(input().setName(one(r, "", "y", Chance.letters(r, 900)))))),
        each(
            "grpc: wrong datatype",
            r -> infer(with(input().setDatatype(one(r, "", "FP64", "fp32", "BYTES", "X"))))),
        each(
            "grpc: wrong shape",
            r ->
                infer(
                    with(
                        input()
                            .clearShape()
                            .addAllShape(
                                one(
                                    r,
                                    List.of(
                                        List.of(),
                                        List.of(2L),
                                        List.of(-1L, 2L),
                                        List.of(1L, -2L),
                                        List.of(Long.MAX_VALUE, 2L),
                                        List.of(1L << 62, 4L),
                                        List.of(1L << 31, 2L),
                                        List.of(r.nextLong(), r.nextLong()),
                                        List.of(2L, 2L),
                                        List.of(0L, 2L))))))),
        each(
            "grpc: wrong contents",
            r ->
                infer(
                    with(
                        input()
                            .setContents(
                                one(
                                    r,
                                    List.of(
                                        InferTensorContents.getDefaultInstance(),
                                        InferTensorContents.newBuilder().addFp64Contents(1).build(),
                                        InferTensorContents.newBuilder().addFp32Contents(1).build(),
                                        InferTensorContents.newBuilder()
                                            .addFp32Contents(1)
                                            .addFp32Contents(2)
                                            .addIntContents(3)
                                            .build(),
                                        InferTensorContents.newBuilder()
                                            .addBytesContents(ByteString.copyFromUtf8("x"))
                                            .build())))))),
        each(
            "grpc: raw of the wrong size",
            r ->
                infer(
                    with(input().clearContents())
                        .addRawInputContents(
                            ByteString.copyFrom(Chance.bytes(r, r.nextInt(9, 900)))))),
        each(
            "grpc: raw and contents",
            r -> infer(request().addRawInputContents(ByteString.copyFrom(new byte[8])))),
        each(
            "grpc: too many raw",
            r -> {
              ModelInferRequest.Builder request = with(input().clearContents());
              for (int i = r.nextInt(2, 200); i > 0; i--) {
                request.addRawInputContents(ByteString.copyFrom(new byte[8]));
              }
              return infer(request);
            }),
        each(
            "grpc: wrong outputs",
            r ->
                infer(
                    request()
                        .addOutputs(
                            ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                                .setName(one(r, "", "other", Chance.letters(r, 99)))))),
        each(
            "grpc: wrong parameters",
            r ->
                infer(
                    request()
                        .putParameters(
                            one(r, "timeout", "priority", "sequence_id", ""),
                            one(
                                r,
                                List.of(
                                    InferParameter.getDefaultInstance(),
                                    InferParameter.newBuilder().setInt64Param(-1).build(),
                                    InferParameter.newBuilder().setStringParam("x").build(),
                                    InferParameter.newBuilder().setDoubleParam(1e300).build()))))),
        each("grpc: long id", r -> infer(request().setId(Chance.word(r, r.nextInt(1, 90_000))))));
  }

  private static MalformedClass each(String name, Function<RandomGenerator, Trial> generator) {
    return new MalformedClass(name, 1, generator);
  }

  private static ModelInferRequest.Builder request() {
    return with(input());
  }

  private static ModelInferRequest.Builder with(InferInputTensor.Builder input) {
    return ModelInferRequest.newBuilder().setModelName("integer-labels").addInputs(input);
  }

  private static InferInputTensor.Builder input() {
    return InferInputTensor.newBuilder()
        .setName("x")
        .setDatatype("FP32")
        .addShape(1)
        .addShape(2)
        .setContents(InferTensorContents.newBuilder().addFp32Contents(3).addFp32Contents(1));
  }

  private static Http2Trial infer(ModelInferRequest.Builder request) {
    return call(request.build().toByteArray());
  }

  private static Http2Trial call(byte[] proto) {
    return raw(Http2.message(proto));
  }

  /** In frames of a size that every server takes. */
  private static Http2Trial raw(byte[] message) {
    int most = 16_000;
    if (message.length <= most) {
      return Http2Trial.grpc(Http2.call(1, INFER, message)).answered();
    }
    byte[] call = Http2.call(1, INFER, new byte[0]);
    List<byte[]> frames = new ArrayList<>();
    frames.add(java.util.Arrays.copyOf(call, call.length - 9));
    for (int at = 0; at < message.length; at += most) {
      int to = Math.min(message.length, at + most);
      frames.add(
          Http2.data(
              1,
              to == message.length ? Http2.END_STREAM : 0,
              java.util.Arrays.copyOfRange(message, at, to)));
    }
    return Http2Trial.grpc(join(frames)).answered();
  }
}
