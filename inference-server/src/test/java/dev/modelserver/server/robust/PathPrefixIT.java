package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.ServerProcess;
import dev.modelserver.server.robust.Http2Wire.Answer;
import dev.modelserver.server.robust.Wire.Reply;
import dev.modelserver.server.secret.MountedSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server with a prefix beside one without: what the former answers below the prefix and without
 * it, the latter answers without it. Both ask for tokens, and neither counts more than the other.
 */
class PathPrefixIT {

  private static final String MODEL = "integer-labels";
  private static final String PREFIX = "/team-a/iris.v1";
  private static final String TOKEN = "web-web-web-web-web";
  private static final String KNOWN = "Authorization: Bearer " + TOKEN;
  private static final String JSON = "Content-Type: application/json";
  private static final int PATIENCE_MILLIS = 30_000;

  private static final List<String> READ =
      List.of(
          "/",
          "/docs",
          "/docs/",
          "/docs/docs.css",
          "/health",
          "/info",
          "/metrics",
          "/nothing",
          "/openapi.json",
          "/predict?features=1",
          "/predict?input_data=1,2",
          "/ready",
          "/v1/models",
          "/v1/models/" + MODEL,
          "/v1/models/other",
          "/v2",
          "/v2/health/live",
          "/v2/health/ready",
          "/v2/models",
          "/v2/models/" + MODEL,
          "/v2/models/" + MODEL + "/config",
          "/v2/models/" + MODEL + "/ready",
          "/v2/models/" + MODEL + "/versions/v1",
          "/v2/models/" + MODEL + "/versions/v2",
          "/v2/models/stats");

  private static final Map<String, String> ASKED =
      Map.of(
          "/predict",
          SmallServer.GOOD,
          "/v1/models/" + MODEL + ":predict",
          "{\"instances\":[[3,1]]}",
          "/v2/models/" + MODEL + "/infer",
          "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[3,1]}]}",
          "/v2/repository/index",
          "{}");

  /** Connections that are open. */
  private static final Map<ServerProcess, Wire> WIRES = new HashMap<>();

  @TempDir private static Path folder;
  private static ServerProcess prefixed;
  private static ServerProcess plain;

  private Map<ServerProcess, Map<String, Double>> before = Map.of();

  @BeforeAll
  static void start() throws Exception {
    MountedSecret.of(folder.resolve("tokens")).put("web", TOKEN).swap();
    prefixed = start("prefixed", "\"pathPrefix\":\"" + PREFIX + "\",");
    plain = start("plain", "");
  }

  private static ServerProcess start(String name, String more) throws Exception {
    return ServerProcess.start(
        folder.resolve(name),
        MODEL,
        "{%s\"requestTimeoutMillis\":2000,\"authentication\":{\"mode\":\"Strict\",\"secretName\":\"m-tokens\"}}"
            .formatted(more),
        Map.of(
            "MODELSERVER_TOKENS_DIR",
            folder.resolve("tokens").toString(),
            "JAVA_TOOL_OPTIONS",
            "-Xmx64m"));
  }

  @BeforeEach
  void count() throws IOException, InterruptedException {
    before = Map.of(prefixed, counts(prefixed), plain, counts(plain));
  }

  @AfterAll
  static void stop() throws IOException {
    for (Wire wire : WIRES.values()) {
      wire.close();
    }
    prefixed.close();
    plain.close();
  }

  @Test
  void everyRouteAnswersWithAndWithoutThePrefix() throws IOException {
    for (List<String> headers : List.of(List.of(KNOWN), List.<String>of())) {
      String[] sent = headers.toArray(String[]::new);
      for (String path : READ) {
        for (String method : List.of("GET", "HEAD", "DELETE")) {
          same(path, target -> Http1.bodiless(method + " " + target + " HTTP/1.1", sent));
        }
      }
      for (Map.Entry<String, String> asked : ASKED.entrySet()) {
        byte[] body = Http1.utf8(asked.getValue());
        List<String> typed = new ArrayList<>(headers);
        typed.add(JSON);
        String[] all = typed.toArray(String[]::new);
        same(asked.getKey(), target -> Http1.post(target, body, all));
      }
    }
    byte[] row = Http1.utf8(SmallServer.GOOD);
    byte[] below = Http1.post(PREFIX + "/predict", row, KNOWN, JSON);
    assertThat(ask(prefixed, below, "POST").status()).isEqualTo(200);
    assertThat(ask(plain, Http1.post("/predict", row, KNOWN, JSON), "POST").status())
        .isEqualTo(200);
    countedTheSame();
  }

