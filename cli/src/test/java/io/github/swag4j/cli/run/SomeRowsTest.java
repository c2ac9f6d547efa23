package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.vision.data.ImageData;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SomeRowsTest {

  /** The first of images that are sorted by class, as those of folders are, are of one class. */
  @Test
  void someTestImagesAreOfAllClassesInProportion() {
    byte[] levels = new byte[100];
    int[] labels = new int[100];
    Arrays.fill(labels, 60, 100, 1);
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) i;
    }
    ImageData sorted = ImageData.of("pets", levels, labels, 1, 1, List.of("cat", "dog"));
    ImageData some = RunImages.some(sorted, 20, 7);
    assertThat(some.size()).isEqualTo(20);
    assertThat(IntStream.of(some.labels()).sum()).isBetween(7, 9);
    assertThat(some.pixels()).isSorted().doesNotHaveDuplicates();
    assertThat(RunImages.some(sorted, 20, 7).sha256()).isEqualTo(some.sha256());
    assertThat(RunImages.some(sorted, 100, 7)).isSameAs(sorted);
  }
}
