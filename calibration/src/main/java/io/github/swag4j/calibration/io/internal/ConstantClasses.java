package io.github.swag4j.calibration.io.internal;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds classes that have the same probability in every row, as rows come by. For one thread. */
public final class ConstantClasses implements Serializable {
  private static final long serialVersionUID = 1L;

  private double[] first;
  private boolean[] varies;
  private int constant;
  private long count;

  /** Looks at the first rows of a block. */
  public void add(double[] values, int rows, int columns) {
    count += rows;
    for (int r = 0; r < rows && begin(values[0], columns); r++) {
      for (int k = 0; k < columns; k++) {
        look(k, values[r * columns + k]);
      }
    }
  }

  /** Looks at the first rows of a block. */
  public void add(float[] values, int rows, int columns) {
    count += rows;
    for (int r = 0; r < rows && begin(values[0], columns); r++) {
      for (int k = 0; k < columns; k++) {
        look(k, values[r * columns + k]);
      }
    }
  }

  /** Whether there is anything left to find out. */
  private boolean begin(double value, int columns) {
    if (first == null) {
      first = new double[columns];
      Arrays.fill(first, Double.NaN);
      first[0] = value;
      varies = new boolean[columns];
      constant = columns;
    }
    return constant > 0;
  }

  private void look(int k, double value) {
    if (Double.isNaN(first[k])) {
      first[k] = value;
    } else if (value != first[k] && !varies[k]) {
      varies[k] = true;
      constant--;
    }
  }

  /** Adds what another has seen. */
  public void merge(ConstantClasses other) {
    if (other.first == null) {
      return;
    }
    if (first == null) {
      first = other.first.clone();
      varies = other.varies.clone();
      constant = other.constant;
    } else {
      for (int k = 0; k < first.length; k++) {
        look(k, other.first[k]);
        if (other.varies[k] && !varies[k]) {
          varies[k] = true;
          constant--;
        }
      }
    }
    count += other.count;
  }

  /**
   * What to say of those that were found, of two rows or more.
   *
   * @param names of all classes; of one column the second is that of the probability
   */
  public List<String> warnings(List<String> names) {
    List<String> warnings = new ArrayList<>();
    for (int k = 0; count > 1 && k < first.length; k++) {
      if (!varies[k]) {
        warnings.add(said(names.get(first.length == 1 ? 1 : k), first[k]));
      }
    }
    return warnings;
  }

  /** That a class is constant, and what it may mean. */
  public static String said(String name, double value) {
    return "class "
        + name
        + " has probability "
        + value
        + " in every row: a class that is never predicted, or a column that is no class";
  }
}
