package dev.modelserver.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpMetricsTest {

  private final HttpMetrics metrics = new HttpMetrics();

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "POST, /predict, 200, 'POST,SUCCESS,200,/predict'",
        "INVENTED, /predict, 405, 'OTHER,CLIENT_ERROR,405,/predict'",
        "GET, /v2/models/:model/ready, 503, 'GET,SERVER_ERROR,503,/v2/models/{model}/ready'",
        "POST, /v1/models/:model:predict, 200, 'POST,SUCCESS,200,/v1/models/{model}:predict'",
        "GET, none, 404, 'GET,CLIENT_ERROR,404,NOT_FOUND'",
        "GET, none, 400, 'GET,CLIENT_ERROR,400,UNKNOWN'",
      })
  void labelsComeFromTheRouteAndAClosedSetOfMethods(
      String method, String route, int status, String labels) throws IOException {
    var exchange = metrics.requestBegin(true, request(method));
    metrics.requestRouted(exchange, null);
    metrics.requestRouted(exchange, route);
    metrics.requestRouted(exchange, null);
    metrics.responseBegin(exchange, response(status));
    metrics.responseEnd(exchange, response(status), 10);

    String[] each = labels.split(",", -1);
    assertThat(DurationHistogramsTest.text(metrics.family()).lines())
        .contains(
            "http_server_requests_seconds_count{method=\"%s\",outcome=\"%s\",status=\"%s\",uri=\"%s\",} 1.0"
                .formatted((Object[]) each));
  }

  @Test
  void aThousandInventedMethodsAreOneTimeSeries() throws IOException {
    for (int i = 0; i < 1000; i++) {
      var exchange = metrics.requestBegin(true, request("M" + i));
      metrics.responseEnd(exchange, response(405), 0);
    }

    assertThat(DurationHistogramsTest.text(metrics.family()).lines())
        .filteredOn(line -> line.startsWith("http_server_requests_seconds_count"))
        .singleElement()
        .asString()
        .endsWith(" 1000.0");
  }

  @Test
  void aClientThatLeavesIsCountedAsSuch() throws IOException {
    metrics.requestReset(metrics.requestBegin(true, request("POST")));

    assertThat(DurationHistogramsTest.text(metrics.family())).contains("status=\"499\"");
  }

  private static HttpRequest request(String method) {
    return new HttpRequest() {
      @Override
      public int id() {
        return 1;
      }

      @Override
      public String uri() {
        return "/anything";
      }

      @Override
      public String absoluteURI() {
        return "http://host/anything";
      }

      @Override
      public HttpMethod method() {
        return HttpMethod.valueOf(method);
      }

      @Override
      public MultiMap headers() {
        return MultiMap.caseInsensitiveMultiMap();
      }

      @Override
      public SocketAddress remoteAddress() {
        return SocketAddress.inetSocketAddress(1, "localhost");
      }
    };
  }

  private static HttpResponse response(int status) {
    return new HttpResponse() {
      @Override
      public int statusCode() {
        return status;
      }

      @Override
      public MultiMap headers() {
        return MultiMap.caseInsensitiveMultiMap();
      }
    };
  }
}