  @Test
  void limitsAndDeadlinesHoldBelowThePrefix() throws IOException {
    String large = "Content-Length: 99999999";
    same(
        "/predict",
        target -> Http1.bodiless("POST " + target + " HTTP/1.1", KNOWN, JSON, large),
        413);
    byte[] row = Http1.utf8(SmallServer.GOOD);
    same(
        "/predict", target -> Http1.post(target, row, KNOWN, JSON, "X-Request-Timeout-Ms: 0"), 400);
    same("/predict", target -> Http1.post(target, row, KNOWN, "Content-Type: text/csv"), 415);
    same("/predict", target -> Http1.post(target, row, KNOWN, JSON, "Content-Encoding: br"), 415);
    same("/" + "x".repeat(8000), target -> Http1.bodiless("GET " + target + " HTTP/1.1", KNOWN));
    // a body that does not come
    same(
        "/predict",
        target ->
            Http1.latin(
                Http1.head("POST " + target + " HTTP/1.1", KNOWN, JSON)
                    + "Content-Length: 1000\r\n\r\n{"),
        408);
    countedTheSame();
  }

  /** Paths drawn from what a router may stumble over, compared by an oracle of their own. */
  @Test
  void generatedPathsMeanTheSameBelowThePrefix() throws IOException {
    Random random = new Random(20261201);
    int below = 0;
    for (int i = 0; i < 2000; i++) {
      String path = drawn(random);
      String sent = (random.nextInt(4) == 0 ? "" : spelled(random, PREFIX)) + path;
      String meant = meant(sent);
      below += meant.equals(sent) ? 0 : 1;
      String[] headers = random.nextBoolean() ? new String[] {KNOWN} : new String[0];
      String method = Chance.one(random, "GET", "GET", "HEAD", "POST", "PUT");
      Reply wanted =
          ask(plain, Http1.bodiless(method + " " + meant + " HTTP/1.1", headers), method);
      Reply given =
          ask(prefixed, Http1.bodiless(method + " " + sent + " HTTP/1.1", headers), method);
      assertThat(told(given)).as("%s %s, meant %s", method, sent, meant).isEqualTo(told(wanted));
    }
    assertThat(below).as("below the prefix").isBetween(500, 1900);
    countedTheSame();
  }

