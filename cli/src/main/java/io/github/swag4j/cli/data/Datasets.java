package io.github.swag4j.cli.data;

import static java.util.stream.Collectors.joining;

import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.DataFiles;
import io.github.swag4j.vision.data.IdxFolder;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Data sets by name or by directory.
 *
 * <p>{@code quickstart} (5,000 training and 2,000 test images of Fashion-MNIST) and {@code
 * quickstart-ood} (1,000 MNIST test digits) are inside the program. {@code fashion-mnist} and
 * {@code mnist} are looked for in the directory given, else in {@code $SWAG4J_DATA_HOME/NAME},
 * {@code ~/.swag4j/data/NAME}, {@code ./data/NAME}, {@code /usr/share/datasets/NAME} and where
 * Keras, torchvision and npm leave them. Anything else is a directory or file of a kind that {@link
 * DataFiles} recognises, or of Parquet. Nothing is downloaded.
 */
public final class Datasets {
  /** Name of the embedded slice of Fashion-MNIST. */
  public static final String QUICKSTART = "quickstart";

  /** Name of the embedded slice of MNIST, which has a test split only. */
  public static final String QUICKSTART_OOD = "quickstart-ood";

  private static final String HOME_VARIABLE = "SWAG4J_DATA_HOME";

  private final Map<String, String> environment;
  private final Path home;
  private final Path working;
  private final List<Path> shared;

  /**
   * The data sets of a machine.
   *
   * @param environment environment variables
   * @param home the user's home directory
   * @param working the working directory
   * @param shared directories with one folder a data set, for all users
   */
  Datasets(Map<String, String> environment, Path home, Path working, List<Path> shared) {
    this.environment = Map.copyOf(environment);
    this.home = home;
    this.working = working;
    this.shared = List.copyOf(shared);
  }

  /**
   * The data sets this process can find.
   *
   * @return a look-up in the usual places
   */
  public static Datasets ofThisMachine() {
    return new Datasets(
        System.getenv(),
        Path.of(System.getProperty("user.home")),
        Path.of(""),
        List.of(Path.of("/usr/share/datasets"), Path.of("/usr/local/share/datasets")));
  }

  /**
   * Names of the data sets known, in the order to show them.
   *
   * @return {@code quickstart}, {@code quickstart-ood}, {@code fashion-mnist}, {@code mnist}
   */
  public static List<String> names() {
    List<String> names = new ArrayList<>(List.of(QUICKSTART, QUICKSTART_OOD));
    for (KnownDataset known : KnownDataset.values()) {
      names.add(known.id());
    }
    return List.copyOf(names);
  }

  /**
   * Loads a split, looking in the usual places.
   *
   * @param name a known name, or a directory or file
   * @param split which part
   * @return the images
   * @throws IOException if it is not found (the message lists where it was looked for and how to
   *     get it) or its files are not valid
   */
  public ImageData load(String name, Split split) throws IOException {
    return load(name, split, Optional.empty(), Conversion.NONE);
  }

  /**
   * Loads a split as it is.
   *
   * @param name a known name, or a directory or file
   * @param split which part
   * @param directory where the files are: only it and its folder {@code name} are looked into
   * @return the images
   * @throws IOException as where they are converted
   */
  public ImageData load(String name, Split split, Optional<Path> directory) throws IOException {
    return load(name, split, directory, Conversion.NONE);
  }

  /**
   * Loads a split.
   *
   * @param name a known name, or a directory or file
   * @param split which part
   * @param directory where the files are: only it and its folder {@code name} are looked into
   * @param conversion what is done to images that are not as they are wanted
   * @return the images
   * @throws IOException if it is not found (the message lists where it was looked for and how to
   *     get it), its files are not valid, or a directory was given for an embedded set
   */
  public ImageData load(String name, Split split, Optional<Path> directory, Conversion conversion)
      throws IOException {
    if (name.equals(QUICKSTART) || name.equals(QUICKSTART_OOD)) {
      if (directory.isPresent()) {
        throw new IOException(
            "data set "
                + name
                + " is inside the program and takes no directory, got "
                + directory.get()
                + ": name the data set of that directory");
      }
      return conversion.apply(embedded(name, split));
    }
    for (KnownDataset known : KnownDataset.values()) {
      if (name.equals(known.id())) {
        return conversion.apply(known(known, split, directory));
      }
    }
    return given(name, split, directory, conversion);
  }

