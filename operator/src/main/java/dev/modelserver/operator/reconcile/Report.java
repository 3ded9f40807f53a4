package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.diagnosis.ServerCrash;
import java.util.Optional;

/**
 * What a pass says at its end.
 *
 * @param status the whole status
 * @param crash the newest crash of a server, which is an Event of its own
 */
record Report(ModelServerStatus status, Optional<ServerCrash> crash) {}
