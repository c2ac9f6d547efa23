package io.github.swag4j.studies.semisupervised.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Which images keep their labels, and what batches are made of. */
class FewLabelsTest {
  private static final int IMAGES = 400;
  private static final List<String> CLASSES = List.of("a", "b", "c", "d");

  /** Image i is one pixel of value i; classes are of 60 to 140 images. */
  private static ImageData numbered() {
    float[] values = new float[IMAGES];
    int[] labels = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      values[i] = i;
      labels[i] = (int) Math.sqrt(i % 16);
    }
    return ImageData.ofFloats("numbers", values, labels, ImageSize.grey(1, 1), CLASSES);
  }

  private static List<Integer> numbers(ImageData images) {
    float[] value = new float[1];
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      images.copyScaled(i, value, 0);
      out.add((int) value[0]);
    }
    return out;
  }

  @Property(tries = 30)
  void eachClassHasAsManyLabelsAndNoImageIsTwice(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 10) int each,
      @ForAll @IntRange(max = 10) int aside,
      @ForAll @IntRange(min = 1, max = 200) int unlabelled) {
    ImageData all = numbered();
    FewLabels few = FewLabels.draw(all, 4 * each, unlabelled, 4 * aside, seed);
    for (ImageData with : List.of(few.labelled(), few.validation())) {
      for (int k = 0; k < 4; k++) {
        int label = k;
        assertThat(IntStream.of(with.labels()).filter(l -> l == label).count())
            .isEqualTo(with == few.labelled() ? each : aside);
      }
      List<Integer> numbers = numbers(with);
      for (int i = 0; i < numbers.size(); i++) {
        assertThat(with.label(i)).isEqualTo(all.label(numbers.get(i)));
      }
    }
    List<Integer> taken = numbers(few.labelled());
    taken.addAll(numbers(few.unlabelled()));
    taken.addAll(numbers(few.validation()));
    assertThat(taken).hasSize(4 * each + unlabelled + 4 * aside).doesNotHaveDuplicates();
    assertThat(numbers(FewLabels.draw(all, 4 * each, unlabelled, 4 * aside, seed).unlabelled()))
        .isEqualTo(numbers(few.unlabelled()));
  }

  /** Of (seed, class) alone: more labels are those of before and others. */
  @Test
  void moreLabelsAreThoseOfBeforeAndOthers() {
    ImageData all = numbered();
    Set<Integer> few = new HashSet<>(numbers(FewLabels.draw(all, 20, 5, 0, 3).labelled()));
    Set<Integer> more = new HashSet<>(numbers(FewLabels.draw(all, 60, 200, 40, 3).labelled()));
    assertThat(more).containsAll(few);
    Set<Integer> other = new HashSet<>(numbers(FewLabels.draw(all, 20, 5, 0, 4).labelled()));
    assertThat(other).hasSameSizeAs(few).isNotEqualTo(few);
  }

  @Test
  void labelsOfUnlabelledImagesCannotBeRead() {
    float[] values = new float[IMAGES];
    byte[] levels = new byte[IMAGES];
    int[] labels = numbered().labels();
    for (ImageData all :
        List.of(
            ImageData.ofFloats("floats", values, labels, ImageSize.grey(1, 1), CLASSES),
            ImageData.ofLevels("levels", levels, labels, ImageSize.grey(1, 1), CLASSES))) {
      ImageData unlabelled = FewLabels.draw(all, 8, 100, 0, 1).unlabelled();
      assertThat(unlabelled.hasLabels()).isFalse();
      assertThatThrownBy(() -> unlabelled.label(0)).hasMessageContaining("it has none");
      assertThatThrownBy(unlabelled::labels).hasMessageContaining("it has none");
    }
  }

  @Test
  void labelsThatCannotBeBalancedAreRefused() {
    ImageData all = numbered();
    assertThatThrownBy(() -> FewLabels.draw(all, 10, 5, 0, 1))
        .hasMessage("labels must be a multiple of the 4 classes, as many of each, got 10");
    assertThatThrownBy(() -> FewLabels.draw(all, 4 * 30, 5, 0, 1))
        .hasMessage("each class must have 30 images, a has 25: ask for fewer labels");
    assertThatThrownBy(() -> FewLabels.draw(all, 20, 381, 0, 1))
        .hasMessageContaining("from 1 to the 380 that are left, got 381");
  }

  @Property(tries = 40)
  void anEpochShowsEachUnlabelledImageOnceAndLabelledOnesInTurn(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int labelled,
      @ForAll @IntRange(min = 1, max = 9) int first,
      @ForAll @IntRange(min = 1, max = 9) int second,
      @ForAll @IntRange(max = 60) int more) {
    int unlabelled = second + more;
    TwoStreamBatches batches = new TwoStreamBatches(labelled, unlabelled, first, second, seed);
    int steps = batches.stepsPerEpoch();
    assertThat(steps).isEqualTo(unlabelled / second);
    int[] shown = new int[labelled];
    for (int epoch = 0; epoch < 3; epoch++) {
      Set<Integer> seen = new HashSet<>();
      for (int s = 0; s < steps; s++) {
        TwoStreamBatches.Batch batch = batches.of((long) epoch * steps + s);
        assertThat(batch.labelled()).hasSize(first);
        assertThat(batch.unlabelled()).hasSize(second);
        assertThat(batch.epoch()).isEqualTo(epoch);
        for (int i = 0; i < first; i++) {
          assertThat(batch.passes()[i]).isEqualTo(shown[batch.labelled()[i]]++);
        }
        for (int image : batch.unlabelled()) {
          assertThat(image).isBetween(0, unlabelled - 1);
          assertThat(seen.add(image)).as("image %d twice", image).isTrue();
        }
      }
    }
    IntStream counts = IntStream.of(shown);
    assertThat(counts.max().orElseThrow() - IntStream.of(shown).min().orElseThrow())
        .isLessThanOrEqualTo(1);
    // A training that goes on in the middle sees what it would have seen.
    TwoStreamBatches.Batch late = batches.of(2L * steps);
    TwoStreamBatches.Batch again =
        new TwoStreamBatches(labelled, unlabelled, first, second, seed).of(2L * steps);
    assertThat(again.labelled()).isEqualTo(late.labelled());
    assertThat(again.unlabelled()).isEqualTo(late.unlabelled());
  }

  @Test
  void aBatchThatCannotBeFilledIsRefused() {
    assertThatThrownBy(() -> new TwoStreamBatches(5, 9, 2, 10, 1))
        .hasMessage("images without labels must fill a batch of 10, got 9");
  }
}
