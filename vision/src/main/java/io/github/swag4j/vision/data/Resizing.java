package io.github.swag4j.vision.data;

/** Images of another size or other channels; the rule is that of {@link Conversion}. */
final class Resizing {

  /** Weights of the source pixels of one line for each pixel of the target. */
  private record Weights(int[] first, double[][] weights) {

    /** A triangle of half-width max(1, scale) around each target pixel's centre. */
    static Weights of(int source, int target) {
      double scale = (double) source / target;
      double half = Math.max(1, scale);
      int[] first = new int[target];
      double[][] all = new double[target][];
      for (int t = 0; t < target; t++) {
        double centre = (t + 0.5) * scale;
        int from = Math.max(0, (int) Math.floor(centre - half + 0.5));
        int to = Math.min(source, (int) Math.floor(centre + half + 0.5));
        double[] weights = new double[to - from];
        double sum = 0;
        for (int s = from; s < to; s++) {
          weights[s - from] = Math.max(0, 1 - Math.abs(s + 0.5 - centre) / half);
          sum += weights[s - from];
        }
        for (int i = 0; i < weights.length; i++) {
          weights[i] /= sum;
        }
        first[t] = from;
        all[t] = weights;
      }
      return new Weights(first, all);
    }
  }

  private Resizing() {}

  /** Converts every image; levels are rounded to the nearest. */
  static ImageData of(ImageData images, ImageSize wanted) {
    int length = wanted.values();
    ImageSize now = images.imageSize();
    int[] labels = images.hasLabels() ? images.labels() : null;
    long total = (long) images.size() * length;
    if (total > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          images.name() + " must have fewer than 2^31 values as " + wanted + ", got " + total);
    }
    float[] row = new float[now.values()];
    if (images.isLevels()) {
      byte[] levels = new byte[(int) total];
      for (int i = 0; i < images.size(); i++) {
        byte[] pixels = images.pixels(i);
        for (int k = 0; k < row.length; k++) {
          row[k] = pixels[k] & 0xff;
        }
        double[] made = image(row, now, wanted);
        for (int k = 0; k < length; k++) {
          levels[i * length + k] = (byte) Math.round(Math.min(255, Math.max(0, made[k])));
        }
      }
      return ImageData.taking(images.name(), levels, labels, wanted, images.classNames());
    }
    float[] values = new float[(int) total];
    for (int i = 0; i < images.size(); i++) {
      images.copyScaled(i, row, 0);
      double[] made = image(row, now, wanted);
      for (int k = 0; k < length; k++) {
        values[i * length + k] = (float) made[k];
      }
    }
    return ImageData.taking(images.name(), values, labels, wanted, images.classNames());
  }

  /** One image {@code [channels][height][width]} in the new size and channels. */
  static double[] image(float[] values, ImageSize now, ImageSize wanted) {
    double[] coloured = channels(values, now, wanted.channels());
    if (now.height() == wanted.height() && now.width() == wanted.width()) {
      return coloured;
    }
    Weights across = Weights.of(now.width(), wanted.width());
    Weights down = Weights.of(now.height(), wanted.height());
    double[] lines = new double[wanted.channels() * now.height() * wanted.width()];
    for (int line = 0; line < wanted.channels() * now.height(); line++) {
      for (int x = 0; x < wanted.width(); x++) {
        double[] weights = across.weights[x];
        int from = line * now.width() + across.first[x];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
          sum += weights[i] * coloured[from + i];
        }
        lines[line * wanted.width() + x] = sum;
      }
    }
    double[] made = new double[wanted.values()];
    for (int c = 0; c < wanted.channels(); c++) {
      for (int y = 0; y < wanted.height(); y++) {
        double[] weights = down.weights[y];
        int from = c * now.height() + down.first[y];
        for (int x = 0; x < wanted.width(); x++) {
          double sum = 0;
          for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * lines[(from + i) * wanted.width() + x];
          }
          made[(c * wanted.height() + y) * wanted.width() + x] = sum;
        }
      }
    }
    return made;
  }

  private static double[] channels(float[] values, ImageSize now, int channels) {
    int plane = now.height() * now.width();
    double[] out = new double[channels * plane];
    for (int i = 0; i < out.length; i++) {
      if (channels == now.channels()) {
        out[i] = values[i];
      } else if (channels == 1) {
        out[i] = 0.299 * values[i] + 0.587 * values[plane + i] + 0.114 * values[2 * plane + i];
      } else {
        out[i] = values[i % plane];
      }
    }
    return out;
  }
}
