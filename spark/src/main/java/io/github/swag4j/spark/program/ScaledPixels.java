package io.github.swag4j.spark.program;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.api.java.UDF1;
import scala.collection.Seq;

/**
 * Pixels of an image as the program's own images are scaled for a network.
 *
 * @param whole whether they are levels from 0 to 255, else they are between 0 and 1
 * @param plane pixels of a channel
 * @param mean of each channel
 * @param deviation standard deviation of each channel
 */
record ScaledPixels(boolean whole, int plane, List<Double> mean, List<Double> deviation)
    implements UDF1<Seq<Number>, List<Float>> {

  @Override
  public List<Float> call(Seq<Number> pixels) {
    if (pixels == null || pixels.length() != plane * mean.size()) {
      throw new IllegalArgumentException(
          "an image must have "
              + plane * mean.size()
              + " pixels, got "
              + (pixels == null ? "null" : pixels.length()));
    }
    List<Float> scaled = new ArrayList<>(pixels.length());
    for (int i = 0; i < pixels.length(); i++) {
      Number pixel = pixels.apply(i);
      double most = whole ? 255 : 1;
      if (pixel == null || !(pixel.doubleValue() >= 0 && pixel.doubleValue() <= most)) {
        throw new IllegalArgumentException(
            "a pixel must be "
                + (whole ? "a level from 0 to 255" : "between 0 and 1")
                + ", got "
                + pixel);
      }
      int channel = i / plane;
      float value = whole ? pixel.intValue() / 255f : pixel.floatValue();
      float factor = (float) (1 / deviation.get(channel));
      scaled.add((value - (float) (double) mean.get(channel)) * factor);
    }
    return scaled;
  }
}
