package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionRecord;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The objects of a revision: its record, its immutable ConfigMap, and the pin of its digest. */
final class DesiredRevisions {
  private DesiredRevisions() {}

  static List<HasMetadata> of(Owner owner, Revision revision, String current) {
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(record(owner, revision, current));
    objects.add(
        configMap(
            labelled(owner, revision, Names.config(owner, revision.hash(), revision.attempt())),
            revision.mounted()));
    revision
        .pin()
        .ifPresent(
            digest ->
                objects.add(
                    configMap(
                        labelled(owner, revision, Names.pin(owner, revision.hash())),
                        Map.of("sha256", digest))));
    return objects;
  }

  static ControllerRevision record(Owner owner, Revision revision, String current) {
    ObjectMeta metadata = labelled(owner, revision, Names.revision(owner, revision.hash()));
    metadata.getLabels().putAll(RevisionLabels.of(revision, current));
    return RevisionRecord.of(revision, metadata);
  }

  private static ObjectMeta labelled(Owner owner, Revision revision, String name) {
    ObjectMeta metadata = Labels.metadata(owner, name);
    metadata.getLabels().put(Labels.REVISION, revision.hash());
    return metadata;
  }

  private static ConfigMap configMap(ObjectMeta metadata, Map<String, String> data) {
    return new ConfigMapBuilder().withMetadata(metadata).withData(data).withImmutable(true).build();
  }
}
