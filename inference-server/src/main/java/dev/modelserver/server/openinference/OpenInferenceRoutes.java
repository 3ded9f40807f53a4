package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answers;
import dev.modelserver.server.http.BodyReader;
import dev.modelserver.server.http.HttpInference;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.http.ModelRoutes;
import dev.modelserver.server.http.RouteOrder;
import dev.modelserver.server.http.Translator;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The paths of the Open Inference Protocol. */
@Singleton
final class OpenInferenceRoutes {

  private static final List<String> EXTENSIONS =
      List.of("binary_tensor_data", "statistics", "model_configuration");

  private final CurrentModel current;
  private final ModelRoutes routes;
  private final HttpInference inference;
  private final Answers answers;
  private final String serverVersion;
  private volatile boolean numbersOnly;

  OpenInferenceRoutes(
      CurrentModel current,
      ModelRoutes routes,
      HttpInference inference,
      Answers answers,
      @ConfigProperty(name = "quarkus.application.version") String serverVersion) {
    this.current = current;
    this.routes = routes;
    this.inference = inference;
    this.answers = answers;
    this.serverVersion = serverVersion;
  }

  /** Prepares for the model before it is announced as ready. */
  void prepare(@Observes ServedModel model) {
    // strings and truth values are looked at one by one
    numbersOnly =
        Stream.concat(
                model.signature().inputs().stream(), model.signature().optionalInputs().stream())
            .map(TensorSpec::datatype)
            .noneMatch(type -> type == DataType.BYTES || type == DataType.BOOL);
  }

  void register(@Observes Router router) {
    routes.get(router.route("/v2"), context -> answers.send(context, 200, serverMetadata()));
    routes.get(router.route("/v2/health/live"), this::live);
    routes.get(router.route("/v2/health/ready"), this::ready);
    routes.get(router.route("/v2/models"), routes::models);
    Handler<RoutingContext> statistics =
        page(model -> ModelPages.statistics(model.identity(), model.service().statistics()));
    routes.get(router.route("/v2/models/stats"), statistics);
    for (String model : List.of("/v2/models/:model", "/v2/models/:model/versions/:version")) {
      routes.get(router.route(model), page(ModelPages::metadata));
      routes.get(router.route(model + "/ready"), this::modelReady);
      routes.get(router.route(model + "/config"), page(ModelPages::configuration));
      routes.get(router.route(model + "/stats"), statistics);
      routes.handle(router.route(model + "/infer").order(RouteOrder.INFER), "POST", this::infer);
    }
    routes.handle(router.route("/v2/repository/index"), "POST", this::index);
  }

  private void infer(RoutingContext context) {
    List<String> header = context.request().headers().getAll(BinaryHeader.NAME);
    Translator translator = new InferTranslator(ModelPath.of(context), header);
    int json = BinaryHeader.announced(header);
    if (json >= 0 && numbersOnly) {
      inference.handleTensors(context, json, translator);
    } else {
      inference.handle(context, translator);
    }
  }

  /** A page about the model that the path names, or about the only one. */
  private Handler<RoutingContext> page(Function<ServedModel, byte[]> page) {
    return context -> {
      try {
        ServedModel model =
            current
                .ready()
                .orElseThrow(() -> new InferenceException(InferenceFailure.NotReady.loading()));
        if (context.pathParam("model") != null) {
          ModelPath.of(context).check(model.identity());
        }
        answers.send(context, 200, page.apply(model));
      } catch (RequestException | InferenceException e) {
        answers.fail(context, e);
      }
    };
  }

  private byte[] serverMetadata() {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("name", "modelserver");
          json.writeStringField("version", serverVersion);
          json.writeArrayFieldStart("extensions");
          for (String extension : EXTENSIONS) {
            json.writeString(extension);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void live(RoutingContext context) {
    boolean live = current.ready().map(model -> !model.service().exhausted()).orElse(true);
    answers.send(context, live ? 200 : 503, states(null, live, null));
  }

  private void ready(RoutingContext context) {
    boolean live = current.ready().map(model -> !model.service().exhausted()).orElse(true);
    boolean ready = current.welcoming();
    answers.send(context, ready ? 200 : 503, states(null, live, ready));
  }

  private void modelReady(RoutingContext context) {
    ServedModel model = current.ready().orElse(null);
    ModelPath path = ModelPath.of(context);
    try {
      if (model != null) {
        path.check(model.identity());
      }
      boolean ready = current.welcoming();
      answers.send(context, ready ? 200 : 503, states(path.name(), null, ready));
    } catch (RequestException e) {
      answers.fail(context, e);
    }
  }

  private void index(RoutingContext context) {
    BodyReader.discard(context);
    answers.send(
        context,
        200,
        current
            .ready()
            .map(model -> ModelPages.index(model.identity()))
            .orElseGet(() -> Json.bytes(json -> json.writeRaw("[]"))));
  }

  /** What is null is left out; where something is false, the error says so as well. */
  private static byte[] states(
      @Nullable String name, @Nullable Boolean live, @Nullable Boolean ready) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          if (name != null) {
            json.writeStringField("name", name);
          }
          if (ready != null) {
            json.writeBooleanField("ready", ready);
          }
          if (live != null) {
            json.writeBooleanField("live", live);
          }
          if (ready != null && !ready) {
            json.writeStringField(
                "error", "the model takes no new requests now; try again in a second");
          } else if (live != null && !live) {
            json.writeStringField(
                "error", "every inference thread is held by a run past its deadline");
          }
          json.writeEndObject();
        });
  }
}
