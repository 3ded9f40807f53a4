package dev.modelserver.server.image;

import dev.modelserver.server.failure.RequestException;
import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageInputStreamImpl;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a JPEG file with the JDK's reader. The reader gives row after row to an image whose
 * raster keeps none: a photograph of 50 megapixels costs no more memory than a small one.
 */
final class JpegRows {

  static {
    ImageIO.setUseCache(false);
  }

  private JpegRows() {}

  static void read(Jpeg jpeg, Picture.Rows rows) throws RequestException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    boolean cmyk = jpeg.components() == 4;
    RowRaster raster =
        new RowRaster(jpeg, cmyk ? 4 : 3, cmyk ? new CmykRows(rows, jpeg.width()) : rows);
    try {
      reader.setInput(input(jpeg), true, true);
      reader.addIIOReadWarningListener((source, warning) -> raster.warn(warning));
      ImageReadParam param = reader.getDefaultReadParam();
      param.setDestination(
          new BufferedImage(
              // the reader wants as many bands as it decodes, whatever they are called
              new ComponentColorModel(
                  ColorSpace.getInstance(ColorSpace.CS_sRGB),
                  cmyk,
                  false,
                  cmyk ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
                  DataBuffer.TYPE_BYTE),
              raster,
              false,
              null));
      var _ = reader.read(0, param);
    } catch (IOException | RuntimeException e) {
      throw damaged(jpeg);
    } finally {
      reader.dispose();
    }
    if (!raster.complete()) {
      throw damaged(jpeg);
    }
  }

  private static RequestException damaged(Jpeg jpeg) {
    return Picture.wrong(jpeg.file(), "is a damaged JPEG image; send it again or save it anew");
  }

  /** The head of the file and, in place, its scans. */
  private static ImageInputStream input(Jpeg jpeg) {
    return new ImageInputStreamImpl() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        checkClosed();
        bitOffset = 0;
        int headLeft = (int) Math.max(0, jpeg.head().length - streamPos);
        if (headLeft > 0) {
          int count = Math.min(length, headLeft);
          System.arraycopy(jpeg.head(), (int) streamPos, into, offset, count);
          streamPos += count;
          return count;
        }
        long at = jpeg.body() + streamPos - jpeg.head().length;
        if (at >= jpeg.file().to()) {
          return -1;
        }
        int count = (int) Math.min(length, jpeg.file().to() - at);
        System.arraycopy(jpeg.file().bytes(), (int) at, into, offset, count);
        streamPos += count;
        return count;
      }
    };
  }

  /**
   * A raster as large as the picture that hands on each row and keeps none. Of several scans the
   * reader gives one rough picture after the other, and only the last, which has them all, counts.
   */
  private static final class RowRaster extends WritableRaster {
    private final int passes;
    private final Picture.Rows rows;
    private byte @Nullable [] pixels;
    private int pass;
    private int next;
    private boolean damaged;

    RowRaster(Jpeg jpeg, int bands, Picture.Rows rows) {
      super(
          new PixelInterleavedSampleModel(
              DataBuffer.TYPE_BYTE,
              jpeg.width(),
              jpeg.height(),
              bands,
              bands * jpeg.width(),
              IntStream.range(0, bands).toArray()),
          new DataBufferByte(1),
          new Point());
      this.passes = jpeg.scans();
      this.rows = rows;
    }

    /** Notes what a reader would let pass, to make the rest up. */
    void warn(String text) {
      // bytes too many do no harm, and some cameras write them
      damaged |= !text.contains("extraneous bytes");
    }

    boolean complete() {
      return pass == passes && next == getHeight() && !damaged;
    }

    @Override
    public void setRect(int x, int y, Raster row) {
      if (y == 0) {
        pass++;
        next = 0;
      }
      if (damaged || x != 0 || y != next || pass > passes || row.getWidth() != getWidth()) {
        throw new IllegalStateException("pass " + pass + " broke at row " + y);
      }
      next++;
      if (pass == passes) {
        pixels = (byte[]) row.getDataElements(0, 0, getWidth(), 1, pixels);
        rows.row(pixels);
      }
    }
  }
}
