package dev.modelserver.server.openapi;

import dev.modelserver.server.config.Endpoint;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Answers;
import dev.modelserver.server.http.BodyReader;
import dev.modelserver.server.http.Compression;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;

/** {@code /docs}, the files it loads, and {@code /openapi.json}. Nothing comes from elsewhere. */
@Singleton
final class DocsRoutes {

  /** No script of others, none in the page; Swagger UI draws with inline styles and images. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final ServerConfig config;
  private final CurrentModel current;
  private final OpenApi document;
  private final Answers answers;

  DocsRoutes(ServerConfig config, CurrentModel current, OpenApi document, Answers answers) {
    this.config = config;
    this.current = current;
    this.document = document;
    this.answers = answers;
  }

  void register(@Observes Router router) {
    if (config.serving().shows(Endpoint.OPEN_API)) {
      router.route("/openapi.json").handler(this::document);
    }
    if (config.serving().shows(Endpoint.DOCS)) {
      router.route("/docs").handler(this::page);
      for (StaticFile file : StaticFile.ASSETS) {
        router.route("/docs/" + file.name()).handler(context -> file(context, file));
      }
    }
  }

  private void document(RoutingContext context) {
    if (!reads(context)) {
      return;
    }
    Context loop = context.vertx().getOrCreateContext();
    current
        .ready()
        .ifPresentOrElse(
            model -> {
              var _ =
                  document
                      .page(model)
                      .whenComplete(
                          (page, thrown) ->
                              loop.runOnContext(
                                  nothing -> {
                                    if (thrown == null) {
                                      send(context, page);
                                    } else {
                                      answers.fail(context, thrown);
                                    }
                                  }));
            },
            () ->
                answers.fail(context, new InferenceException(InferenceFailure.NotReady.loading())));
  }

  private void page(RoutingContext context) {
    if (!context.request().path().endsWith("/")) {
      file(context, StaticFile.DOCS);
    } else if (reads(context)) {
      // the route takes this too, but the page's relative links do not work there
      var _ =
          context.response().setStatusCode(308).putHeader(HttpHeaders.LOCATION, "../docs").end();
    }
  }

  private void file(RoutingContext context, StaticFile file) {
    if (!reads(context)) {
      return;
    }
    var _ =
        context
            .vertx()
            .executeBlocking(file::page, false)
            .onSuccess(page -> send(context, page))
            .onFailure(thrown -> answers.fail(context, thrown));
  }

  private boolean reads(RoutingContext context) {
    BodyReader.discard(context);
    HttpMethod method = context.request().method();
    if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
      return true;
    }
    answers.fail(context, new RequestFailure.WrongMethod(method.name(), "GET, HEAD"));
    return false;
  }

  private void send(RoutingContext context, Page page) {
    String known = context.request().getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && known.contains(page.etag())) {
      HttpServerResponse response = context.response();
      if (!response.ended() && !response.closed()) {
        headers(page).forEach(response::putHeader);
        var _ = response.setStatusCode(304).end();
      }
      return;
    }
    boolean gzip =
        Compression.accepted(context.request().getHeader(HttpHeaders.ACCEPT_ENCODING))
            == Compression.GZIP;
    answers.send(
        context,
        new Answer(page.contentType(), gzip ? page.gzip() : page.plain(), headers(page)),
        gzip ? Compression.GZIP.coding() : null);
  }

  /** Browsers ask again each time, because the next pod may run another version. */
  private static Map<String, String> headers(Page page) {
    return Map.of(
        "Cache-Control", "no-cache",
        "ETag", page.etag(),
        "Vary", "Accept-Encoding",
        "Content-Security-Policy", POLICY,
        "X-Content-Type-Options", "nosniff",
        "Referrer-Policy", "no-referrer");
  }
}
