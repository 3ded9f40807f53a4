package dev.modelserver.server.inference;

import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * The model of this process and whether the process is on its way out. Written by start and drain,
 * read by every request.
 */
@Singleton
public final class CurrentModel {

  private volatile ModelState state = new ModelState.Loading();
  private volatile boolean listening;
  private volatile boolean draining;

  public ModelState state() {
    return state;
  }

  public void set(ModelState next) {
    state = next;
  }

  /** The model, when it answers. */
  public Optional<ServedModel> ready() {
    return state instanceof ModelState.Ready(ServedModel model)
        ? Optional.of(model)
        : Optional.empty();
  }

  /** From now on the data port takes connections. */
  public void listen() {
    listening = true;
  }

  /**
   * Whether a new client would be answered: a model, a port, a free thread, and no end in sight.
   */
  public boolean welcoming() {
    return listening
        && !draining
        && ready().map(model -> !model.service().exhausted()).orElse(false);
  }

  /** From now on no new client should come; requests are answered all the same. */
  public void drain() {
    draining = true;
  }

  public boolean draining() {
    return draining;
  }
}
