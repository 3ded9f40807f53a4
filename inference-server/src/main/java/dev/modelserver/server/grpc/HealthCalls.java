package dev.modelserver.server.grpc;

import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.inference.CurrentModel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc.HealthImplBase;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * gRPC's standard health service: the server ({@code ""}), the inference service and the model
 * under their names, all from the same state, the readiness of the server.
 */
@Singleton
final class HealthCalls extends HealthImplBase {

  private final CurrentModel current;
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

  HealthCalls(CurrentModel current) {
    this.current = current;
  }

  @Override
  public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> caller) {
    ServingStatus status = status(request.getService());
    if (status == ServingStatus.SERVICE_UNKNOWN) {
      caller.onError(
          Status.NOT_FOUND
              .withDescription(
                  "there is no such service; ask for \"\", the model's name or "
                      + GRPCInferenceServiceGrpc.SERVICE_NAME)
              .asException());
      return;
    }
    caller.onNext(response(status));
    caller.onCompleted();
  }

  @Override
  public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> caller) {
    Watcher watcher =
        new Watcher(request.getService(), (ServerCallStreamObserver<HealthCheckResponse>) caller);
    watcher.caller.setOnCancelHandler(() -> watchers.remove(watcher));
    watchers.add(watcher);
    watcher.tell();
  }

  /** Tells the watchers what has changed since they were last told. */
  void changed() {
    watchers.forEach(Watcher::tell);
  }

  /** Ends the watches, so that their connections can be closed. */
  void end() {
    for (Watcher watcher : watchers) {
      watcher.end();
    }
  }

  private ServingStatus status(String service) {
    boolean known =
        service.isEmpty()
            || service.equals(GRPCInferenceServiceGrpc.SERVICE_NAME)
            || current.ready().map(model -> model.identity().name().equals(service)).orElse(false);
    return !known
        ? ServingStatus.SERVICE_UNKNOWN
        : current.welcoming() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }

  private static HealthCheckResponse response(ServingStatus status) {
    return HealthCheckResponse.newBuilder().setStatus(status).build();
  }

  /** One client that wants to hear of changes. */
  private final class Watcher {
    private final String service;
    private final ServerCallStreamObserver<HealthCheckResponse> caller;
    private ServingStatus told = ServingStatus.UNKNOWN;

    Watcher(String service, ServerCallStreamObserver<HealthCheckResponse> caller) {
      this.service = service;
      this.caller = caller;
    }

    synchronized void tell() {
      ServingStatus now = status(service);
      // a client that does not read is told the latest when it does
      if (now != told && !caller.isCancelled() && caller.isReady()) {
        told = now;
        caller.onNext(response(now));
      }
    }

    synchronized void end() {
      if (watchers.remove(this) && !caller.isCancelled()) {
        caller.onError(Status.UNAVAILABLE.withDescription("the server is leaving").asException());
      }
    }
  }
}
