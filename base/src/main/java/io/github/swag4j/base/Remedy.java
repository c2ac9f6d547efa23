package io.github.swag4j.base;

import java.io.Serializable;

/**
 * Something that can be done about a refusal: a value, so that every face of the library names it
 * in its own words - a method here, an option in a program, a button elsewhere.
 */
public interface Remedy extends Serializable {

  /**
   * The remedy in the words of the library.
   *
   * @return words to stand in a message
   */
  String words();
}