  @ParameterizedTest
  @CsvSource({
    "/team-a/iris.v1x/predict, 404",
    "/team-a/iris.v1/team-a/iris.v1/predict, 404",
    "/team-a/iris.v1/team-a/iris.v1, 404",
    "/team-a/iris.v1/../predict, 404",
    "/team-a/predict, 404",
    "/team-a, 404",
    "/TEAM-A/iris.v1/predict, 404",
    "/team-a%2firis.v1/predict, 404",
    "/team-a/iris.v1/%zz, 400",
    "/team-a/iris.v1%, 400",
    "/team-a/iris.v1/../../info, 200",
    "/x/../team-a/iris.v1/info, 200",
    "//team-a//iris%2Ev1//info, 200",
    "/%74eam-a/iris.v1/info, 200",
    "/team-a/iris.v1, 200",
    "/team-a/iris.v1/, 200",
    "/team-a/iris.v1?x=y, 200",
  })
  void onlyTheSegmentsOfThePrefixAreIt(String path, int status) throws IOException {
    assertThat(get(prefixed, path, KNOWN).status()).isEqualTo(status);
    int unknown = get(prefixed, path).status();
    assertThat(unknown).isEqualTo(status == 400 ? 400 : 401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/team-a/iris.v1", "/team-a/iris.v1/", "/"})
  void linksLeadBesideThePageThatHasThem(String path) throws Exception {
    URI page = prefixed.uri(path.isEmpty() ? "/" : path);
    String links = get(prefixed, page.getPath(), KNOWN).text();
    String top = path.startsWith(PREFIX) ? PREFIX : "";
    Set<String> found =
        Pattern.compile(":\"([^\"]*)\"")
            .matcher(links)
            .results()
            .map(link -> page.resolve(link.group(1)).getPath())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(found)
        .containsExactly(
            top + "/docs",
            top + "/health",
            top + "/info",
            top + "/metrics",
            top + "/openapi.json",
            top + "/predict",
            top + "/ready");
    Reply browser = get(prefixed, page.getPath(), KNOWN, "Accept: text/html");
    assertThat(browser.status()).isEqualTo(303);
    assertThat(page.resolve(Objects.requireNonNull(browser.headers().get("location"))).getPath())
        .isEqualTo(top + "/docs");
  }

  @Test
  void theDocumentNamesThePrefixAsAServer() throws IOException {
    String with = get(prefixed, PREFIX + "/openapi.json", KNOWN).text().replaceAll("\\s", "");
    String without = get(plain, "/openapi.json", KNOWN).text().replaceAll("\\s", "");
    assertThat(with).contains("\"servers\":[{\"url\":\".\"},{\"url\":\"" + PREFIX + "\",");
    assertThat(without).contains("\"servers\":[{\"url\":\".\"}]");
  }

  @Test
  void http2HasThePrefixToo() throws IOException {
    try (Http2Wire wire = new Http2Wire(prefixed.port(), PATIENCE_MILLIS)) {
      wire.send(Http1.join(Http2.PREFACE, Http2.frame(Http2.SETTINGS, 0, 0, new byte[0])));
      wire.send(
          Http1.join(
              stream(1, PREFIX + "/info", TOKEN),
              stream(3, PREFIX + "/info", "other-other-other"),
              stream(5, PREFIX + "/health", "other-other-other"),
              stream(7, PREFIX + "/%zz", TOKEN),
              stream(9, PREFIX + "x/info", TOKEN),
              stream(11, PREFIX + "/predict?features=3,1", TOKEN)));
      Map<Integer, Integer> wanted = Map.of(1, 200, 3, 401, 5, 200, 7, 400, 9, 404, 11, 200);
      for (Map.Entry<Integer, Integer> stream : wanted.entrySet()) {
        assertThat(wire.readUntilEndOf(stream.getKey())).isTrue();
        Answer answer = Objects.requireNonNull(wire.answers().get(stream.getKey()));
        assertThat(answer.status()).as("stream %d", stream.getKey()).isEqualTo(stream.getValue());
      }
    }
  }

  @Test
  void theManagementPortHasNoPrefix() throws IOException, InterruptedException {
    assertThat(prefixed.management("/ready").statusCode()).isEqualTo(200);
    assertThat(prefixed.management(PREFIX + "/ready").statusCode()).isEqualTo(404);
  }

  private static byte[] stream(int number, String path, String token) {
    String[] fields = {
      ":method",
      "GET",
      ":scheme",
      "http",
      ":path",
      path,
      ":authority",
      "server",
      "authorization",
      "Bearer " + token
    };
    return Http2.headers(number, Http2.END_HEADERS | Http2.END_STREAM, fields);
  }

  private interface Request {
    byte[] to(String target);
  }

  /** Three requests with one answer: without a prefix at both servers, and below it at one. */
  private static void same(String path, Request request) throws IOException {
    same(path, request, -1);
  }

  private static void same(String path, Request request, int status) throws IOException {
    byte[] bare = request.to(path);
    String method = new String(bare, 0, 4, StandardCharsets.ISO_8859_1).strip();
    Reply wanted = ask(plain, bare, method);
    Reply without = ask(prefixed, bare, method);
    Reply below = ask(prefixed, request.to(PREFIX + path), method);
    // the same number of requests
    Reply again = ask(plain, bare, method);
    if (status > 0) {
      assertThat(wanted.status()).as(path).isEqualTo(status);
    }
    assertThat(told(again)).as("again %s %s", method, path).isEqualTo(told(wanted));
    assertThat(told(without)).as("%s %s", method, path).isEqualTo(told(wanted));
    assertThat(told(below)).as("%s %s below the prefix", method, path).isEqualTo(told(wanted));
  }

  /** What an answer says beside times, random numbers and the list of servers. */
  private static String told(Reply reply) {
    String type = reply.headers().getOrDefault("content-type", "");
    String text =
        type.startsWith("text/plain")
            ? "metrics"
            : reply
                .text()
                .replaceAll("(?s)\"servers\" : \\[.*?\\]", "")
                .replaceAll("[0-9]+([.][0-9]+)?(E-?[0-9]+)?", "0");
    Map<String, String> headers = new TreeMap<>(reply.headers());
    headers.keySet().removeAll(Set.of("content-length", "etag"));
    return reply.status() + " " + headers + " " + text;
  }

  private static Reply get(ServerProcess server, String path, String... headers)
      throws IOException {
    return ask(server, Http1.bodiless("GET " + path + " HTTP/1.1", headers), "GET");
  }

  private static Reply ask(ServerProcess server, byte[] request, String method) throws IOException {
    Wire wire = WIRES.get(server);
    if (wire == null) {
      wire = new Wire(server.port(), PATIENCE_MILLIS);
      WIRES.put(server, wire);
    }
    wire.send(request);
    Reply reply = Objects.requireNonNull(wire.read(method.equals("HEAD")));
    if (reply.closes() || reply.status() == 408 || reply.status() == 413) {
      wire.close();
      WIRES.remove(server);
    }
    return reply;
  }

  /** A path of the server's own segments and of what changes their meaning. */
  private static String drawn(Random random) {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      path.append('/')
          .append(
              Chance.one(
                  random,
                  "predict",
                  "health",
                  "%68ealth",
                  "ready",
                  "info",
                  "docs",
                  "docs.js",
                  "v1",
                  "v2",
                  "models",
                  MODEL,
                  MODEL + ":predict",
                  "infer",
                  "live",
                  "team-a",
                  "iris.v1",
                  ".",
                  "..",
                  "%2e",
                  "%2E%2e",
                  "",
                  "%",
                  "%zz",
                  "%2f",
                  "%00",
                  "*",
                  ":",
                  ";x",
                  "\u00e9"));
    }
    return path.append(Chance.one(random, "", "", "/", "?features=3,1", "x")).toString();
  }

  /** The prefix as somebody else may write it, or nearly so. */
  private static String spelled(Random random, String prefix) {
    return switch (random.nextInt(12)) {
      case 0 -> prefix.replace("a", "%61");
      case 1 -> "/" + prefix;
      case 2 -> prefix.replace("/", "//");
      case 3 -> "/x/.." + prefix;
      case 4 -> prefix + "x";
      case 5 -> prefix + prefix;
      case 6 -> prefix.replace("a/", "a/./");
      case 7 -> prefix.replace("/i", "%2fi");
      default -> prefix;
    };
  }

  /** What a request for the path is, to a server without the prefix. */
  private static String meant(String sent) {
    int query = sent.indexOf('?');
    String path = query < 0 ? sent : sent.substring(0, query);
    if (path.matches("(?s).*%(?![0-9a-fA-F]{2}).*")) {
      return sent;
    }
    String normal = normal(path);
    if (!normal.equals(PREFIX) && !normal.startsWith(PREFIX + "/")) {
      return sent;
    }
    String rest = normal.substring(PREFIX.length());
    // a second prefix is no prefix
    return (rest.isEmpty() ? "/" : rest) + (query < 0 ? "" : sent.substring(query));
  }

  /**
   * RFC 3986, sections 6.2.2.2 and 6.2.2.3, and one slash for several: an empty segment counts for
   * the {@code ..} right behind it, and for nothing else.
   */
  private static String normal(String path) {
    String decoded =
        Pattern.compile("%([0-9a-fA-F]{2})").matcher(path).replaceAll(PathPrefixIT::unreserved);
    String[] segments = decoded.substring(1).split("/", -1);
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < segments.length; i++) {
      boolean dots = segments[i].equals(".") || segments[i].equals("..");
      if (segments[i].equals("..") && !kept.isEmpty()) {
        kept.removeLast();
      }
      if (!dots || i == segments.length - 1) {
        if (!kept.isEmpty() && kept.getLast().isEmpty()) {
          kept.removeLast();
        }
        kept.add(dots ? "" : segments[i]);
      }
    }
    return "/" + String.join("/", kept);
  }

