package io.github.swag4j.vision.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CIFAR files, folders of images and arrays that Python wrote, whole and damaged. */
class WrittenByPythonTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/github/swag4j/vision/golden");
  private static final Path CIFAR = GOLDEN.resolve("cifar10");
  private static final Path PNGS = GOLDEN.resolve("pngs");

  @TempDir private Path temporary;

  private static ImageData read(Path place, Split split) throws IOException {
    return DataFiles.read("set", place, split, Conversion.NONE);
  }

  private Path copy(Path from) throws IOException {
    Path to = temporary.resolve("copy");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }

  @Test
  void cifarHasRedGreenAndBluePlanesAndNamedClasses() throws IOException {
    assertThat(DataFiles.kind(CIFAR)).contains(DataFiles.Kind.CIFAR);
    ImageData train = read(CIFAR, Split.TRAIN);
    assertThat(train).hasToString("set: 96 images of 32 x 32 in colour, 10 classes");
    assertThat(train.classNames()).startsWith("airplane", "automobile").endsWith("truck");
    byte[] second = Files.readAllBytes(CIFAR.resolve("data_batch_2.bin"));
    assertThat(train.label(48)).isEqualTo(second[0]);
    assertThat(train.pixels(48)).isEqualTo(Arrays.copyOfRange(second, 1, 3073));
    assertThat(read(CIFAR, Split.TEST).size()).isEqualTo(16);
  }

  /** The arrays are of CIFAR's test images, every fourth pixel. */
  @Test
  void interleavedArraysAreTheSameImagesAsCifarsPlanes() throws IOException {
    ImageData test = read(CIFAR, Split.TEST);
    Path npz = GOLDEN.resolve("arrays.npz");
    assertThat(DataFiles.kind(npz)).contains(DataFiles.Kind.NPZ);
    int[] rows = UndividedSplit.rows(test.labels(), Split.TEST);
    ImageData arrays = read(npz, Split.TEST);
    assertThat(arrays.imageSize()).isEqualTo(new ImageSize(3, 8, 8));
    assertThat(arrays.size()).isEqualTo(3);
    for (int i = 0; i < rows.length; i++) {
      assertThat(arrays.label(i)).isEqualTo(test.label(rows[i]));
      byte[] whole = test.pixels(rows[i]);
      for (int k = 0; k < 192; k++) {
        int from = k / 64 * 1024 + k % 64 / 8 * 4 * 32 + k % 8 * 4;
        assertThat(arrays.pixels(i)[k]).isEqualTo(whole[from]);
      }
    }
  }

  @Test
  void undividedRowsAreEachInOneSplit() throws IOException {
    int[] labels = read(CIFAR, Split.TRAIN).labels();
    int[] both =
        IntStream.concat(
                IntStream.of(UndividedSplit.rows(labels, Split.TRAIN)),
                IntStream.of(UndividedSplit.rows(labels, Split.TEST)))
            .sorted()
            .toArray();
    assertThat(both).isEqualTo(IntStream.range(0, 96).toArray());
    assertThat(UndividedSplit.rows(labels, Split.TEST)).hasSize(19);
  }

  @Test
  void floatPlanesAreTakenAsTheyAre() throws IOException {
    ImageData planes = read(GOLDEN.resolve("planes.npz"), Split.TRAIN);
    assertThat(planes.imageSize()).isEqualTo(ImageSize.grey(8, 8));
    assertThat(planes.isLevels()).isFalse();
    assertThat(planes.classes()).isEqualTo(3);
    float[] first = new float[64];
    planes.copyScaled(0, first, 0);
    ImageData test = read(CIFAR, Split.TEST);
    int row = UndividedSplit.rows(modulo3(test.labels()), Split.TRAIN)[0];
    assertThat((double) first[1]).isEqualTo((test.pixels(row)[4] & 0xff) / 255.0, within(1e-7));
  }

  private static int[] modulo3(int[] labels) {
    return IntStream.of(labels).map(l -> l % 3).toArray();
  }

  @Test
  void foldersAreClassesInTheOrderOfTheirNames() throws IOException {
    assertThat(DataFiles.kind(PNGS)).contains(DataFiles.Kind.FOLDERS);
    ImageData train = read(PNGS, Split.TRAIN);
    assertThat(train).hasToString("set: 12 images of 12 x 12 in colour, 2 classes");
    assertThat(train.classNames()).containsExactly("cat", "dog");
    assertThat(train.labels()).containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1);
    assertThat(read(PNGS, Split.TEST).labels()).containsExactly(0, 0, 1, 1);
  }

  /** One folder above them there is no train and test: 16 images, a fifth for testing. */
  @Test
  void undividedFoldersAreSplitAndOneFolderHasNoLabels() throws IOException {
    Path flat = copy(PNGS.resolve("train"));
    assertThat(read(flat, Split.TRAIN).size()).isEqualTo(10);
    assertThat(read(flat, Split.TEST).size()).isEqualTo(2);
    ImageData unlabelled = read(flat.resolve("dog"), Split.TEST);
    assertThat(unlabelled.hasLabels()).isFalse();
    assertThat(unlabelled.size()).isEqualTo(6);
    assertThatThrownBy(unlabelled::labels).hasMessageContaining("set must have labels");
  }

  /** Taken for classes, they would make a task of telling training images from test images. */
  @Test
  void trainAndTestWithoutFoldersOfClassesAreNoClasses() throws IOException {
    Path folder = temporary.resolve("bare");
    for (String split : List.of("train", "test")) {
      Files.createDirectories(folder.resolve(split));
      Files.copy(PNGS.resolve("test/cat/12.png"), folder.resolve(split).resolve("a.png"));
    }
    refused(folder, "train and test must hold a folder for each class, they hold files");
    assertThat(read(folder.resolve("test"), Split.TEST).hasLabels()).isFalse();
  }

  @Test
  void imagesOfTwoSizesAreRefusedUnlessOneIsAskedFor() throws IOException {
    Path folder = copy(PNGS);
    BufferedImage tall = new BufferedImage(12, 20, BufferedImage.TYPE_BYTE_GRAY);
    ImageIO.write(tall, "png", folder.resolve("train/cat/99.png").toFile());
    assertThatThrownBy(() -> read(folder, Split.TRAIN))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("99.png: images must have one size, 12 x 12 as ")
        .hasMessageContaining("got 20 x 12: give --resize");
    // One of another size is refused by its header: its pixels, damaged here, are not decoded.
    Path large = folder.resolve("train/cat/98.png");
    Files.write(large, headerOf(3000, 4000));
    refused(folder, "98.png: images must have one size, 12 x 12 as ");
    Files.delete(large);
    Conversion sixteen = Conversion.NONE.withSize("16x8").withChannels(1);
    assertThat(DataFiles.read("set", folder, Split.TRAIN, sixteen).imageSize())
        .isEqualTo(ImageSize.grey(16, 8));
  }

  /** A PNG file of a size that has no pixels. */
  private static byte[] headerOf(int height, int width) {
    ByteBuffer file = ByteBuffer.allocate(8 + 25 + 12).putLong(0x89504e470d0a1a0aL);
    file.putInt(13).putInt(0x49484452).putInt(width).putInt(height).put((byte) 8);
    file.position(29);
    CRC32 crc = new CRC32();
    crc.update(file.array(), 12, 17);
    return file.putInt((int) crc.getValue())
        .putInt(0)
        .putInt(0x49454e44)
        .putInt(0xae426082)
        .array();
  }

  /** Java's own conversion of grey to sRGB makes 128 to 188. */
  @Test
  void greyLevelsAreThoseOfTheFile() throws IOException {
    Path file = temporary.resolve("grey/one.png");
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSamples(0, 0, 3, 1, 0, new int[] {0, 128, 255});
    ImageIO.write(image, "png", file.toFile());
    ImageData read = read(file.getParent(), Split.TEST);
    assertThat(read.channels()).isEqualTo(1);
    assertThat(read.pixels()).containsExactly(0, (byte) 128, (byte) 255);
  }

  /** As Pillow reads them; Java's own conversion to 8 bits rounds, and by the file's profile. */
  @Test
  void levelsOfSixteenBitsLoseTheLowerOnesInColourToo() throws IOException {
    Path file = temporary.resolve("deep/one.png");
    Files.createDirectories(file.getParent());
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 1);
    raster.setPixel(0, 0, new int[] {0xffff, 0x80ff, 0x00ff});
    raster.setPixel(1, 0, new int[] {0x7fff, 0x0100, 0xfe7f});
    assertThat(ImageIO.write(new BufferedImage(model, raster, false, null), "png", file.toFile()))
        .isTrue();
    ImageData read = read(file.getParent(), Split.TEST);
    assertThat(read.pixels())
        .containsExactly((byte) 0xff, 0x7f, (byte) 0x80, 0x01, 0x00, (byte) 0xfe);
  }

  @Test
  void damagedFilesAreRefusedWithThePlace() throws IOException {
    Path cifar = copy(CIFAR);
    Path batch = cifar.resolve("data_batch_2.bin");
    byte[] whole = Files.readAllBytes(batch);
    Files.write(batch, Arrays.copyOf(whole, whole.length - 1));
    refused(cifar, "data_batch_2.bin, byte 144431: rows of CIFAR-10 must have 3073 bytes");
    byte[] wrong = whole.clone();
    wrong[3073] = 10;
    Files.write(batch, wrong);
    refused(cifar, "data_batch_2.bin, row 1 (byte 3073): the label of CIFAR-10 must be below 10");
    Files.write(cifar.resolve("data_batch_4.bin"), whole);
    refused(cifar, "must hold data_batch_1.bin to data_batch_4.bin, found 3 of them");
  }

  @Test
  void damagedImagesAreRefusedWithTheFile() throws IOException {
    Path folder = copy(PNGS);
    Path png = folder.resolve("train/cat/00.png");
    byte[] whole = Files.readAllBytes(png);
    Files.write(png, Arrays.copyOf(whole, whole.length - 20));
    refused(folder, "00.png, byte ");
    byte[] changed = whole.clone();
    changed[whole.length / 2] ^= 1;
    Files.write(png, changed);
    refused(folder, "a PNG chunk's checksum is wrong");
    Files.write(png, "GIF89a".getBytes(StandardCharsets.US_ASCII));
    refused(folder, "00.png, byte 0: an image must be a PNG or JPEG file");
    Files.write(png, whole);
    Path jpeg = folder.resolve("train/dog/05.jpg");
    byte[] photo = Files.readAllBytes(jpeg);
    Files.write(jpeg, Arrays.copyOf(photo, photo.length - 30));
    refused(folder, "05.jpg: the JPEG image is damaged");
  }

  @Test
  void damagedArraysAreRefusedWithTheirName() throws IOException {
    Path npz = temporary.resolve("a.npz");
    byte[] whole = Files.readAllBytes(GOLDEN.resolve("planes.npz"));
    Files.write(npz, Arrays.copyOf(whole, 900));
    refused(npz, "must be a whole NPZ file");
    byte[] changed = whole.clone();
    int shape = indexOf(changed, "(16, 1, 8, 8)");
    changed[shape + 2] = '7';
    Files.write(npz, changed);
    assertThatThrownBy(() -> read(npz, Split.TRAIN)).isInstanceOf(IOException.class);
    // One bit of one value, in an archive that is not compressed: a number like any other.
    byte[] value = whole.clone();
    value[shape + 400] ^= 1;
    Files.write(npz, value);
    refused(npz, "x.npy: the array's checksum is wrong");
  }

  @Test
  void arraysThatPromiseWhatNoArrayHasAreRefusedWithoutMemoryForIt() {
    for (String header :
        List.of(
            "{'descr': '|S0', 'fortran_order': False, 'shape': (2000000000,), }",
            "{'descr': '<f99999999999', 'fortran_order': False, 'shape': (0,), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 9999999, 2), }")) {
      byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
      byte[] array = new byte[10 + text.length];
      System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, 0, array, 0, 8);
      array[8] = (byte) text.length;
      System.arraycopy(text, 0, array, 10, text.length);
      assertThatThrownBy(() -> NpyArray.of(array, "a.npz, x.npy"))
          .as(header)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("a.npz, x.npy");
    }
  }

  private static int indexOf(byte[] content, String text) {
    return new String(content, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static void refused(Path place, String message) {
    assertThatThrownBy(() -> read(place, Split.TRAIN))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatCouldBeTwoKindsOrIsNoneIsRefused() throws IOException {
    Path both = copy(PNGS);
    Files.copy(CIFAR.resolve("test_batch.bin"), both.resolve("test_batch.bin"));
    assertThatThrownBy(() -> DataFiles.kind(both))
        .hasMessageContaining("CIFAR binary files and folders of PNG or JPEG files");
    Path text = Files.writeString(temporary.resolve("notes.txt"), "nothing");
    assertThat(DataFiles.kind(text)).isEqualTo(Optional.empty());
    refused(text, "must be a directory, an NPZ file or a CSV file");
  }

  @Test
  void axesThatCouldBothBeChannelsAreAskedFor() {
    assertThat(Axes.of(new long[] {9, 8, 8, 3}, null)).isEqualTo(Conversion.Layout.NHWC);
    assertThat(Axes.of(new long[] {9, 1, 8, 8}, null)).isEqualTo(Conversion.Layout.NCHW);
    long[] both = {9, 3, 8, 3};
    assertThatThrownBy(() -> Axes.of(both, null)).hasMessageContaining("--layout nhwc or nchw");
    assertThat(Axes.of(both, Conversion.Layout.NHWC)).isEqualTo(Conversion.Layout.NHWC);
    assertThatThrownBy(() -> Axes.of(new long[] {9, 8, 8, 4}, null))
        .hasMessageContaining("1 or 3 channels");
    assertThatThrownBy(() -> Axes.of(new long[] {9, 8, 8, 3}, Conversion.Layout.NCHW))
        .hasMessageContaining("as NCHW");
  }

  @Test
  void featuresHaveWordsOrNumbersForLabels() throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("table"));
    Files.writeString(folder.resolve("train.csv"), "a,label,b\n1,yes,2\n3,no,4.5\n");
    Files.writeString(folder.resolve("test.csv"), "a,label,b\n-1,\"no\",1e3\n");
    assertThat(DataFiles.kind(folder)).contains(DataFiles.Kind.CSV);
    ImageData train = read(folder, Split.TRAIN);
    assertThat(train).hasToString("set: 2 rows of 2 features, 2 classes");
    assertThat(train.classNames()).containsExactly("no", "yes");
    assertThat(train.labels()).containsExactly(1, 0);
    Normalisation scaling = Normalisation.of(train);
    assertThat(scaling.mean()).isEqualTo(List.of(2.0, 3.25));
    assertThat(scaling.standardDeviation()).isEqualTo(List.of(1.0, 1.25));
    Files.writeString(folder.resolve("train.csv"), "a,label,b\n1,yes,2\n3,no,\n");
    refused(folder, "train.csv, line 3, column b: must be a finite number, got nothing");
    Files.writeString(folder.resolve("train.csv"), "a,label,c\n1,yes,2\n");
    refused(folder, "test.csv, line 1: columns must be those of");
  }

  @Test
  void resizingKeepsAConstantAndItsMean() {
    byte[] level = new byte[3 * 7 * 5];
    Arrays.fill(level, (byte) 201);
    ImageData flat = ImageData.ofLevels("flat", level, null, new ImageSize(3, 7, 5), List.of());
    for (String size : List.of("3x11", "14x10", "1x1", "7x5")) {
      ImageData made = Conversion.NONE.withSize(size).withChannels(1).apply(flat);
      assertThat(made.pixels()).containsOnly((byte) 201);
    }
    ImageData ramp =
        ImageData.ofLevels("ramp", new byte[] {0, 100}, null, ImageSize.grey(1, 2), List.of());
    assertThat(Conversion.NONE.withSize("1x4").apply(ramp).pixels())
        .containsExactly(0, 25, 75, 100);
    assertThat(Conversion.NONE.withSize("1x1").apply(ramp).pixels()).containsExactly(50);
    assertThat(Conversion.NONE.withChannels(3).apply(ramp).pixels())
        .containsExactly(0, 100, 0, 100, 0, 100);
  }

  @Test
  void colourIdxFilesSayWhichAxisHasTheChannels() throws IOException {
    byte[] file =
        ByteBuffer.allocate(20 + 24)
            .putInt(2052)
            .putInt(2)
            .putInt(2)
            .putInt(2)
            .putInt(3)
            .put(
                IntStream.range(0, 24)
                    .collect(
                        ByteArrayOutputStream::new,
                        ByteArrayOutputStream::write,
                        (a, b) -> a.writeBytes(b.toByteArray()))
                    .toByteArray())
            .array();
    Path folder = temporary.resolve("idx");
    IdxBytes.write(folder.resolve("t10k-images-idx4-ubyte"), file);
    ImageData read = read(folder, Split.TEST);
    assertThat(read.imageSize()).isEqualTo(new ImageSize(3, 2, 2));
    assertThat(read.hasLabels()).isFalse();
    assertThat(read.pixels(1)).containsExactly(12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23);
    IdxBytes.write(folder.resolve("t10k-images.idx3-ubyte.gz"), IdxBytes.images(2, 2, 2));
    assertThatThrownBy(() -> read(folder, Split.TEST))
        .hasMessageContaining("has t10k-images.idx3-ubyte.gz and t10k-images-idx4-ubyte: take one");
  }
}
