package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadOptions.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvFilesTest {
  @TempDir Path folder;

  private Predictions read(String text) throws IOException {
    return read(text, ReadOptions.defaults());
  }

  private Predictions read(String text, ReadOptions options) throws IOException {
    Path file = folder.resolve("p.csv");
    Files.writeString(file, text);
    return PredictionFiles.read(file, options);
  }

  @Test
  void classesAreTheColumnsThatAreNothingElse() throws IOException {
    Predictions p =
        read(
            "id,cat,label,dog,expected_entropy,group,weight\n"
                + "a,0.25,dog,0.75,0.5,g1,2\n"
                + "b,1,0,0,0,g2,0.5\n");
    assertThat(p.classNames()).containsExactly("cat", "dog");
    assertThat(p.probabilities(0)).containsExactly(0.25, 0.75);
    assertThat(p.label(0)).isOne();
    assertThat(p.label(1)).isZero();
    assertThat(p.expectedEntropy(0)).isEqualTo(0.5);
    assertThat(p.weight(1)).isEqualTo(0.5);
    assertThat(p.group(1)).isEqualTo("g2");
    assertThat(p.id(0)).isEqualTo("a");
  }

  @Test
  void quotesLineEndsEmptyLinesAndTheByteOrderMarkAreUnderstood() throws IOException {
    Predictions p =
        read("\uFEFF\"a \"\"1\"\"\",\"b\nc\",id,label\r\n0.5,\"0.5\",\"x,\r\ny\",0\r\n\r\n1,0,z,1");
    assertThat(p.classNames()).containsExactly("a \"1\"", "b\nc");
    assertThat(p.rows()).isEqualTo(2);
    assertThat(p.id(0)).isEqualTo("x,\r\ny");
    assertThat(p.label(1)).isOne();
  }

  @Test
  void aLineFeedCutFromItsReturnByTheBufferIsOneLineEnd() throws IOException {
    StringBuilder text = new StringBuilder("a,b,label\r\n");
    for (int i = 0; i < 40_000; i++) {
      text.append(i % 7 == 0 ? "0.25,0.75,1\r\n" : "0.5,0.5,0\r\n");
    }
    Predictions p = read(text.toString());
    assertThat(p.rows()).isEqualTo(40_000);
    assertThat(p.probability(7, 1)).isEqualTo(0.75);
    assertThat(p.probability(39_998, 1)).isEqualTo(0.75);
  }

  @Test
  void oneColumnIsThePositiveClass() throws IOException {
    Predictions p = read("p,y\n0.25,1\n1,0\n");
    assertThat(p.isBinary()).isTrue();
    assertThat(p.probabilities(0)).containsExactly(0.75, 0.25);
  }

  @Test
  void namedColumnsAreTheClassesInTheirOrder() throws IOException {
    ReadOptions options = ReadOptions.defaults().withClassColumns(List.of("b", "a"));
    Predictions p = read("a,note,b,label\n0.25,hello,0.75,b\n", options);
    assertThat(p.classNames()).containsExactly("b", "a");
    assertThat(p.probability(0, 0)).isEqualTo(0.75);
    assertThat(p.label(0)).isZero();
  }

  @Test
  void aLabelThatCouldBeNameOrIndexIsRefusedUntilSaid() throws IOException {
    String text = "1,0,label\n0.25,0.75,1\n";
    assertThatThrownBy(() -> read(text))
        .hasMessageContaining("say which with ReadOptions.withLabels");
    assertThat(read(text, ReadOptions.defaults().withLabels(Labels.INDEX)).label(0)).isOne();
    assertThat(read(text, ReadOptions.defaults().withLabels(Labels.NAME)).label(0)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | must start with a header",
        "`a,b,label` | at least 1 row after the header, got 0",
        "`0.5,0.5,1\n0.5,0.5,1` | p.csv, line 1: the first line must name the columns",
        "`a,,label\n1,0,0` | line 1, column 2: a column must have a name",
        "`a,a,label\n1,0,0` | line 1, column 2: column names must be unique, got 'a' twice",
        "`a,b,label,y\n1,0,0,0` | one column must hold the labels, got 'label' and 'y'",
        "`label,id\n1,x` | the header must have a column per class",
        "`a,b,label\n1,0,0\n1,0` | line 3: a line must have the header's 3 columns, got 2",
        "`a,b,label\n1,0,0\n\n0.x,0,0` | line 4, column 1: 'a' must be a finite number, got '0.x'",
        "`a,b,label\nnan,0,0` | line 2, column 1: 'a' must be a finite number, got 'nan'",
        "`a,b,label\n0.75,0.25,2` | line 2, column 3: 'label' must be a class index below 2",
        "`a,b,label\n0.75,0.25,-1` | got '-1'",
        "`a,b,label\n0.75,0.25,c` | or the name of a class column, got 'c'",
        "`id,a,b\n\"x\ny\",1,0\n\nz,0.7,0.2` | p.csv, line 5: probabilities[1] sums to 0.8999",
        "`a,b,logit_a\n.5,.5,0` | line 1: logits must have a column for each class, got none named"
            + " 'logit_b'",
        "`a,logit_a\n.5,0` | logits must have one column per class, got one column",
        "`a,b,logit_b,logit_a\n.5,.5,1,1\n.6,.4,1,1` | line 3, column 1: 'a' must be the softmax",
        "`a,b\n1,0\n1.5,-0.5` | p.csv, line 3, column 1: probabilities[1][0] must be in [0, 1]",
        "`a,b\n\"1,0` | line 2: a quoted field must end with a quote, got the end of the file",
        "`a,b\n1\"0\",0` | line 2, column 1: a quote must enclose the whole field",
        "`a,b\n\"1\"0,0` | line 2, column 1: a closing quote must be followed by a separator"
      })
  void wrongFileIsRefusedWithLineColumnAndRule(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void textThatIsNotUtf8IsRefused() throws IOException {
    Path file = folder.resolve("latin.csv");
    Files.write(file, new byte[] {'a', ',', (byte) 0xE9, '\n', '1', ',', '0'});
    assertThatThrownBy(() -> PredictionFiles.read(file))
        .hasMessageContaining("line 1, column 2: text must be UTF-8");
  }

  @Test
  void missingFilesFoldersAndExtensionsAreNamed() throws IOException {
    assertThatThrownBy(() -> PredictionFiles.read(folder.resolve("no.csv")))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("no such file");
    Predictions any = read("a,b\n0.75,0.25\n");
    assertThatThrownBy(() -> PredictionFiles.write(folder.resolve("p.xlsx"), any))
        .hasMessageContaining("the extension must be .csv, .npz, .parquet or .npy, got 'p.xlsx'");
    Files.createDirectory(folder.resolve("d.csv"));
    assertThatThrownBy(() -> PredictionFiles.read(folder.resolve("d.csv")))
        .hasMessageContaining("must be a file, got a folder");
  }

  @Test
  void reservedClassNamesAndSamplesAreNotWrittenAsCsv() {
    double[][] p = {{1, 0}};
    Predictions reserved =
        Predictions.builder().probabilities(p).classNames(List.of("label", "b")).build();
    assertThatThrownBy(() -> PredictionFiles.write(folder.resolve("p.csv"), reserved))
        .hasMessageContaining("CSV cannot hold a class named 'label': write an .npz file");
    Predictions logit =
        Predictions.builder().probabilities(p).classNames(List.of("a", "logit_a")).build();
    assertThatThrownBy(() -> PredictionFiles.write(folder.resolve("p.csv"), logit))
        .hasMessageContaining("CSV cannot hold a class named 'logit_a': write an .npz file");
    Predictions samples = Predictions.builder().samples(new double[][][] {p}).build();
    assertThatThrownBy(() -> PredictionFiles.write(folder.resolve("p.csv"), samples))
        .hasMessageContaining("CSV has no place for posterior samples");
  }

  @Test
  void namesThatWouldBeReadAsOtherNamesAreNotWrittenAsCsv() {
    Predictions one =
        Predictions.builder()
            .probabilities(new double[][] {{1, 0}})
            .classNames(List.of("1.0", "b"))
            .build();
    assertThatThrownBy(() -> PredictionFiles.write(folder.resolve("p.csv"), one))
        .hasMessageContaining("CSV cannot hold a class named '1.0'");
  }

  @Test
  void idsAndGroupsKeepTheSpacesAroundThemAndNamesTheSeparatorsInThem() throws IOException {
    Path file = folder.resolve("p.csv");
    String[] ids = {" a", "b\t", "c;d", ""};
    Predictions written =
        Predictions.builder()
            .probabilities(new double[][] {{1, 0}, {0.5, 0.5}, {0.25, 0.75}, {0, 1}})
            .classNames(List.of("x;y", "z\tz"))
            .ids(ids)
            .groups(ids)
            .build();
    PredictionFiles.write(file, written);
    Predictions read = PredictionFiles.read(file);
    assertThat(read.classNames()).containsExactly("x;y", "z\tz");
    for (int r = 0; r < ids.length; r++) {
      assertThat(read.id(r)).isEqualTo(ids[r]);
      assertThat(read.group(r)).isEqualTo(ids[r]);
    }
  }

  @Test
  void aFailedWriteLeavesTheOldFile() throws IOException {
    Path file = folder.resolve("p.csv");
    Files.writeString(file, "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("disk full");
                    }))
        .hasMessageEndingWith(": could not be written: disk full");
    assertThat(file).hasContent("old");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void logitColumnsBelongToTheirClassesInAnyOrder() throws IOException {
    Predictions p = read("logit_b,a,b,label,logit_a\n0,0.5,0.5,b,0\n1,0.26894,0.73106,0,0\n");
    assertThat(p.classNames()).containsExactly("a", "b");
    assertThat(p.logit(1, 1)).isEqualTo(1);
    assertThat(p.label(0)).isOne();
    ReadOptions options = ReadOptions.defaults().withClassColumns(List.of("b", "a"));
    Predictions named = read("logit_b,a,b,label,logit_a\n1,0.26894,0.73106,b,0\n", options);
    assertThat(named.logit(0, 0)).isEqualTo(1);
  }

  @Test
  void columnsCalledLogitsOfNoColumnAreClasses() throws IOException {
    Predictions p = read("logit_a,logit_b\n0,2\n", ReadOptions.defaults().withLogits(true));
    assertThat(p.classNames()).containsExactly("a", "b");
    assertThat(p.logit(0, 1)).isEqualTo(2);
  }

  @Test
  void aFileOfBothIsNotReadAsLogitsOrRenormalised() {
    String text = "a,b,logit_a,logit_b\n0.5,0.5,0,0\n";
    assertThatThrownBy(() -> read(text, ReadOptions.defaults().withLogits(true)))
        .hasMessageContaining("read as logits, the file must hold one column for each class");
    assertThatThrownBy(() -> read(text, ReadOptions.defaults().withRenormalise(true)))
        .hasMessageContaining("renormalised, the file must hold one column for each class");
  }
}
