package io.github.swag4j.swag.djl;

/**
 * Who predicts the samples of a posterior: one after the other, each on all of the engine's
 * threads, or several at a time, each in a replica of the model on one of the engine's threads.
 *
 * <p>Several at a time keep all cores busy where the engine cannot: small networks and layers it
 * runs on one thread. They need the bytes of the model's parameters once more for each worker,
 * those of convolutions followed by batch norm twice, and for each worker up to 2 samples' outputs
 * of all data sets, 8 bytes a row and column. Whoever predicts, two groups of drawn samples lie
 * ready, 256 MiB together or one sample each, and the sums over samples take 8 bytes a row and
 * class a few times over; no more is held, but for the samples that {@code keepSamples} asks for,
 * and {@link #of} holds as many workers as it is told. Samples are folded in their order, so each
 * choice gives the same bits again; two choices differ in the last float32 digit of the model's
 * outputs, because the engine adds in another order.
 */
public final class Workers {

  /** What replicas take together at most, where nobody said how many workers. */
  private static final long MOST_BYTES = 1L << 30;

  private final int count;
  private final boolean auto;

  private Workers(int count, boolean auto) {
    this.count = count;
    this.auto = auto;
  }

  /**
   * One sample at a time, in the live model, on all of the engine's threads.
   *
   * @return the choice
   */
  public static Workers one() {
    return new Workers(1, false);
  }

  /**
   * So many samples at a time. 1 is {@link #one}.
   *
   * @param count workers, at least 1
   * @return the choice
   * @throws IllegalArgumentException if count is below 1
   */
  public static Workers of(int count) {
    return new Workers(required(count), false);
  }

  /**
   * A worker for each processor, fewer if there are fewer samples or their replicas would take more
   * than 1 GiB together; one where the model cannot be replicated, or with Monte Carlo dropout.
   * Measured on 2 processors: three convolutions of 8 to 32 channels predict 1.6 to 1.8 times
   * faster than one at a time, of 32 to 128 neither faster nor slower beyond noise.
   *
   * @return the choice
   */
  public static Workers auto() {
    return atMost(Runtime.getRuntime().availableProcessors());
  }

  /**
   * {@link #auto}, with another number than that of the processors: so that a program which was
   * told how many threads to use, and the engine with it, gives the same bits for any number.
   *
   * @param count most workers, at least 1
   * @return the choice
   * @throws IllegalArgumentException if count is below 1
   */
  public static Workers atMost(int count) {
    return new Workers(required(count), true);
  }

  private static int required(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("workers must be at least 1, got " + count);
    }
    return count;
  }

  boolean isAuto() {
    return auto;
  }

  /**
   * How many there are.
   *
   * @param samples to predict
   * @param bytes of the model's parameters
   */
  int count(int samples, long bytes) {
    if (!isAuto()) {
      return Math.min(count, samples);
    }
    long fitting = Math.max(1, MOST_BYTES / Math.max(bytes, 1));
    return (int) Math.min(fitting, Math.min(count, samples));
  }

  @Override
  public String toString() {
    return (auto ? "at most " : "") + count;
  }
}
