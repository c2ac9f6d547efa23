package io.github.swag4j.studies.semisupervised.images;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.vision.data.ImageData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Training images of which a few keep their labels, as many of each class.
 *
 * <p>Each class's images are put into an order that is a pure function of (seed, class): the first
 * keep their labels, the last ones may be set aside to choose settings by. So the 100 labels of a
 * seed are among its 500. Images without label hold none: their labels cannot be read here, by
 * mistake or otherwise.
 *
 * @param labelled images with labels, classes in turn
 * @param unlabelled other images without labels, in the order of a permutation of the seed
 * @param validation images with labels that are in neither; may be empty
 */
public record FewLabels(ImageData labelled, ImageData unlabelled, ImageData validation) {

  /**
   * Draws from a training set.
   *
   * @param train images with labels
   * @param labels how many keep theirs, a multiple of the number of classes
   * @param unlabelled how many images without labels, at least 1
   * @param validation how many images to set aside, a multiple of the number of classes, or 0
   * @param seed decides which
   * @return the images
   * @throws IllegalArgumentException if a number is no multiple, or there are not so many images
   */
  public static FewLabels draw(
      ImageData train, int labels, int unlabelled, int validation, long seed) {
    int classes = train.classes();
    requireBalanced("labels", labels, 1, classes);
    requireBalanced("validation labels", validation, 0, classes);
    int each = labels / classes;
    int aside = validation / classes;
    List<int[]> orders = new ArrayList<>();
    boolean[] taken = new boolean[train.size()];
    for (int k = 0; k < classes; k++) {
      int[] order = order(train, k, seed);
      if (order.length < each + aside) {
        throw new IllegalArgumentException(
            "each class must have "
                + (each + aside)
                + " images, "
                + train.classNames().get(k)
                + " has "
                + order.length
                + ": ask for fewer labels");
      }
      orders.add(order);
    }
    int[] kept = new int[labels];
    int[] judged = new int[validation];
    for (int k = 0; k < classes; k++) {
      int[] order = orders.get(k);
      for (int i = 0; i < each; i++) {
        kept[i * classes + k] = order[i];
        taken[order[i]] = true;
      }
      for (int i = 0; i < aside; i++) {
        judged[i * classes + k] = order[order.length - 1 - i];
        taken[order[order.length - 1 - i]] = true;
      }
    }
    return new FewLabels(
        train.select(kept), others(train, taken, unlabelled, seed), train.select(judged));
  }

  private static ImageData others(ImageData train, boolean[] taken, int count, long seed) {
    int[] left = new int[train.size()];
    int size = 0;
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i]) {
        left[size++] = i;
      }
    }
    if (count < 1 || count > size) {
      throw new IllegalArgumentException(
          "images without labels must be from 1 to the " + size + " that are left, got " + count);
    }
    int[] chosen = Arrays.copyOf(left, size);
    new SplitMix(hash(seed, -1, 0)).shuffle(chosen);
    ImageData images = train.select(Arrays.copyOf(chosen, count));
    return images.isLevels()
        ? ImageData.ofLevels(images.name(), images.pixels(), null, images.imageSize(), List.of())
        : withoutLabels(images);
  }

  private static ImageData withoutLabels(ImageData images) {
    int values = images.imageSize().values();
    float[] floats = new float[images.size() * values];
    for (int i = 0; i < images.size(); i++) {
      images.copyScaled(i, floats, i * values);
    }
    return ImageData.ofFloats(images.name(), floats, null, images.imageSize(), List.of());
  }

  private static int[] order(ImageData train, int label, long seed) {
    int[] rows = new int[train.size()];
    int size = 0;
    for (int i = 0; i < rows.length; i++) {
      if (train.label(i) == label) {
        rows[size++] = i;
      }
    }
    int[] order = Arrays.copyOf(rows, size);
    new SplitMix(hash(seed, label, 0)).shuffle(order);
    return order;
  }

  private static void requireBalanced(String what, int count, int least, int classes) {
    if (count < least * classes || count % classes != 0) {
      throw new IllegalArgumentException(
          what
              + " must be a multiple of the "
              + classes
              + " classes, as many of each, got "
              + count);
    }
  }

  /** Of a seed and two counters: where generators begin that must not depend on each other. */
  static long hash(long seed, long first, long second) {
    long h = SplitMix.mix(seed + SplitMix.GAMMA);
    h = SplitMix.mix((h ^ first) + SplitMix.GAMMA);
    return SplitMix.mix((h ^ second) + SplitMix.GAMMA);
  }
}
