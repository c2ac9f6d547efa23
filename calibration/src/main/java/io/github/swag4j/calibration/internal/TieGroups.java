package io.github.swag4j.calibration.internal;

/**
 * Walks through two sorted samples from the lowest value to the highest, one distinct value at a
 * time: how many of each sample lie below it, and how many equal it.
 *
 * <p>Everything computed from these counts treats ties as one and cannot depend on the order in
 * which rows were given.
 */
public final class TieGroups {
  private final double[] first;
  private final double[] second;
  private double value;
  private int firstBelow;
  private int firstEqual;
  private int secondBelow;
  private int secondEqual;

  /**
   * Starts before the lowest value.
   *
   * @param first the first sample, sorted
   * @param second the second sample, sorted
   */
  public TieGroups(double[] first, double[] second) {
    this.first = first;
    this.second = second;
  }

  /**
   * Moves to the next distinct value.
   *
   * @return false if there is none left
   */
  public boolean next() {
    int i = firstBelow + firstEqual;
    int j = secondBelow + secondEqual;
    firstBelow = i;
    secondBelow = j;
    double a = i < first.length ? first[i] : Double.NaN;
    double b = j < second.length ? second[j] : Double.NaN;
    if (i == first.length && j == second.length) {
      firstEqual = 0;
      secondEqual = 0;
      return false;
    }
    double v = b < a || i == first.length ? b : a;
    while (i < first.length && first[i] == v) {
      i++;
    }
    while (j < second.length && second[j] == v) {
      j++;
    }
    value = v;
    firstEqual = i - firstBelow;
    secondEqual = j - secondBelow;
    return true;
  }

  /**
   * The value of the group.
   *
   * @return the value
   */
  public double value() {
    return value;
  }

  /**
   * Members of the first sample below the value.
   *
   * @return their count
   */
  public int firstBelow() {
    return firstBelow;
  }

  /**
   * Members of the first sample equal to the value.
   *
   * @return their count
   */
  public int firstEqual() {
    return firstEqual;
  }

  /**
   * Members of the second sample below the value.
   *
   * @return their count
   */
  public int secondBelow() {
    return secondBelow;
  }

  /**
   * Members of the second sample equal to the value.
   *
   * @return their count
   */
  public int secondEqual() {
    return secondEqual;
  }
}
