package dev.modelserver.server.grpc;

import dev.modelserver.server.http.Excerpt;
import dev.modelserver.server.http.RequestException;
import dev.modelserver.server.http.RequestFailure;
import dev.modelserver.server.model.ModelIdentity;

/** Whether a request means the model that is served. */
final class ModelNames {

  private ModelNames() {}

  /**
   * Refuses another model's name or version.
   *
   * @param version empty: whichever is served
   */
  static void check(ModelIdentity model, String name, String version) throws RequestException {
    if (!name.equals(model.name())) {
      throw unknown(
          "there is no model " + Excerpt.quoted(name) + " here", "\"" + model.name() + "\"");
    }
    if (!version.isEmpty() && !version.equals(model.version())) {
      throw unknown(
          "there is no version "
              + Excerpt.quoted(version)
              + " of the model \""
              + model.name()
              + "\" here",
          "\"" + model.version() + "\"");
    }
  }

  private static RequestException unknown(String what, String known) {
    return new RequestException(
        new RequestFailure.UnknownModel(what + "; this server has " + known));
  }
}