  private static ImageData embedded(String name, Split split) throws IOException {
    if (name.equals(QUICKSTART)) {
      return EmbeddedImages.fashionMnist(name, split);
    }
    if (split == Split.TRAIN) {
      throw new FileNotFoundException(
          "data set "
              + name
              + " must be read as test images, it has no training images: train on "
              + QUICKSTART);
    }
    return EmbeddedImages.mnist(name);
  }

  private ImageData known(KnownDataset known, Split split, Optional<Path> directory)
      throws IOException {
    Set<Path> places =
        directory
            .<Set<Path>>map(given -> new LinkedHashSet<>(List.of(given, given.resolve(known.id()))))
            .orElseGet(() -> usualPlaces(known));
    for (Path place : places) {
      if (IdxFolder.holds(place, split)) {
        return IdxFolder.read(known.id(), place, split, known.classNames(), null);
      }
    }
    throw new FileNotFoundException(
        "data set "
            + known.id()
            + " must be a directory with "
            + IdxFolder.names(split)
            + ", found in none of "
            + places.stream().map(Path::toString).collect(joining(", "))
            + "; "
            + known.remedy());
  }

  Set<Path> usualPlaces(KnownDataset known) {
    Set<Path> places = new LinkedHashSet<>();
    String dataHome = environment.get(HOME_VARIABLE);
    if (dataHome != null && !dataHome.isBlank()) {
      places.add(Path.of(dataHome).resolve(known.id()));
    }
    places.add(home.resolve(".swag4j").resolve("data").resolve(known.id()));
    places.add(working.resolve("data").resolve(known.id()));
    for (Path folder : shared) {
      places.add(folder.resolve(known.id()));
    }
    places.add(home.resolve(".keras").resolve("datasets").resolve(known.id()));
    for (String foreign : known.foreignFolders()) {
      places.add(working.resolve("data").resolve(foreign));
      places.add(working.resolve(foreign));
    }
    return places;
  }

  private ImageData given(String name, Split split, Optional<Path> directory, Conversion conversion)
      throws IOException {
    Path place;
    try {
      place = directory.map(given -> within(given, name)).orElseGet(() -> working.resolve(name));
    } catch (InvalidPathException e) {
      throw unknown(name, name);
    }
    boolean table = TableParts.holds(place);
    if (table && Files.isDirectory(place) && DataFiles.kind(place).isPresent()) {
      throw new IOException(
          place
              + " must hold one data set, it has Parquet files and "
              + DataFiles.kind(place).get().words()
              + ": put them into directories of their own");
    }
    table &= DataFiles.kind(place).isEmpty();
    if (!Files.isDirectory(place) && !table && DataFiles.kind(place).isEmpty()) {
      throw unknown(name, place.toString());
    }
    Path leaf = place.toAbsolutePath().normalize().getFileName();
    String label = leaf == null ? name : leaf.toString();
    if (!Files.isDirectory(place)) {
      label = label.replaceFirst("\\.(npz|csv|parquet)$", "");
    }
    return table
        ? TableImages.read(label, place, split, conversion)
        : DataFiles.read(label, place, split, conversion);
  }

  /** A directory known by its whole path has moved if another place is given for it. */
  private static Path within(Path given, String name) {
    Path named = Path.of(name);
    if (!named.isAbsolute() || named.getFileName() == null) {
      return given.resolve(name);
    }
    Path inside = given.resolve(named.getFileName());
    return Files.exists(inside) ? inside : given;
  }

  private static FileNotFoundException unknown(String name, String folder) {
    return new FileNotFoundException(
        "data set must be one of "
            + String.join(", ", names())
            + " or a directory of IDX files, CIFAR binary files, folders of images or CSV files, an"
            + " NPZ file, a CSV file or Parquet files, got "
            + name
            + " (no such data at "
            + folder
            + ")");
  }
}
