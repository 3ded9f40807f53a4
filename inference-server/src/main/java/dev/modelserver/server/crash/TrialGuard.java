package dev.modelserver.server.crash;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.TrialResults;
import dev.modelserver.server.onnx.RunGuard;
import dev.modelserver.server.onnx.RunRefusedException;
import dev.modelserver.server.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the runs on values of the server's own from ending the process: those that ended a process
 * before are refused.
 */
public final class TrialGuard implements RunGuard {

  /** Receives every run, so that another process knows which run ended this one. */
  public interface Progress {
    void began(Digest run);

    void survived(Digest run);
  }

  private static final Progress NONE =
      new Progress() {
        @Override
        public void began(Digest run) {}

        @Override
        public void survived(Digest run) {}
      };

  private final Digest model;
  private final Set<Digest> crashed;
  private final Set<Digest> survived;
  private final boolean onlySurvived;
  private final Progress progress;

  private TrialGuard(
      Digest model,
      Set<Digest> crashed,
      Set<Digest> survived,
      boolean onlySurvived,
      Progress progress) {
    this.model = model;
    this.crashed = crashed;
    this.survived = survived;
    this.onlySurvived = onlySurvived;
    this.progress = progress;
  }

  /**
   * For the start of serving: where a trial ended preflight's process, only runs that another
   * process outlived begin in this one.
   */
  public static TrialGuard after(TrialResults results, Digest model) {
    return new TrialGuard(
        model, results.crashed(), results.survived(), !results.crashed().isEmpty(), NONE);
  }

  /**
   * For the trials themselves.
   *
   * @param crashed runs that ended a process
   * @param survived runs that one outlived
   * @param onlySurvived whether no others may begin
   */
  public static TrialGuard trying(
      Digest model,
      Set<Digest> crashed,
      Set<Digest> survived,
      boolean onlySurvived,
      Progress progress) {
    return new TrialGuard(model, crashed, survived, onlySurvived, progress);
  }

  @Override
  public Permit begin(Map<String, Tensor> inputs) throws RunRefusedException {
    Digest run = RunDigest.of(model, inputs);
    if (crashed.contains(run)) {
      throw new RunRefusedException("a run with these values ended the process before");
    }
    if (onlySurvived && !survived.contains(run)) {
      throw new RunRefusedException(
          "the model ends the process with some values, and these were not tried");
    }
    progress.began(run);
    return () -> progress.survived(run);
  }
}
