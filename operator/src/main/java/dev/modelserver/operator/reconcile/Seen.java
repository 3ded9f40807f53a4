package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.snapshot.Observed;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.util.List;

/**
 * What a pass has read.
 *
 * @param objects what the cluster shows
 * @param records the stored revisions, whoever wrote them
 */
record Seen(Observed objects, List<ControllerRevision> records) {}
