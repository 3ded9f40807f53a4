package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.text.ForeignText;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The files of an image. Its layers are read from the uppermost down, so that what a layer hides is
 * never copied; each is read once, while it comes, and the files beside the model are kept until it
 * is known which of them it needs.
 */
final class ImageLayers implements OciArtifacts.ModelFiles {

  /** Of all layers together, in sizes of the largest model: other software may be in the image. */
  private static final long UNPACKED_MODELS = 20;

  private static final long LEAST_UNPACKED = 16L << 30;
  private static final int TRIES = 2;

  private final OciReference reference;
  private final List<OciDescriptor> layers;
  private final Optional<String> file;
  private final Network network;
  private final ImageFiles files;
  private String model = "";
  private long unpacked;

  private ImageLayers(
      OciReference reference,
      List<OciDescriptor> layers,
      Optional<String> file,
      ImageFiles files,
      Network network) {
    this.reference = reference;
    this.layers = layers;
    this.file = file;
    this.files = files;
    this.network = network;
  }

  static ImageLayers of(
      OciReference reference, OciDocument.Manifest manifest, Optional<String> file, Network network)
      throws PreflightException {
    for (OciDescriptor layer : manifest.layers()) {
      Compression.of(layer, reference);
    }
    return new ImageLayers(
        reference,
        manifest.layers().reversed(),
        file,
        new ImageFiles(reference, file.flatMap(OnnxNames::normal)),
        network);
  }

  /** How a layer is packed. */
  private enum Compression {
    NONE,
    GZIP;

    /** By its media type, of OCI and of Docker. */
    static Compression of(OciDescriptor layer, OciReference reference) throws PreflightException {
      String type = layer.mediaType();
      if (type.endsWith("+gzip") || type.endsWith(".tar.gzip")) {
        return GZIP;
      }
      if (type.endsWith(".tar") || type.endsWith(".diff.tar")) {
        return NONE;
      }
      throw new PreflightException(
          Reason.InvalidModel,
          type.endsWith("zstd")
              ? "a layer of %s is compressed with zstd, which is not supported; build the image with gzip layers"
                  .formatted(reference)
              : "%s has a layer of the type \"%s\" without a title; push files with oras push, or an image with tar layers"
                  .formatted(reference, ForeignText.shown(type, 100)));
    }
  }

  @Override
  public String fileName() {
    return model.substring(model.lastIndexOf('/') + 1);
  }

  @Override
  public Digest copyModel(RegistryClient client, ModelStore store) throws PreflightException {
    files.clear(store);
    for (OciDescriptor layer : layers) {
      read(layer, client, store);
      files.descend();
    }
    model = OnnxNames.choose(file, files.names(), files.place());
    return files.keep(model, ModelDirectory.MODEL_FILE, store);
  }

  @Override
  public Digest copyExternal(String location, RegistryClient client, ModelStore store)
      throws PreflightException {
    return files.keepExternal(model, location, store);
  }

  @Override
  public void finish(ModelStore store) throws PreflightException {
    files.clear(store);
  }

  private void read(OciDescriptor layer, RegistryClient client, ModelStore store)
      throws PreflightException {
    for (int tries = 1; ; tries++) {
      Digest found =
          Attempts.retrying(
              network.limits().retrying(),
              deadline -> {
                files.forget(store);
                return client.get(
                    reference.blob(layer.digest()),
                    Map.of(),
                    deadline,
                    (_, body) ->
                        network.guarded(
                            reference.blob(layer.digest()),
                            body,
                            layer.size(),
                            0,
                            network.limits().whole(),
                            guarded -> unpack(layer, guarded, store)));
              });
      if (found.equals(layer.digest())) {
        return;
      }
      if (tries == TRIES) {
        throw RegistryBlobs.mismatch(reference, layer);
      }
    }
  }

  /**
   * Reads a whole layer.
   *
   * @return its digest; what its files are is only told when that is the right one
   * @throws IOException when the connection breaks
   */
  private Digest unpack(OciDescriptor layer, InputStream body, ModelStore store)
      throws PreflightException, IOException {
    BlobStream blob = new BlobStream(body, layer.size(), store::progressed);
    long most = Math.max(LEAST_UNPACKED, store.most(UNPACKED_MODELS)) - unpacked;
    // closing it frees the decompressor, and leaves the blob open
    try (UnpackedLimit limit = new UnpackedLimit(unzipped(layer, blob), most)) {
      files.read(limit, store);
      Digest found = blob.digest();
      unpacked += limit.bytes();
      return found;
    } catch (UnpackedLimit.ExceededException e) {
      throw new PreflightException(
          Reason.InvalidModel,
          "the layer %s of %s %s; build the image with the model alone"
              .formatted(layer.name(), reference, e.getMessage()));
    } catch (IOException | IllegalArgumentException e) {
      if (blob.broken() && e instanceof IOException broken) {
        throw broken;
      }
      Digest found = blob.digest();
      if (!found.equals(layer.digest())) {
        return found;
      }
      throw new PreflightException(
          Reason.InvalidModel,
          "the layer %s of %s cannot be unpacked as %s (%s); build the image again"
              .formatted(layer.name(), reference, layer.mediaType(), e.getClass().getSimpleName()));
    }
  }

  private InputStream unzipped(OciDescriptor layer, BlobStream blob)
      throws PreflightException, IOException {
    return switch (Compression.of(layer, reference)) {
      case NONE -> blob;
      case GZIP -> new GZIPInputStream(blob, 1 << 16);
    };
  }
}
