package io.github.swag4j.studies.semisupervised;

import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining.Method;

/** How a network of the study is trained. */
enum Way {
  /** Batches of labelled images alone, which batch norm sees alone. */
  LABELS("supervised", "labels alone", Method.SUPERVISED, false),

  /**
   * The control of consistency: batches and statistics of batch norm as the two below have them,
   * and a consistency of weight 0. That is the Pi model without its weight, to the bit.
   */
  CONTROL("mixed", "mixed batches, no consistency", Method.SUPERVISED, true),

  PI("pi", "Pi model", Method.PI, true),

  MEAN_TEACHER("mean-teacher", "Mean Teacher", Method.MEAN_TEACHER, true);

  private final String word;
  private final String title;
  private final Method method;
  private final boolean mixed;

  Way(String word, String title, Method method, boolean mixed) {
    this.word = word;
    this.title = title;
    this.method = method;
    this.mixed = mixed;
  }

  /** In names of parts and results. */
  String word() {
    return word;
  }

  /** In tables. */
  String title() {
    return title;
  }

  Method method() {
    return method;
  }

  /**
   * Whether images without label are in the batches, and among those batch norm is refreshed on.
   */
  boolean isMixed() {
    return mixed;
  }

  /** Whether consistency has a weight to choose. */
  boolean isConsistent() {
    return method != Method.SUPERVISED;
  }
}
