package io.github.swag4j.cli;

import io.github.swag4j.calibration.io.table.TableValues;
import java.util.ArrayList;
import java.util.List;

/** Values as the texts of fields: numbers with all their digits, nothing as an empty one. */
final class FieldTexts implements TableValues {
  private final List<String> texts = new ArrayList<>();

  List<String> texts() {
    return texts;
  }

  @Override
  public void number(double value) {
    texts.add(Double.toString(value));
  }

  @Override
  public void whole(long value) {
    texts.add(Long.toString(value));
  }

  @Override
  public void digits(String decimal) {
    texts.add(decimal);
  }

  @Override
  public void text(String text) {
    texts.add(text);
  }

  @Override
  public void truth(boolean value) {
    texts.add(Boolean.toString(value));
  }

  @Override
  public void nothing() {
    texts.add("");
  }
}
