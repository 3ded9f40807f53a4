package dev.modelserver.e2e.load;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Calls of {@code /predict} over HTTPS at a fixed rate, by host name, each on a new connection. */
public final class TlsProbe implements AutoCloseable {
  private final TlsTarget target;
  private final String head;
  private final String body;
  private final Set<String> digests = new ConcurrentSkipListSet<>();
  private final FixedRate calls;

  private TlsProbe(TlsTarget target, String headers, String body, int perSecond) {
    this.target = target;
    this.head =
        "POST /predict HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s"
            .formatted(body.length(), headers);
    this.body = body;
    this.calls = new FixedRate(this::call, perSecond);
  }

  /** Starts sending once a first call was answered. */
  public static TlsProbe start(TlsTarget target, String body, int perSecond) {
    return start(target, "", body, perSecond);
  }

  /**
   * The same with more headers.
   *
   * @param headers each ended by CRLF
   */
  public static TlsProbe start(TlsTarget target, String headers, String body, int perSecond) {
    TlsProbe probe = new TlsProbe(target, headers, body, perSecond);
    probe.calls.start();
    return probe;
  }

  private String call() {
    try {
      return problem(target.send(head, body));
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  private String problem(List<String> lines) {
    String status = lines.isEmpty() ? "no answer" : lines.getFirst();
    lines.stream()
        .filter(line -> line.regionMatches(true, 0, "x-model-digest:", 0, 15))
        .forEach(line -> digests.add(line.substring(15).strip()));
    return status.contains(" 200") ? "" : status;
  }

  /** Digests of the models that answered. */
  public Set<String> digests() {
    return Set.copyOf(digests);
  }

  /** Why calls failed. */
  public List<String> failures() {
    return calls.failures();
  }

  /** Calls sent up to now. */
  public int sent() {
    return calls.sent();
  }

  /** Stops sending; how many calls were sent and failed. */
  public String stop() {
    return calls.stop();
  }

  @Override
  public void close() {
    calls.stop();
  }
}
