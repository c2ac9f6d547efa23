package io.github.swag4j.cli.run;

/** A stretch of a training. All but the first branch off from the weights the first ends with. */
public enum Phase {
  /** What all methods share: the first {@code --swa-start} epochs. */
  START("start"),
  /** On with a constant rate, the weights averaged after each epoch. */
  AVERAGED("swa"),
  /** On with a rate that falls to a hundredth of the first. */
  PLAIN("sgd"),
  /** On with a cyclic rate, a snapshot kept where it is lowest. */
  CYCLIC("fge");

  private final String id;

  Phase(String id) {
    this.id = id;
  }

  /** What progress calls it. */
  public String id() {
    return id;
  }
}
