package dev.modelserver.server.http;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.model.ModelIdentity;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * The model that a path names.
 *
 * @param version null when the path leaves it to the server, which has one
 */
public record ModelPath(String name, @Nullable String version) {

  /** The model of a route with the parameters {@code model} and, maybe, {@code version}. */
  public static ModelPath of(RoutingContext context) {
    return new ModelPath(context.pathParam("model"), context.pathParam("version"));
  }

  /** Refuses another model than the one that is served. */
  public void check(ModelIdentity served) throws RequestException {
    String message =
        !name.equals(served.name())
            ? "there is no model \""
                + Excerpt.of(name)
                + "\" here; this server has \""
                + served.name()
                + "\""
            : version != null && !version.equals(served.version())
                ? "there is no version \""
                    + Excerpt.of(version)
                    + "\" of the model \""
                    + served.name()
                    + "\" here; this server has \""
                    + served.version()
                    + "\"; the version may be omitted"
                : null;
    if (message != null) {
      throw new RequestException(new RequestFailure.UnknownModel(message));
    }
  }
}
