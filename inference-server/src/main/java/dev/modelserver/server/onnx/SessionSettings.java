package dev.modelserver.server.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;

/**
 * What a model's owner decides about its session.
 *
 * @param intraOpThreads threads that work within one run, the calling one among them
 * @param memoryArena whether the allocator keeps the memory of a run for later ones; if not, the
 *     system gets back at the end of each run what no run holds. Tensors come from the same
 *     allocator either way: its limit is what keeps a request from ending the process, see {@link
 *     RunMemory}
 */
public record SessionSettings(int intraOpThreads, boolean memoryArena) {

  /** One thread, so that requests and not operators run side by side. */
  public static final SessionSettings DEFAULT = new SessionSettings(1, true);

  RunOptions runOptions() throws OrtException {
    RunOptions options = new RunOptions();
    if (!memoryArena) {
      RunMemory.releaseAfterwards(options);
    }
    return options;
  }
}
