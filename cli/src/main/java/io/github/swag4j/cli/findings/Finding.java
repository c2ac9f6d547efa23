package io.github.swag4j.cli.findings;

/**
 * What follows from the numbers on one topic.
 *
 * @param topic what it is about
 * @param text whole sentences
 * @param command what to type next; empty where there is nothing to type
 */
public record Finding(Topic topic, String text, String command) {

  /** What a finding is about, in the order they are told. */
  public enum Topic {
    /** What looks odd about the file itself. */
    WARNING("Check first"),
    /** How often the model is right. */
    ACCURACY("Accuracy"),
    /** Whether it states too much or too little over all rows. */
    AVERAGE("On average"),
    /** Where its confidence can be taken at its word. */
    TRUST("Trust it"),
    /** Where it cannot. */
    DISTRUST("Not here"),
    /** The group of rows that stands out. */
    GROUP("Worst group"),
    /** Whether differences between methods are more than chance. */
    DIFFERENCES("Differences"),
    /** How well unusual rows are told apart. */
    DETECTION("Unusual rows"),
    /** What to do. */
    NEXT("Next");

    private final String words;

    Topic(String words) {
      this.words = words;
    }

    /** The topic as a page says it. */
    public String words() {
      return words;
    }
  }

  static Finding of(Topic topic, String text) {
    return new Finding(topic, text, "");
  }
}
