package dev.modelserver.server.image;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.model.ImageDescription;
import dev.modelserver.server.model.ImageDescription.Channels;
import dev.modelserver.server.model.ImageDescription.Resize;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How images become the input of a model, decided once, when it is loaded. It reads JPEG and PNG
 * files; the embedded colour profile is ignored, the orientation of EXIF is obeyed.
 */
public final class ImageInput {

  private final @Nullable Plan plan;
  private final String obstacle;

  private ImageInput(@Nullable Plan plan, String obstacle) {
    this.plan = plan;
    this.obstacle = obstacle;
  }

  private record Plan(
      String input, InputAxes axes, PixelValues values, ImageDescription description) {

    Resize filter() {
      return description.resize() == null ? Resize.BICUBIC : description.resize();
    }
  }

  /** Decides for a model; it may turn out that it takes no images. */
  public static ImageInput of(Signature signature, @Nullable ImageDescription description) {
    if (description == null) {
      return new ImageInput(null, "it has no description of an image input" + remedy(signature));
    }
    try {
      if (signature.inputs().size() != 1) {
        throw new InputAxes.Unsuitable("it has " + signature.inputs().size() + " inputs");
      }
      TensorSpec input = signature.inputs().getFirst();
      InputAxes axes = InputAxes.of(input, description);
      PixelValues values = PixelValues.of(input.datatype(), axes.channelCount(), description);
      return new ImageInput(new Plan(input.name(), axes, values, description), "");
    } catch (InputAxes.Unsuitable e) {
      return new ImageInput(null, e.getMessage() + remedy(signature));
    }
  }

  /** An input with sizes that vary needs them from its description. */
  private static String remedy(Signature signature) {
    boolean free =
        signature.inputs().stream()
            .map(TensorSpec::shape)
            .anyMatch(shape -> shape.rank() > 2 && shape.elementsFrom(1) < 0);
    return "; describe it in spec.model.description.image, or as JSON under the key image of the ONNX"
        + " metadata, for example {"
        + (free ? "\"width\":224,\"height\":224," : "")
        + "\"channels\":\"RGB\",\"scale\":0.00392156862745098}";
  }

  /** The shape that the input has for an image; empty where no images can be read. */
  public Optional<Shape> shape() {
    return Optional.ofNullable(plan).map(taken -> taken.axes().shape());
  }

  /** Whether images can be read. */
  public boolean taken() {
    return plan != null;
  }

  /** Why no images can be read, without a subject; empty when they can. */
  public String obstacle() {
    return obstacle;
  }

  /** The name of the input that takes the image. */
  public String input() {
    return Objects.requireNonNull(plan).input();
  }

  /** Reads an image, so that the first caller does not pay for first use. */
  public void warmUp() {
    var _ = sample();
  }

  /** The input for a small image that the server brings. */
  public NumericTensor sample() {
    try (InputStream in = ImageInput.class.getResourceAsStream("warm-up.jpg")) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      return open(new ImageFile(bytes, 0, bytes.length, "the server's own image")).read();
    } catch (IOException | RequestException e) {
      throw new IllegalStateException("the server cannot read images", e);
    }
  }

  /** Reads an image with memory that counts as made of the body that it came in. */
  public NumericTensor read(ImageFile file, Body body) throws RequestException {
    Upload upload = open(file);
    long bytes = upload.bytes();
    if (bytes > body.budgetBytes() / 2) {
      throw RequestException.malformed(
          ("%s needs %d bytes of memory to decode, and the server has %d for all requests; send a"
                  + " smaller image, a baseline JPEG or a PNG that is not interlaced, or raise"
                  + " spec.resources.limits.memory")
              .formatted(file.place(), bytes, body.budgetBytes()));
    }
    if (!body.reserve(bytes)) {
      throw new RequestException(new RequestFailure.NoMemory());
    }
    return upload.read();
  }

  /** Checks the file and reads only its headers. */
  public Upload open(ImageFile file) throws RequestException {
    if (plan == null) {
      throw RequestException.malformed(
          "this model does not accept images: %s; or send tensors over the Open Inference Protocol (/v2)"
              .formatted(obstacle));
    }
    return new Upload(plan, Picture.of(file));
  }

  /** An image whose headers are good. */
  public static final class Upload {
    private final Plan plan;
    private final Picture picture;

    private Upload(Plan plan, Picture picture) {
      this.plan = plan;
      this.picture = picture;
    }

    /** Bytes that {@link #read} needs besides what is small and constant, its tensor included. */
    public long bytes() {
      return picture.decodingBytes() + plan.axes().shape().elements() * plan.values().type().size();
    }

    /** Decodes, resizes and normalises. It computes for long: a second for 50 megapixels. */
    public NumericTensor read() throws RequestException {
      Placement placement = Placement.of(plan.description(), plan.axes(), picture);
      Placement.Source source = placement.source();
      Placement.Target target = placement.target();
      boolean swaps = Orientation.swapsSides(picture.orientation());
      int width = swaps ? target.height() : target.width();
      int height = swaps ? target.width() : target.height();
      boolean toGray = plan.axes().channels() == Channels.GRAY && picture.bands() == 3;
      int bands = toGray ? 1 : picture.bands();
      PixelTensor tensor =
          new PixelTensor(plan.axes(), plan.values(), target, picture.orientation(), bands);
      Resizer resizer =
          new Resizer(
              Kernel.of(plan.filter(), picture.width(), source.left(), source.right(), width),
              Kernel.of(plan.filter(), picture.height(), source.top(), source.bottom(), height),
              bands,
              tensor);
      picture.read(toGray ? new Gray(resizer, picture.width()) : resizer);
      return tensor.tensor();
    }
  }

  /** The luminance of ITU-R BT.601, with Pillow's rounding. */
  private static final class Gray implements Picture.Rows {
    private final Picture.Rows target;
    private final byte[] row;

    Gray(Picture.Rows target, int width) {
      this.target = target;
      this.row = new byte[width];
    }

    @Override
    public void row(byte[] pixels) {
      for (int x = 0; x < row.length; x++) {
        int sum =
            19595 * (pixels[3 * x] & 0xff)
                + 38470 * (pixels[3 * x + 1] & 0xff)
                + 7471 * (pixels[3 * x + 2] & 0xff);
        row[x] = (byte) ((sum + 0x8000) >> 16);
      }
      target.row(row);
    }
  }
}
