package dev.modelserver.server.robust;

import dev.modelserver.server.ServerProcess;
import java.util.ArrayList;
import java.util.List;

/** Every class of malformed requests; a new protocol adds its own here. */
final class AllClasses {

  private AllClasses() {}

  static List<MalformedClass> of(ServerProcess server) {
    List<MalformedClass> all = new ArrayList<>();
    all.addAll(HttpFraming.classes());
    all.addAll(HttpHeads.classes());
    for (JsonBodies json :
        List.of(
            new JsonBodies("/predict", "{\"features\":[1,", "]}"),
            new JsonBodies(V1Bodies.PATH, "{\"instances\":[[1,", "]]}"),
            new JsonBodies(
                OpenInferenceBodies.PATH,
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,",
                "]}]}"))) {
      all.addAll(json.classes());
    }
    all.addAll(PredictBodies.classes());
    all.addAll(V1Bodies.classes());
    all.addAll(OpenInferenceBodies.classes());
    all.addAll(BinaryBodies.classes());
    all.addAll(new CompressedBodies("/predict", "{\"features\":[3,1]}").classes());
    all.addAll(Http2Frames.classes());
    all.addAll(GrpcBodies.classes());
    return all;
  }
}
