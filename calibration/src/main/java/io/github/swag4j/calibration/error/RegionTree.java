package io.github.swag4j.calibration.error;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A regression tree over features that tells apart rows whose outcome comes more and less often
 * (CART, squared error), grown level by level; no leaf has fewer rows than asked for. The same rows
 * in any order give the same tree: equal gains go to the first feature and the lowest threshold.
 */
final class RegionTree {
  private final List<Node> nodes = new ArrayList<>();

  private RegionTree() {}

  private static final class Node {
    int feature = -1;
    double threshold;
    int left;
    int right;
  }

  /** The rows a tree is grown on, and the node each has come to. */
  private record Growing(
      double[][] x,
      int[] rows,
      boolean[] came,
      int least,
      SortedFeature[] features,
      int[] nodeOf) {}

  /** The best split of each node of a level by one feature: between two of the rows. */
  private static final class Splits {
    final double[] gain;
    final int[] below;
    final int[] above;

    Splits(int nodes) {
      gain = new double[nodes];
      below = new int[nodes];
      above = new int[nodes];
    }
  }

  /**
   * Fits a tree.
   *
   * @param x {@code [rows][dimensions]}
   * @param rows which of them to fit to
   * @param y outcomes of all rows
   * @param least rows of a leaf at least
   */
  static RegionTree fit(double[][] x, int[] rows, boolean[] y, int least) {
    RegionTree tree = new RegionTree();
    tree.nodes.add(new Node());
    if (rows.length < 2 * least) {
      return tree;
    }
    boolean[] came = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      came[i] = y[rows[i]];
    }
    SortedFeature[] features =
        IntStream.range(0, x[0].length)
            .parallel()
            .mapToObj(f -> SortedFeature.of(x, rows, f))
            .toArray(SortedFeature[]::new);
    Growing growing = new Growing(x, rows, came, least, features, new int[rows.length]);
    for (int first = 0; first < tree.nodes.size(); ) {
      int last = tree.nodes.size();
      tree.splitLevel(growing, first, last);
      first = last;
    }
    return tree;
  }

  private void splitLevel(Growing g, int first, int last) {
    int[] counts = new int[last - first];
    int[] hits = new int[last - first];
    for (int i = 0; i < g.rows.length; i++) {
      if (g.nodeOf[i] >= first) {
        counts[g.nodeOf[i] - first]++;
        hits[g.nodeOf[i] - first] += g.came[i] ? 1 : 0;
      }
    }
    Splits[] byFeature =
        Arrays.stream(g.features)
            .parallel()
            .map(feature -> splits(g, feature, first, counts, hits))
            .toArray(Splits[]::new);
    for (int q = 0; q < last - first; q++) {
      int best = 0;
      for (int f = 1; f < byFeature.length; f++) {
        best = byFeature[f].gain[q] > byFeature[best].gain[q] ? f : best;
      }
      if (byFeature[best].gain[q] > 0) {
        split(nodes.get(first + q), g, best, byFeature[best].below[q], byFeature[best].above[q]);
      }
    }
    for (int i = 0; i < g.rows.length; i++) {
      g.nodeOf[i] = next(g.x[g.rows[i]], g.nodeOf[i]);
    }
  }

  private void split(Node node, Growing g, int feature, int below, int above) {
    node.feature = feature;
    node.threshold = between(g.x[g.rows[below]][feature], g.x[g.rows[above]][feature]);
    node.left = nodes.size();
    node.right = nodes.size() + 1;
    nodes.add(new Node());
    nodes.add(new Node());
  }

  private static Splits splits(
      Growing g, SortedFeature feature, int first, int[] counts, int[] hits) {
    Splits best = new Splits(counts.length);
    int[] left = new int[counts.length];
    int[] leftHits = new int[counts.length];
    int[] last = new int[counts.length];
    int[] lastRank = new int[counts.length];
    int rank = 0;
    for (int at = 0; at < feature.order.length; at++) {
      int i = feature.order[at];
      rank += feature.isNew(at) ? 1 : 0;
      int q = g.nodeOf[i] - first;
      if (q < 0) {
        continue; // in a leaf of an earlier level
      }
      int n = left[q];
      if (n >= g.least && counts[q] - n >= g.least && rank > lastRank[q]) {
        double gain = gain(n, leftHits[q], counts[q], hits[q]);
        if (gain > best.gain[q]) {
          best.gain[q] = gain;
          best.below[q] = last[q];
          best.above[q] = i;
        }
      }
      left[q]++;
      leftHits[q] += g.came[i] ? 1 : 0;
      last[q] = i;
      lastRank[q] = rank;
    }
    return best;
  }

  /** By how much a split lowers the sum of squared errors. */
  private static double gain(int n, int hits, int all, int allHits) {
    double apart = (double) hits / n - (double) (allHits - hits) / (all - n);
    return (double) n * (all - n) / all * apart * apart;
  }

  private static double between(double low, double high) {
    double middle = low / 2 + high / 2;
    return middle >= low && middle < high ? middle : low;
  }

  private int next(double[] row, int q) {
    Node node = nodes.get(q);
    if (node.feature < 0) {
      return q;
    }
    return row[node.feature] <= node.threshold ? node.left : node.right;
  }

  /**
   * The region of each of some rows. A split is taken back where one of its sides has fewer than
   * two of the rows: what comes of one row says nothing of its spread.
   *
   * @param x {@code [rows][dimensions]}
   * @param rows which of them
   * @return {@code [rows.length]} numbers of regions
   */
  int[] regions(double[][] x, int[] rows) {
    int[] leaves = new int[rows.length];
    int[] counts = new int[nodes.size()];
    for (int i = 0; i < rows.length; i++) {
      int q = 0;
      counts[q]++;
      while (nodes.get(q).feature >= 0) {
        q = next(x[rows[i]], q);
        counts[q]++;
      }
      leaves[i] = q;
    }
    int[] regionOf = IntStream.range(0, nodes.size()).toArray();
    for (int q = 0; q < nodes.size(); q++) { // parents come before their children
      Node node = nodes.get(q);
      boolean joined = regionOf[q] != q;
      if (node.feature >= 0 && (joined || counts[node.left] < 2 || counts[node.right] < 2)) {
        regionOf[node.left] = regionOf[q];
        regionOf[node.right] = regionOf[q];
      }
    }
    return Arrays.stream(leaves).map(q -> regionOf[q]).toArray();
  }
}
