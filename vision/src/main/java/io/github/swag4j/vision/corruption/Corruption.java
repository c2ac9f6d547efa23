package io.github.swag4j.vision.corruption;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A way to make images worse, at five strengths.
 *
 * <p>Formulas are on levels in [0, 1] of an image {@code [channels][height][width]}; results are
 * cut to [0, 1] and rounded to 256 levels. The five constants stand in the order of the strengths;
 * lengths are for 32 pixels and grow with the shorter side. What is random is a function of (seed,
 * index of the image, corruption, strength).
 *
 * @see <a href="https://arxiv.org/abs/1903.12261">Hendrycks and Dietterich 2019, Benchmarking
 *     Neural Network Robustness to Common Corruptions and Perturbations</a>, whose idea it is; the
 *     formulas are not theirs
 */
public enum Corruption {
  /** x + s n, n standard normal for each value. */
  GAUSSIAN_NOISE("gaussian-noise", 0.04, 0.06, 0.08, 0.10, 0.14) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      for (int i = 0; i < x.length; i++) {
        x[i] += s * random.gaussian();
      }
    }
  },

  /** x + n sqrt(x / s), the noise of s photons at white in its normal approximation. */
  SHOT_NOISE("shot-noise", 500, 250, 100, 75, 50) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      for (int i = 0; i < x.length; i++) {
        x[i] += random.gaussian() * Math.sqrt(x[i] / s);
      }
    }
  },

  /** A share s of the values becomes 0 or 1, either with probability 1/2. */
  IMPULSE_NOISE("impulse-noise", 0.01, 0.02, 0.03, 0.05, 0.07) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      for (int i = 0; i < x.length; i++) {
        double u = random.uniform();
        x[i] = u < s ? (u < s / 2 ? 0 : 1) : x[i];
      }
    }
  },

  /** x (1 + s n), n standard normal for each value. */
  SPECKLE_NOISE("speckle-noise", 0.06, 0.10, 0.12, 0.16, 0.20) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      for (int i = 0; i < x.length; i++) {
        x[i] *= 1 + s * random.gaussian();
      }
    }
  },

  /** A Gaussian of standard deviation s pixels over the image. */
  GAUSSIAN_BLUR("gaussian-blur", 0.4, 0.6, 0.7, 0.8, 1.0) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      Filters.gaussian(x, size, s * Filters.scale(size));
    }
  },

  /** The mean over a disc of radius s pixels, a lens out of focus. */
  DEFOCUS_BLUR("defocus-blur", 0.7, 1.0, 1.3, 1.6, 2.0) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      Filters.disc(x, size, s * Filters.scale(size));
    }
  },

  /** The mean along s pixels in a direction drawn for each image. */
  MOTION_BLUR("motion-blur", 2, 3, 4, 5, 6) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      Filters.line(x, size, s * Filters.scale(size), Math.PI * random.uniform());
    }
  },

  /** x + s, of every value. */
  BRIGHTNESS("brightness", 0.05, 0.10, 0.15, 0.20, 0.30) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      for (int i = 0; i < x.length; i++) {
        x[i] += s;
      }
    }
  },

  /** x ^ s, darker in the middle levels. */
  DARKNESS("darkness", 1.3, 1.6, 2.0, 2.5, 3.5) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      for (int i = 0; i < x.length; i++) {
        x[i] = StrictMath.pow(x[i], s);
      }
    }
  },

  /** m + s (x - m), m the mean of each channel of the image. */
  CONTRAST("contrast", 0.75, 0.50, 0.40, 0.30, 0.15) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      int plane = size.height() * size.width();
      for (int c = 0; c < size.channels(); c++) {
        double mean = Arrays.stream(x, c * plane, (c + 1) * plane).average().orElse(0);
        for (int i = c * plane; i < (c + 1) * plane; i++) {
          x[i] = mean + s * (x[i] - mean);
        }
      }
    }
  },

  /** (1 - s) x + s f, f a smooth random field of each image between 0.5 and 1, of all channels. */
  FOG("fog", 0.2, 0.35, 0.5, 0.6, 0.7) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      double[] field = Filters.field(size, random);
      for (int i = 0; i < x.length; i++) {
        x[i] = (1 - s) * x[i] + s * (0.5 + 0.5 * field[i % field.length]);
      }
    }
  },

  /** Means over s x s pixels, and s x s pixels of them. */
  PIXELATE("pixelate", 1.2, 1.5, 2, 2.5, 3) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      Filters.blocks(x, size, s * Filters.scale(size));
    }
  },

  /**
   * Coefficients of the cosine transform of 8 x 8 pixels are rounded to multiples of s (1 + u + v)
   * / 255, u and v their frequencies from 0 to 7; of each channel by itself.
   */
  JPEG("jpeg", 6, 9, 12, 16, 24) {
    @Override
    void change(double[] x, ImageSize size, double s, SplitMix random) {
      CosineBlocks.quantise(x, size, s / 255);
    }
  };

  /** The largest strength; the smallest is 1. */
  public static final int STRENGTHS = 5;

  private final String id;
  private final double[] constants;

  Corruption(String id, double... constants) {
    this.id = id;
    this.constants = constants;
  }

  abstract void change(double[] x, ImageSize size, double s, SplitMix random);

  /**
   * The name that users give.
   *
   * @return {@code gaussian-noise} for one
   */
  public String id() {
    return id;
  }

  /**
   * All names, in the order to show them.
   *
   * @return the names
   */
  public static List<String> ids() {
    return Arrays.stream(values()).map(Corruption::id).toList();
  }

  /**
   * The corruption of a name.
   *
   * @param id a name as {@link #id} gives it
   * @return the corruption, empty if none is called so
   */
  public static Optional<Corruption> named(String id) {
    return Arrays.stream(values()).filter(c -> c.id.equals(id)).findFirst();
  }

  /**
   * Corrupts every image of a set.
   *
   * @param images levels from 0 to 255, of any number of channels
   * @param strength from 1 to 5
   * @param seed seed of what is random; the same set, strength and seed give the same images
   * @return as many images with the same labels, called {@code NAME-ID-STRENGTH}
   * @throws IllegalArgumentException if the strength is out of range, or these are features
   * @throws IllegalStateException if values are floats, whose black and white nobody knows
   */
  public ImageData apply(ImageData images, int strength, long seed) {
    if (strength < 1 || strength > STRENGTHS) {
      throw new IllegalArgumentException(
          "strength must be between 1 and " + STRENGTHS + ", got " + strength);
    }
    ImageSize size = images.imageSize();
    if (size.isFeatures()) {
      throw new IllegalArgumentException(
          images.name() + " must be images to be corrupted, got " + size);
    }
    byte[] all = images.pixels();
    double[] x = new double[size.values()];
    for (int i = 0; i < images.size(); i++) {
      int first = i * x.length;
      for (int k = 0; k < x.length; k++) {
        x[k] = (all[first + k] & 0xff) / 255.0;
      }
      change(x, size, constants[strength - 1], new SplitMix(seedOf(seed, i, strength)));
      for (int k = 0; k < x.length; k++) {
        all[first + k] = (byte) Math.round(255 * Math.min(1, Math.max(0, x[k])));
      }
    }
    return ImageData.ofLevels(
        images.name() + "-" + id + "-" + strength,
        all,
        images.hasLabels() ? images.labels() : null,
        size,
        images.classNames());
  }

  /**
   * By the name, so that another corruption in the list does not change the draws of the others.
   */
  private long seedOf(long seed, int image, int strength) {
    long hash = SplitMix.mix(seed + SplitMix.GAMMA);
    for (int i = 0; i < id.length(); i++) {
      hash = SplitMix.mix(hash + id.charAt(i) + SplitMix.GAMMA);
    }
    return SplitMix.mix(hash ^ ((long) strength << 32) + image + 1);
  }
}
