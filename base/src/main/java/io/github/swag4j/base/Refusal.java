package io.github.swag4j.base;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Why something is refused and what can be done about it: text, with remedies as values in their
 * places. Immutable.
 */
public final class Refusal implements Serializable {
  private static final long serialVersionUID = 1L;

  /** An exception that knows its remedies. */
  public interface Holder {

    /**
     * What is refused, why, and what can be done about it.
     *
     * @return the refusal, of which the exception's message is the text in the library's words
     */
    Refusal refusal();
  }

  /** Strings and remedies. */
  private final Serializable[] parts;

  private Refusal(Serializable[] parts) {
    this.parts = parts;
  }

  /**
   * A refusal.
   *
   * @param parts strings, and remedies where their words are to stand
   * @return the refusal
   * @throws IllegalArgumentException if a part is neither
   */
  public static Refusal of(Serializable... parts) {
    for (Serializable part : parts) {
      if (!(part instanceof String || part instanceof Remedy)) {
        throw new IllegalArgumentException("parts must be strings or remedies, got " + part);
      }
    }
    return new Refusal(parts.clone());
  }

  /**
   * The refusal an exception holds.
   *
   * @param e an exception
   * @return its refusal, or its message as one without remedies
   */
  public static Refusal of(Throwable e) {
    return e instanceof Holder holder ? holder.refusal() : of(String.valueOf(e.getMessage()));
  }

  /**
   * The refusal with text before it.
   *
   * @param text what comes first
   * @return a new refusal
   */
  public Refusal after(String text) {
    return of(text).and(this);
  }

  /**
   * The refusal with more behind it.
   *
   * @param more what follows
   * @return a new refusal
   */
  public Refusal and(Refusal more) {
    Serializable[] both = Arrays.copyOf(parts, parts.length + more.parts.length);
    System.arraycopy(more.parts, 0, both, parts.length, more.parts.length);
    return new Refusal(both);
  }

  /**
   * The refusal with its text, not its remedies, in other words.
   *
   * @param words what to make of each piece of text
   * @return a new refusal
   */
  public Refusal map(Function<String, String> words) {
    Serializable[] mapped = parts.clone();
    for (int i = 0; i < mapped.length; i++) {
      if (mapped[i] instanceof String text) {
        mapped[i] = words.apply(text);
      }
    }
    return new Refusal(mapped);
  }

  /**
   * Whether nothing is said.
   *
   * @return whether there are no parts, or empty ones only
   */
  public boolean isEmpty() {
    return text().isEmpty();
  }

  /**
   * What can be done.
   *
   * @return the remedies in the order they are named
   */
  public List<Remedy> remedies() {
    return Arrays.stream(parts).filter(Remedy.class::isInstance).map(Remedy.class::cast).toList();
  }

  /**
   * The refusal in the words of the library.
   *
   * @return one line
   */
  public String text() {
    return text(Remedy::words);
  }

  /**
   * The refusal in other words.
   *
   * @param words those of each remedy; empty for one that is not to be had
   * @return one line
   */
  public String text(Function<Remedy, String> words) {
    StringBuilder text = new StringBuilder();
    for (Serializable part : parts) {
      text.append(part instanceof Remedy remedy ? words.apply(remedy) : part);
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
