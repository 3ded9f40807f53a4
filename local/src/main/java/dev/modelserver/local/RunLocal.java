package dev.modelserver.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.local.node.Node;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code ./run-local FILE}: a ModelServer from a file to a prediction, without a cluster. */
public final class RunLocal {
  // Held here: the logging framework forgets the level of a logger that nobody holds.
  private static final Logger ROOT = Logger.getLogger("");

  private final Installation installation;
  private final PrintStream out;
  private final PrintStream progress;

  RunLocal(Installation installation, PrintStream out, PrintStream progress) {
    this.installation = installation;
    this.out = out;
    this.progress = progress;
  }

  /**
   * The program; exits with 0 after a prediction, 1 when there was none, 2 on wrong arguments.
   *
   * @param words see {@code --help}
   */
  public static void main(String[] words) {
    quiet();
    var root = Path.of(System.getProperty("modelserver.root", ".")).toAbsolutePath().normalize();
    Arguments arguments;
    try {
      arguments = Arguments.parse(List.of(words));
    } catch (RunFailure failure) {
      System.err.println("run-local: " + failure.getMessage());
      System.exit(2);
      return;
    }
    if (arguments.file() == null) {
      System.out.print(Arguments.USAGE);
      return;
    }
    System.exit(
        new RunLocal(new Installation(root), System.out, System.err)
            .run(arguments.file(), arguments));
  }

  /** Runs a file; returns the exit code. */
  int run(Path file, Arguments arguments) {
    try {
      var sample = SampleFile.read(file);
      progress.println(
          "a local run, for trying and developing: no cluster, no rollouts, no scaling, at most "
              + Node.MOST_PODS
              + " pods");
      sample.notes().forEach(progress::println);
      try (var parts = new Parts()) {
        // Ctrl-C ends the JVM without leaving this block.
        Runtime.getRuntime().addShutdownHook(new Thread(parts::close));
        return run(new LocalRun(installation, parts), sample, arguments);
      }
    } catch (RunFailure failure) {
      progress.println("run-local: " + failure.getMessage());
    } catch (IOException e) {
      progress.println(
          "run-local: this machine refused a file, port or process: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 1;
  }

  private int run(LocalRun run, SampleFile sample, Arguments arguments)
      throws RunFailure, IOException, InterruptedException {
    var deadline = Instant.now().plus(arguments.timeout());
    for (var object : sample.objects()) {
      progress.println(run.create(object));
    }
    RunFailure failure = null;
    for (var modelServer : sample.modelServers()) {
      try {
        new Wait(run, progress::println).untilReady(modelServer, deadline);
      } catch (RunFailure e) {
        failure = e;
      }
    }
    var current = new ArrayList<JsonNode>();
    sample.modelServers().forEach(modelServer -> current.add(run.get(modelServer)));
    out.print(new PrinterColumns(installation.definition()).table(current, Instant.now()));
    if (failure != null) {
      throw failure;
    }
    for (var modelServer : sample.modelServers()) {
      predict(run, modelServer, arguments.keep());
    }
    if (arguments.keep()) {
      progress.println("serving until Ctrl-C");
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private void predict(LocalRun run, ObjectNode modelServer, boolean keep)
      throws RunFailure, IOException, InterruptedException {
    var service = run.expose(modelServer);
    var prediction = Prediction.make(modelServer, service);
    out.println();
    if (keep) {
      out.println(
          "$ curl -s "
              + service
              + "/predict -H 'Content-Type: application/json' -d '"
              + prediction.request()
              + "'");
    } else {
      out.println("POST " + service + "/predict");
      out.println(prediction.request());
    }
    out.println(prediction.answer());
  }

  private static void quiet() {
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    ROOT.setLevel(Level.OFF);
  }
}