  private static String unreserved(MatchResult escape) {
    char c = (char) Integer.parseInt(escape.group(1), 16);
    boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
    return plain ? String.valueOf(c) : escape.group();
  }

  /** Since the test began: requests, errors, clients and predictions, whoever was asked. */
  private void countedTheSame() {
    await()
        .untilAsserted(
            () -> {
              Map<String, Double> told = since(prefixed);
              assertThat(told).isNotEmpty().isEqualTo(since(plain));
            });
  }

  private Map<String, Double> since(ServerProcess server) throws IOException, InterruptedException {
    Map<String, Double> since = counts(server);
    Objects.requireNonNull(before.get(server))
        .forEach((series, value) -> since.merge(series, -value, Double::sum));
    since.values().removeIf(value -> value == 0);
    return since;
  }

  private static Map<String, Double> counts(ServerProcess server)
      throws IOException, InterruptedException {
    return server
        .management("/metrics")
        .body()
        .lines()
        .filter(line -> line.matches("(http_server|ml)_[a-z_]*(_total|_seconds_count)[{].*"))
        .filter(line -> !line.contains("uri=\"/metrics\""))
        .map(line -> line.split(" (?=[^ ]*$)"))
        .collect(Collectors.toMap(part -> part[0], part -> Double.parseDouble(part[1])));
  }
}
