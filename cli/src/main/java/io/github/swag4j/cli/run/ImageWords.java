package io.github.swag4j.cli.run;

import io.github.swag4j.vision.augmentation.Augmentation;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import java.util.List;
import java.util.Locale;

/** What the words and numbers of the options about images mean; what is none is wrong usage. */
public final class ImageWords {
  private ImageWords() {}

  /**
   * What images are brought to.
   *
   * @param resize size, null for theirs
   * @param channels channels, null for theirs
   * @param layout axes of arrays, null if they say so themselves
   * @throws UsageException if one is none
   */
  public static Conversion conversion(String resize, Integer channels, String layout) {
    Conversion.Layout axes = layout == null ? null : axes(layout);
    Conversion sized = usage("--resize: ", () -> Conversion.NONE.withSize(resize));
    return usage("--channels: ", () -> sized.withChannels(channels)).withLayout(axes);
  }

  private static Conversion.Layout axes(String layout) {
    return switch (layout.toLowerCase(Locale.ROOT)) {
      case "nhwc" -> Conversion.Layout.NHWC;
      case "nchw" -> Conversion.Layout.NCHW;
      default -> throw new UsageException("--layout must be nhwc or nchw, got " + layout);
    };
  }

  /** Makes of something. */
  @FunctionalInterface
  private interface Making<T> {
    T made();
  }

  private static <T> T usage(String option, Making<T> making) {
    try {
      return making.made();
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + e.getMessage());
    }
  }

  /** What is done to training images of a size. */
  static Augmentation augmentation(List<String> words, ImageSize size) {
    return usage("--augment: ", () -> Augmentation.of(words, size));
  }

  /** Checks the numbers that levels are scaled by; null is the training images' own. */
  static void requireScaling(List<Double> scaling) {
    boolean fits = scaling == null || scaling.size() == 2 || scaling.size() == 6;
    for (int i = 0; fits && scaling != null && i < scaling.size(); i++) {
      double number = scaling.get(i);
      fits = Double.isFinite(number) && (i < scaling.size() / 2 || number > 0);
    }
    if (!fits) {
      throw new UsageException(
          "--scaling must be a mean and a standard deviation above 0, or three of each for colours,"
              + " got "
              + scaling);
    }
  }

  /** What levels are scaled by: these numbers, or those of the training images. */
  static Normalisation normalisation(List<Double> scaling, ImageData train) {
    if (scaling == null) {
      return Normalisation.of(train);
    }
    if (scaling.size() == 2) {
      return Normalisation.same(scaling.get(0), scaling.get(1), train.channels());
    }
    if (train.channels() != 3) {
      throw new UsageException(
          "--scaling must be two numbers for images that are no colours, got six");
    }
    return new Normalisation(scaling.subList(0, 3), scaling.subList(3, 6));
  }
}
