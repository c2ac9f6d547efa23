package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import java.util.ArrayList;
import java.util.List;

/** The little of Python's literals that an NPY header is written in, read from left to right. */
final class PythonLiteral {
  private final String text;
  private final Source source;
  private int at;

  PythonLiteral(String text, Source source) {
    this.text = text;
    this.source = source;
  }

  /** Passes a character if it comes next. */
  boolean accept(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char c) throws PredictionFileException {
    if (!accept(c)) {
      throw wrong("'" + c + "'");
    }
  }

  String string() throws PredictionFileException {
    skipSpace();
    char quote = at < text.length() ? text.charAt(at) : 0;
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) {
      throw wrong("a string (arrays with named fields are not read)");
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    return value;
  }

  boolean bool() throws PredictionFileException {
    skipSpace();
    for (String word : List.of("True", "False")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw wrong("True or False");
  }

  List<Long> tuple(int most) throws PredictionFileException {
    List<Long> values = new ArrayList<>();
    expect('(');
    while (!accept(')')) {
      values.add(integer());
      if (values.size() > most) {
        throw wrong("at most " + most + " axes");
      }
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return values;
  }

  private long integer() throws PredictionFileException {
    skipSpace();
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start || at - start > 18) {
      throw wrong("a size of at most 18 digits");
    }
    long value = Long.parseLong(text, start, at, 10);
    accept('L'); // written by Python 2
    return value;
  }

  void end() throws PredictionFileException {
    skipSpace();
    if (at < text.length()) {
      throw wrong("the end");
    }
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private PredictionFileException wrong(String expected) {
    String rest = text.substring(Math.min(at, text.length()));
    return source.refuse(
        "the NPY header must have "
            + expected
            + " at character "
            + at
            + ", got "
            + (rest.isEmpty()
                ? "its end"
                : "'" + rest.substring(0, Math.min(20, rest.length())) + "'"));
  }
}
