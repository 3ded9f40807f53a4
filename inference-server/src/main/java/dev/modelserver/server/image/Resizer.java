package dev.modelserver.server.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Resizes a picture whose rows come one by one, first each row, then the columns, and gives out a
 * row as soon as all rows it is made of have come. Rounds where Pillow rounds, so that the pixels
 * are the same.
 */
final class Resizer implements Picture.Rows {

  private static final int HALF = 1 << (Kernel.BITS - 1);

  private final Kernel columns;
  private final Kernel rows;
  private final int bands;
  private final Picture.Rows target;
  private final byte[] narrow;
  private final int[] @Nullable [] sums;
  private final byte[] done;
  private int y;
  private int begun;
  private int finished;

  /** Takes rows of {@code bands} bytes a pixel and gives such rows to the target, in order. */
  Resizer(Kernel columns, Kernel rows, int bands, Picture.Rows target) {
    this.columns = columns;
    this.rows = rows;
    this.bands = bands;
    this.target = target;
    this.narrow = new byte[columns.first().length * bands];
    this.done = new byte[narrow.length];
    this.sums = new int[rows.first().length][];
  }

  @Override
  public void row(byte[] pixels) {
    boolean needed =
        finished < sums.length
            && (begun > finished || (begun < sums.length && rows.first()[begun] <= y));
    if (needed) {
      narrow(pixels);
      while (begun < sums.length && rows.first()[begun] <= y) {
        sums[begun] = new int[narrow.length];
        Arrays.fill(sums[begun], HALF);
        begun++;
      }
      for (int i = finished; i < begun; i++) {
        add(sums[i], rows.weights()[i][y - rows.first()[i]]);
      }
      while (finished < begun
          && rows.first()[finished] + rows.weights()[finished].length == y + 1) {
        give(sums[finished]);
        sums[finished++] = null;
      }
    }
    y++;
  }

  private void narrow(byte[] pixels) {
    if (bands == 3) {
      narrowColours(pixels);
    } else {
      narrowGray(pixels);
    }
  }

  /** Three sums at once: a weight is read once, and the sums do not wait for each other. */
  private void narrowColours(byte[] pixels) {
    int[] first = columns.first();
    int[][] weights = columns.weights();
    for (int x = 0, at = 0; x < first.length; x++, at += 3) {
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int from = first[x] * 3;
      for (int weight : weights[x]) {
        red += (pixels[from] & 0xff) * weight;
        green += (pixels[from + 1] & 0xff) * weight;
        blue += (pixels[from + 2] & 0xff) * weight;
        from += 3;
      }
      narrow[at] = Kernel.pixel(red);
      narrow[at + 1] = Kernel.pixel(green);
      narrow[at + 2] = Kernel.pixel(blue);
    }
  }

  private void narrowGray(byte[] pixels) {
    int[] first = columns.first();
    int[][] weights = columns.weights();
    for (int x = 0; x < first.length; x++) {
      int sum = HALF;
      int from = first[x];
      for (int weight : weights[x]) {
        sum += (pixels[from++] & 0xff) * weight;
      }
      narrow[x] = Kernel.pixel(sum);
    }
  }

  private void add(int[] sum, int weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (narrow[i] & 0xff) * weight;
    }
  }

  private void give(int[] sum) {
    for (int i = 0; i < sum.length; i++) {
      done[i] = Kernel.pixel(sum[i]);
    }
    target.row(done);
  }
}
