package dev.modelserver.server.inference;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The model of this process and whether the process is on its way out. Written by start and drain,
 * read by every request.
 */
@Singleton
public final class CurrentModel {

  /** The ports of the data plane. */
  public enum Port {
    HTTP,
    GRPC
  }

  private volatile ModelState state = new ModelState.Loading();
  private final Set<Port> listening = ConcurrentHashMap.newKeySet();
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

  /** From now on the port takes connections. */
  public void listen(Port port) {
    listening.add(port);
  }

  /**
   * Whether a new client would be answered: a model, both ports, a free thread, and no end in
   * sight.
   */
  public boolean welcoming() {
    return listening.size() == Port.values().length
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
