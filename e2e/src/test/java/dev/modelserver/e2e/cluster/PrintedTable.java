package dev.modelserver.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * What {@code kubectl get modelservers -o wide} prints: the API server's own table.
 *
 * @param columns names, in order
 * @param wide those that only {@code -o wide} shows
 * @param rows cells by column
 */
public record PrintedTable(
    List<String> columns, List<String> wide, List<Map<String, String>> rows) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The ModelServers of a namespace. */
  public static PrintedTable of(KubernetesClient client, String namespace) {
    URI uri =
        URI.create(client.getMasterUrl().toString())
            .resolve("/apis/modelserver.dev/v1alpha1/namespaces/" + namespace + "/modelservers");
    var request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(uri)
            .setHeader("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
            .build();
    try {
      HttpResponse<String> response =
          client.getHttpClient().sendAsync(request, String.class).join();
      return parse(JSON.readTree(response.body()));
    } catch (CompletionException | IOException e) {
      throw new UncheckedIOException(
          new IOException("the table of ModelServers cannot be read", e));
    }
  }

  private static PrintedTable parse(JsonNode table) {
    List<String> columns = new ArrayList<>();
    List<String> wide = new ArrayList<>();
    for (JsonNode column : table.path("columnDefinitions")) {
      columns.add(column.path("name").asText());
      if (column.path("priority").asInt() > 0) {
        wide.add(column.path("name").asText());
      }
    }
    List<Map<String, String>> rows = new ArrayList<>();
    for (JsonNode row : table.path("rows")) {
      Map<String, String> cells = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        cells.put(columns.get(i), row.path("cells").path(i).asText());
      }
      rows.add(cells);
    }
    return new PrintedTable(columns, wide, rows);
  }
}
