package dev.modelserver.server.predict;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.ContentType;
import dev.modelserver.server.image.FormFile;
import dev.modelserver.server.image.ImageFile;
import dev.modelserver.server.image.ImageInput;
import dev.modelserver.server.rows.Rows;
import dev.modelserver.server.tensor.Tensor;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code POST /predict} with an image: the field file of a form, or the image alone. */
final class ImageQuestion {

  static final int DEFAULT_TOP = 5;
  static final int MAX_TOP = 1000;
  private static final Pattern TOP = Pattern.compile("[1-9][0-9]{0,3}");

  private ImageQuestion() {}

  /** Reads the image as the model's input. */
  static Rows read(ImageInput images, String contentType, Body body) throws RequestException {
    ImageFile file =
        ContentType.mediaType(contentType).equals(ContentType.FORM)
            ? FormFile.in(contentType, body.bytes(), body.length())
            : new ImageFile(body.bytes(), 0, body.length(), "the body");
    // Before the input is named: a model that does not accept images has none.
    Tensor image = images.read(file, body);
    return new Rows(Map.of(images.input(), image), 1, false);
  }

  /** How many classes the answer shows, by the parameter {@code top}. */
  static int top(@Nullable String parameter) throws RequestException {
    if (parameter == null) {
      return DEFAULT_TOP;
    }
    int top = TOP.matcher(parameter).matches() ? Integer.parseInt(parameter) : 0;
    if (top < 1 || top > MAX_TOP) {
      throw RequestException.malformed(
          "the parameter top is \""
              + Excerpt.of(parameter)
              + "\"; it takes a number of classes from 1 to "
              + MAX_TOP);
    }
    return top;
  }
}
