package io.github.swag4j.spark;

/** Called by executors for each row. */
public final class Slow {
  private Slow() {}

  /** Takes two milliseconds. */
  public static String down(int label) throws InterruptedException {
    Thread.sleep(2);
    return Integer.toString(label);
  }
}
