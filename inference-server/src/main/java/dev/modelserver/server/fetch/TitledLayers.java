package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.text.ForeignText;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files of an artifact: each layer is one, under the name that {@code oras push} gave it.
 *
 * @param layers by their names
 */
record TitledLayers(
    OciReference reference, SortedMap<String, OciDescriptor> layers, String model, Network network)
    implements OciArtifacts.ModelFiles {

  static TitledLayers of(
      OciReference reference, OciDocument.Manifest manifest, Optional<String> file, Network network)
      throws PreflightException {
    SortedMap<String, OciDescriptor> layers = new TreeMap<>();
    for (OciDescriptor layer : manifest.layers()) {
      Optional<String> name = layer.title().flatMap(OnnxNames::normal);
      if (name.isPresent() && layers.put(name.get(), layer) != null) {
        throw new PreflightException(
            Reason.InvalidModel,
            "%s has two layers with the title \"%s\"; push each file once"
                .formatted(reference, ForeignText.shown(name.get(), 100)));
      }
    }
    String model = OnnxNames.choose(file, new TreeSet<>(layers.keySet()), reference.toString());
    return new TitledLayers(reference, layers, model, network);
  }

  @Override
  public String fileName() {
    return model.substring(model.lastIndexOf('/') + 1);
  }

  @Override
  public Digest copyModel(RegistryClient client, ModelStore store) throws PreflightException {
    return copy(model, client, store, ModelDirectory.MODEL_FILE);
  }

  @Override
  public Digest copyExternal(String location, RegistryClient client, ModelStore store)
      throws PreflightException {
    String relative = ExternalData.relative(location).toString();
    String folder = LayerStack.parent(model);
    String name = folder.isEmpty() ? relative : folder + "/" + relative;
    if (!layers.containsKey(name)) {
      throw new PreflightException(
          Reason.InvalidModel,
          "the model needs the external data file \"%s\", which is not beside it in %s; push both files together, or export the model in one file"
              .formatted(ForeignText.shown(location, 200), reference));
    }
    return copy(name, client, store, relative);
  }

  @Override
  public void finish(ModelStore store) {
    // nothing else was copied
  }

  private Digest copy(String name, RegistryClient client, ModelStore store, String target)
      throws PreflightException {
    OciDescriptor layer = layers.get(name);
    if (layer == null) {
      throw new IllegalStateException("a name that was looked up is there");
    }
    return new RegistryBlobs(reference, network, client).copy(layer, store, target);
  }
}
