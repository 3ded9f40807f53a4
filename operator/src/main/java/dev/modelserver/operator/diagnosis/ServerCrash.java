package dev.modelserver.operator.diagnosis;

import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.snapshot.ContainerStatuses;
import dev.modelserver.operator.snapshot.Observed;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server of a pod was ended by a signal of native code: a crash, not a kill.
 *
 * @param pod name of the pod
 * @param signal such as SIGFPE
 * @param restarts how often the container was started again
 * @param at when it ended
 */
public record ServerCrash(String pod, String signal, int restarts, Instant at) {

  /** What the JVM prints last, which the kubelet keeps as the container's message. */
  private static final Pattern FATAL = Pattern.compile("(SIG[A-Z]+) \\(0x[0-9a-f]+\\)");

  /** A pod remembers its last crash for as long as it lives. */
  private static final Duration TOLD = Duration.ofDays(1);

  /** The newest crash of a revision's pods in the last day, also of a pod that is ready again. */
  public static Optional<ServerCrash> newest(Observed observed, String hash) {
    return observed.podsOf(hash).stream()
        .flatMap(pod -> ContainerStatuses.of(pod).flatMap(status -> of(pod, status).stream()))
        .filter(crash -> crash.at.plus(TOLD).isAfter(observed.now()))
        .max(Comparator.comparing(ServerCrash::at));
  }

  /** Whether the container's last end was one. */
  static Optional<ServerCrash> of(Pod pod, ContainerStatus status) {
    if (!Names.SERVER.equals(status.getName())) {
      return Optional.empty();
    }
    return ContainerStatuses.lastEnd(status)
        .flatMap(
            end ->
                signal(end)
                    .map(
                        signal ->
                            new ServerCrash(
                                ContainerStatuses.name(pod),
                                signal,
                                status.getRestartCount() == null ? 0 : status.getRestartCount(),
                                time(end.getFinishedAt()))));
  }

  /** Object, cause and remedy. */
  public String sentence() {
    return "Container server of pod %s was ended by %s in native code (%d restarts): the model or a request crashes ONNX Runtime. The pod refuses a request that crashes it again (see its /info); to find it, read kubectl logs %s -c server --previous; export the model again, or use a newer server image"
        .formatted(pod, signal, restarts, pod);
  }

  private static Optional<String> signal(ContainerStateTerminated end) {
    Integer code = end.getExitCode();
    if (code == null || code == 0) {
      return Optional.empty();
    }
    Matcher fatal = FATAL.matcher(ContainerStatuses.words(end.getMessage()));
    if (fatal.find()) {
      return Optional.of(fatal.group(1));
    }
    return Optional.ofNullable(
        switch (code) {
          case 132 -> "SIGILL";
          case 134 -> "SIGABRT";
          case 135 -> "SIGBUS";
          case 136 -> "SIGFPE";
          case 139 -> "SIGSEGV";
          default -> null;
        });
  }

  private static Instant time(@Nullable String finishedAt) {
    try {
      return finishedAt == null ? Instant.EPOCH : Instant.parse(finishedAt);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
