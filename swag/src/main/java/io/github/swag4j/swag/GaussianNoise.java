package io.github.swag4j.swag;

import io.github.swag4j.base.Philox;

/**
 * Standard normal numbers as a pure function of (seed, sample, tensor, offset): sample 17 has the
 * same bits whichever thread, order or machine draws it, and no generator has a state to save.
 *
 * <p>Philox-4x32 with 10 rounds turns a counter into four 32-bit words; word w becomes the uniform
 * (w + 1/2) / 2^32, and that the normal quantile by Wichura's AS 241 (PPND16). The tails' logarithm
 * comes from {@link StrictMath}; everything else is IEEE arithmetic, so results are the same on
 * every platform. |z| is at most 6.34, which a billion draws exceed with probability below 0.3.
 *
 * @see <a href="https://doi.org/10.1145/2063384.2063405">Salmon et al. 2011, Parallel Random
 *     Numbers: As Easy as 1, 2, 3</a>
 * @see <a href="https://doi.org/10.2307/2347330">Wichura 1988, Algorithm AS 241</a>
 */
public final class GaussianNoise {

  /** Name and version of the algorithm, stored in posterior files. */
  public static final String ALGORITHM = "philox4x32-10/as241-v1";

  /** Independent streams of one sample. */
  enum Stream {
    /** z1, one number a weight. */
    DIAGONAL(0),
    /** z2, one number a deviation column. */
    LOW_RANK(1);

    /** Its word in the counter: part of the algorithm that files name. */
    final int word;

    Stream(int word) {
      this.word = word;
    }
  }

  private GaussianNoise() {}

  /**
   * Fills an array with the noise of consecutive offsets.
   *
   * @param seed the posterior's seed
   * @param sample which sample
   * @param stream z1 or z2
   * @param tensor place of the tensor in the layout
   * @param offset offset of the first number in the tensor, at least 0
   * @param out where to, from index 0
   * @param count how many
   */
  static void fill(
      long seed, int sample, Stream stream, int tensor, int offset, double[] out, int count) {
    int[] words = new int[4];
    int lane = offset & 3;
    int block = offset >>> 2;
    for (int i = 0; i < count; ) {
      philox(seed, block, tensor, sample, stream.word, words);
      for (; lane < 4 && i < count; lane++, i++) {
        out[i] = normalQuantile(uniform(words[lane]));
      }
      lane = 0;
      block++;
    }
  }

  /**
   * Standard normal numbers for posteriors of other packages: z1 of a tensor from its first weight.
   *
   * @param seed the posterior's seed
   * @param sample which sample
   * @param tensor place of the tensor in the layout
   * @param out where to, filled
   */
  public static void fill(long seed, int sample, int tensor, double[] out) {
    fill(seed, sample, Stream.DIAGONAL, tensor, 0, out, out.length);
  }

  private static double uniform(int word) {
    return (Integer.toUnsignedLong(word) + 0.5) * 0x1p-32;
  }

  /** Philox-4x32-10 of a counter of four words under a key of two. */
  static void philox(long key, int c0, int c1, int c2, int c3, int[] out) {
    Philox.words(key, c0, c1, c2, c3, out);
  }

  /** Quantile of the standard normal distribution, about 16 digits. */
  static double normalQuantile(double p) {
    double q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
      double r = 0.180625 - q * q;
      return q
          * (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r
                                                      + 6.7265770927008700853e4)
                                                  * r
                                              + 4.5921953931549871457e4)
                                          * r
                                      + 1.3731693765509461125e4)
                                  * r
                              + 1.9715909503065514427e3)
                          * r
                      + 1.3314166789178437745e2)
                  * r
              + 3.3871328727963666080e0)
          / (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r
                                                      + 3.9307895800092710610e4)
                                                  * r
                                              + 2.1213794301586595867e4)
                                          * r
                                      + 5.3941960214247511077e3)
                                  * r
                              + 6.8718700749205790830e2)
                          * r
                      + 4.2313330701600911252e1)
                  * r
              + 1.0);
    }
    double r = StrictMath.sqrt(-StrictMath.log(q < 0 ? p : 1 - p));
    double z;
    if (r <= 5) {
      r -= 1.6;
      z =
          (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r
                                                          + 2.41780725177450611770e-1)
                                                      * r
                                                  + 1.27045825245236838258e0)
                                              * r
                                          + 3.64784832476320460504e0)
                                      * r
                                  + 5.76949722146069140550e0)
                              * r
                          + 4.63033784615654529590e0)
                      * r
                  + 1.42343711074968357734e0)
              / (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r
                                                          + 1.51986665636164571966e-2)
                                                      * r
                                                  + 1.48103976427480074590e-1)
                                              * r
                                          + 6.89767334985100004550e-1)
                                      * r
                                  + 1.67638483018380384940e0)
                              * r
                          + 2.05319162663775882187e0)
                      * r
                  + 1.0);
    } else {
      r -= 5;
      z =
          (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                                                          + 1.24266094738807843860e-3)
                                                      * r
                                                  + 2.65321895265761230930e-2)
                                              * r
                                          + 2.96560571828504891230e-1)
                                      * r
                                  + 1.78482653991729133580e0)
                              * r
                          + 5.46378491116411436990e0)
                      * r
                  + 6.65790464350110377720e0)
              / (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r
                                                          + 1.84631831751005468180e-5)
                                                      * r
                                                  + 7.86869131145613259100e-4)
                                              * r
                                          + 1.48753612908506148525e-2)
                                      * r
                                  + 1.36929880922735805310e-1)
                              * r
                          + 5.99832206555887937690e-1)
                      * r
                  + 1.0);
    }
    return q < 0 ? -z : z;
  }
}
