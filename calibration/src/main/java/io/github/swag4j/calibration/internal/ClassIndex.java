package io.github.swag4j.calibration.internal;

/** How a label that is no class index is refused. */
public final class ClassIndex {

  private ClassIndex() {}

  /**
   * What to do about a label that is no class index, where it says what went wrong: the first that
   * is out of range is the number of classes if labels count from 1.
   *
   * @param label the label, no class index
   * @param classes number of classes
   * @return the remedy, empty if none is known
   */
  public static String remedy(long label, int classes) {
    return label == classes
        ? "class indices begin at 0, subtract 1 if the labels are 1 to " + classes
        : "";
  }

  /**
   * The words after "must be", with what was found and the remedy.
   *
   * @param label the label, no class index
   * @param classes number of classes
   * @return for example {@code a class index below 10, got 12}
   */
  public static String ruleAndGot(long label, int classes) {
    String remedy = remedy(label, classes);
    return "a class index below "
        + classes
        + ", got "
        + label
        + (remedy.isEmpty() ? "" : ": " + remedy);
  }
}
