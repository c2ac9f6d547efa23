package io.github.swag4j.calibration.recalibration;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * The solution path of near-isotonic regression, which minimises
 *
 * <pre>  sum_i w_i (y_i - z_i)^2 / 2 + lambda sum_i max(0, z_i - z_(i+1))</pre>
 *
 * <p>over the values z of the distinct scores in ascending order, for lambda rising from 0 (the
 * data themselves) to where z no longer falls (isotonic regression). Values that have become equal
 * stay so: they form groups, whose value is (S + lambda (v - v')) / W with S and W the sums of w y
 * and w in the group, v and v' whether the path falls into and out of it. Groups merge where these
 * lines meet, so nothing is accumulated along the path. O(n log n) for the path itself.
 *
 * @see <a href="https://doi.org/10.1198/TECH.2010.10111">Tibshirani, Hoefling and Tibshirani 2011,
 *     Nearly-isotonic regression, section 3</a>
 */
final class NearIsotonicPath {

  /** Meeting points this close, in relative terms, are one: the rounding of their quotients. */
  private static final double SAME = 1e-12;

  /** Looks at one model of the path. */
  interface Visitor {
    /**
     * Looks at a model.
     *
     * @param path the path, stopped at this model
     */
    void visit(NearIsotonicPath path);
  }

  private record Meeting(double lambda, int left, int right, int leftVersion, int rightVersion) {}

  private final double[] sums;
  private final double[] weights;
  private final int[] ends;
  private final int[] next;
  private final int[] previous;
  private final int[] versions;
  private final boolean[] falls;
  private final PriorityQueue<Meeting> meetings =
      new PriorityQueue<>(
          Comparator.comparingDouble(Meeting::lambda).thenComparingInt(Meeting::left));
  private int groups;
  private double lambda;
  private double greatestLogLikelihood;

  /** Groups are known by their first distinct score; falls[i]: the group of i is above the next. */
  private NearIsotonicPath(TiedScores scores) {
    int n = scores.size();
    sums = scores.sums.clone();
    weights = scores.weights.clone();
    ends = new int[n];
    next = new int[n];
    previous = new int[n];
    versions = new int[n];
    falls = new boolean[n];
    int last = -1;
    for (int i = 0; i < n; i++) {
      if (last >= 0 && scores.means[i] == scores.means[i - 1]) {
        sums[last] += sums[i];
        weights[last] += weights[i];
      } else {
        previous[i] = last;
        if (last >= 0) {
          next[last] = i;
          falls[last] = scores.means[i - 1] > scores.means[i];
        }
        last = i;
        groups++;
      }
      ends[last] = i;
      next[last] = -1;
    }
    for (int g = 0; next[g] >= 0; g = next[g]) {
      announce(g);
    }
    for (int g = 0; g >= 0; g = next[g]) {
      greatestLogLikelihood += greatest(g);
    }
  }

  /** Log-likelihood of a group's rows at their mean, the greatest that one value can have. */
  private double greatest(int group) {
    double positive = sums[group];
    double negative = weights[group] - positive;
    return (positive > 0 ? positive * Math.log(positive / weights[group]) : 0)
        + (negative > 0 ? negative * Math.log(negative / weights[group]) : 0);
  }

  /**
   * Visits the models after every merge, lambda rising.
   *
   * @return the path at its end, the isotonic regression, which has been visited too
   */
  static NearIsotonicPath walk(TiedScores scores, Visitor visitor) {
    NearIsotonicPath path = new NearIsotonicPath(scores);
    if (path.meetings.isEmpty()) {
      visitor.visit(path);
    }
    while (path.advance()) {
      visitor.visit(path);
    }
    return path;
  }

  /** Number of groups, which estimates the degrees of freedom of the model. */
  int groups() {
    return groups;
  }

  /** The greatest log-likelihood that any values of these groups have, within rounding. */
  double greatestLogLikelihood() {
    return greatestLogLikelihood;
  }

  /** Weight of a group's rows. */
  double weight(int group) {
    return weights[group];
  }

  /** Weight of a group's positive rows. */
  double positive(int group) {
    return sums[group];
  }

  double lambda() {
    return lambda;
  }

  /** The group after this one, -1 after the last; groups start with 0. */
  int next(int group) {
    return next[group];
  }

  /** The last distinct score of a group. */
  int end(int group) {
    return ends[group];
  }

  /** The value of a group at this lambda. */
  double value(int group) {
    double z = (sums[group] + lambda * pull(group)) / weights[group];
    return Math.min(Math.max(z, 0), 1);
  }

  /** Change of the group's sum with lambda: +1 where only pulled up, -1 where only pulled down. */
  private int pull(int group) {
    int up = previous[group] >= 0 && falls[previous[group]] ? 1 : 0;
    return up - (falls[group] ? 1 : 0);
  }

  private boolean advance() {
    Meeting first = nextMeeting();
    if (first == null) {
      return false;
    }
    lambda = Math.max(lambda, first.lambda());
    double same = lambda * (1 + SAME);
    // All that meet here were found before any merge, which could turn the lines of the others.
    TreeSet<Integer> lefts = new TreeSet<>(Comparator.reverseOrder());
    for (Meeting m = first; m != null && m.lambda() <= same; m = nextMeeting()) {
      meetings.poll();
      lefts.add(m.left());
    }
    // From the right, so that the right one of a pair is still itself.
    for (int left : lefts) {
      merge(left, next[left]);
    }
    for (int left : lefts) {
      if (ends[left] >= 0) {
        announceAround(left);
      }
    }
    return true;
  }

  private void announceAround(int group) {
    if (previous[group] >= 0) {
      announce(previous[group]);
    }
    if (next[group] >= 0) {
      announce(group);
    }
  }

  /** The next meeting of groups that still are as they were when it was announced. */
  private Meeting nextMeeting() {
    Meeting m = meetings.peek();
    while (m != null
        && (versions[m.left()] != m.leftVersion() || versions[m.right()] != m.rightVersion())) {
      meetings.poll();
      m = meetings.peek();
    }
    return m;
  }

  private void merge(int left, int right) {
    greatestLogLikelihood -= greatest(left) + greatest(right);
    sums[left] += sums[right];
    weights[left] += weights[right];
    greatestLogLikelihood += greatest(left);
    ends[left] = ends[right];
    ends[right] = -1;
    falls[left] = falls[right];
    next[left] = next[right];
    if (next[left] >= 0) {
      previous[next[left]] = left;
    }
    versions[left]++;
    versions[right]++;
    groups--;
  }

  /** Where the lines of a group and the next one meet, if they do so from here on. */
  private void announce(int left) {
    int right = next[left];
    double slope = pull(left) / weights[left] - pull(right) / weights[right];
    double gap = sums[right] / weights[right] - sums[left] / weights[left];
    // A falling pair closes its gap from above, a rising one from below.
    boolean closing = falls[left] ? slope < 0 : slope > 0;
    if (closing) {
      meetings.add(
          new Meeting(Math.max(gap / slope, lambda), left, right, versions[left], versions[right]));
    }
  }
}
