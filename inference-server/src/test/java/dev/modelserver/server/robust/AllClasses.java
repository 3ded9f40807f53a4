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
    all.addAll(new JsonBodies("/predict", "{\"features\":[1,", "]}").classes());
    all.addAll(PredictBodies.classes());
    return all;
  }
}
