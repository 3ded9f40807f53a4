package dev.modelserver.server.predict;

import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.http.Answers;
import dev.modelserver.server.http.BodyReader;
import dev.modelserver.server.http.ContentType;
import dev.modelserver.server.http.HttpInference;
import dev.modelserver.server.http.RouteOrder;
import dev.modelserver.server.image.ImageInput;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.ModelMetrics;
import dev.modelserver.server.rows.Rows;
import dev.modelserver.server.text.ForeignText;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /predict} and {@code GET /predict}: translates, and leaves the rest to {@link
 * HttpInference}.
 */
@Singleton
final class PredictRoute {

  private static final Logger LOG = Logger.getLogger(PredictRoute.class);
  private static final String TAKEN =
      "application/json, or multipart/form-data, image/jpeg or image/png for an image";

  private final HttpInference inference;
  private final Answers answers;
  private final ModelMetrics metrics;
  private final String podName;
  private volatile @Nullable Predictor predictor;

  PredictRoute(
      HttpInference inference,
      Answers answers,
      ModelMetrics metrics,
      ServerEnvironment environment) {
    this.inference = inference;
    this.answers = answers;
    this.metrics = metrics;
    this.podName = environment.podName();
  }

  /** Prepares for the model before it is announced as ready. */
  void prepare(@Observes ServedModel model) {
    Predictor prepared = new Predictor(model, podName);
    metrics.countBy(prepared.classes());
    ImageInput images = prepared.images();
    if (images.taken()) {
      images.warmUp();
    } else if (model.description().image() != null) {
      LOG.warnf("the model does not accept images: %s", ForeignText.logged(images.obstacle()));
    }
    predictor = prepared;
  }

  void register(@Observes Router router) {
    router.route("/predict").order(RouteOrder.PREDICT).handler(this::handle);
  }

  private void handle(RoutingContext context) {
    HttpMethod method = context.request().method();
    if (method.equals(HttpMethod.POST)) {
      post(context);
    } else if (method.equals(HttpMethod.GET)) {
      inference.handleWithoutBody(
          context,
          (model, nothing) -> {
            long start = System.nanoTime();
            Predictor ready = ready();
            return ready.translate(QueryRow.read(ready.layout(), context.request().uri()), start);
          });
    } else {
      BodyReader.discard(context);
      answers.fail(context, new RequestFailure.WrongMethod(method.name(), "GET, POST"));
    }
  }

  private void post(RoutingContext context) {
    String contentType = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (contentType != null && ContentType.mayBeImage(contentType)) {
      String top = context.request().getParam("top");
      inference.handleAwayFromLoop(
          context,
          (model, body) -> {
            long start = System.nanoTime();
            Predictor ready = ready();
            int classes = ImageQuestion.top(top);
            Rows image = ImageQuestion.read(ready.images(), contentType, body);
            return ready.translate(image, classes, start);
          });
      return;
    }
    if (ContentType.isJson(contentType)) {
      inference.handle(context, (model, body) -> ready().ask(body));
    } else if (contentType != null && ContentType.mayBeJson(contentType)) {
      inference.handle(
          context,
          (model, body) -> {
            if (!PredictBody.looksLike(body.bytes(), body.length())) {
              throw new RequestException(new RequestFailure.WrongContentType(contentType, TAKEN));
            }
            return ready().ask(body);
          });
    } else {
      BodyReader.discard(context);
      answers.fail(context, new RequestFailure.WrongContentType(contentType, TAKEN));
    }
  }

  private Predictor ready() throws InferenceException {
    Predictor ready = predictor;
    if (ready == null) {
      throw new InferenceException(InferenceFailure.NotReady.loading());
    }
    return ready;
  }
}
