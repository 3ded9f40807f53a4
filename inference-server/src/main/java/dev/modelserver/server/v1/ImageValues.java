package dev.modelserver.server.v1;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.image.ImageFile;
import dev.modelserver.server.image.ImageInput;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.json.JsonReader.Kind;
import dev.modelserver.server.rows.BinaryValue;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.Rows;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads images: {@code {"b64":"…"}}, or such an object under any one name, as TensorFlow Serving's
 * clients send JPEG and PNG files.
 */
final class ImageValues {

  private final JsonReader json;
  private final ImageInput input;
  private final Body body;
  private final boolean texts;

  /**
   * A reader of the next values of a text.
   *
   * @param texts whether the model takes texts, which may be in Base64 too
   */
  ImageValues(JsonReader json, ImageInput input, Body body, boolean texts) {
    this.json = json;
    this.input = input;
    this.body = body;
    this.texts = texts;
  }

  /** Whether the model takes images. */
  boolean taken() {
    return input.taken();
  }

  /**
   * Whether the object that has begun is an image, or a list of images under a name.
   *
   * @param name its first name, which has been read
   */
  boolean isImage(String name, InputLayout layout) throws RequestException {
    boolean bytes = name.equals(BinaryValue.NAME) && layout.field(name) == null;
    if (texts) {
      return false;
    }
    Kind kind = json.peek();
    return bytes
        || (input.taken()
            && (kind == Kind.OBJECT || (kind == Kind.LIST && json.peekFirst() == Kind.OBJECT)));
  }

  /** Reads a list of images. */
  Rows list() throws RequestException {
    List<NumericTensor> images = new ArrayList<>();
    json.beginList();
    while (json.nextElement()) {
      json.beginObject();
      images.add(image(json.nextName(), images.size()));
    }
    return stacked(images);
  }

  /**
   * Reads the objects of a list that has been begun.
   *
   * @param first the name that has been read of the first object
   */
  Rows instances(String first) throws RequestException {
    List<NumericTensor> images = new ArrayList<>(List.of(image(first, 0)));
    while (json.nextElement()) {
      json.beginObject();
      images.add(image(json.nextName(), images.size()));
    }
    return stacked(images);
  }

  /** Reads an object with one image, or with a list of images under a name. */
  Rows columns(String first) throws RequestException {
    if (json.peek() != Kind.LIST) {
      return stacked(List.of(image(first, 0)));
    }
    Rows rows = list();
    alone(json.nextName());
    return rows;
  }

  /**
   * Reads the rest of an object.
   *
   * @param first its first name, which has been read; null: it is empty
   * @param index of the image in its list
   */
  private NumericTensor image(@Nullable String first, int index) throws RequestException {
    InstanceReader.limit(index);
    boolean named = first != null && !first.equals(BinaryValue.NAME);
    String name = first;
    if (named) {
      json.beginObject();
      name = json.nextName();
    }
    String place = json.path();
    if (!BinaryValue.NAME.equals(name)) {
      throw RequestException.malformed(place + " is no image; send {\"b64\": \"…\"}");
    }
    byte[] bytes = BinaryValue.rest(json);
    if (!body.reserve(bytes.length)) {
      throw new RequestException(new RequestFailure.NoMemory());
    }
    if (named) {
      alone(json.nextName());
    }
    return input.read(new ImageFile(bytes, 0, bytes.length, place), body);
  }

  private void alone(@Nullable String other) throws RequestException {
    if (other != null) {
      throw RequestException.malformed(
          "%s is not known beside an image; remove it".formatted(json.path()));
    }
  }

  private Rows stacked(List<NumericTensor> images) {
    NumericTensor one = images.getFirst();
    if (images.size() == 1) {
      return new Rows(Map.of(input.input(), one), 1, true);
    }
    List<Long> dims = new ArrayList<>(one.shape().dims());
    dims.set(0, (long) images.size());
    NumericTensor all = NumericTensor.allocate(one.type(), new Shape(dims));
    int bytes = one.data().limit();
    for (int i = 0; i < images.size(); i++) {
      all.data().put(i * bytes, images.get(i).data(), 0, bytes);
    }
    return new Rows(Map.of(input.input(), all), images.size(), true);
  }
}
