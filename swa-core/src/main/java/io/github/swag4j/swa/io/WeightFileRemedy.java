package io.github.swag4j.swa.io;

import io.github.swag4j.base.Remedy;

/** What can be done about a file of weights that is refused. */
public enum WeightFileRemedy implements Remedy {
  /** Say which of several dicts or models is meant. */
  WHICH_KEY("give the name of one as the key"),
  /** Say under which name the weights are. */
  ITS_KEY("give its name as the key"),
  /** Write another type. */
  ANOTHER_TYPE("choose another type"),
  /** Take integers as the last file has them. */
  LAST_INTEGERS("ask for the last file's");

  private final String words;

  WeightFileRemedy(String words) {
    this.words = words;
  }

  @Override
  public String words() {
    return words;
  }
}
