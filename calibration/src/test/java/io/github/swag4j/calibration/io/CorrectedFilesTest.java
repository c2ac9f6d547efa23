package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrectedFilesTest {
  private static final ReadOptions DEFAULTS = ReadOptions.defaults();
  private static final Predictions EVEN =
      Predictions.builder().logits(new double[][] {{0, 0}, {1, 1}}).build();

  @TempDir Path folder;
  private List<String> left = List.of();

  /** The file again with other probabilities. */
  private String corrected(String name, String text, ReadOptions options, Predictions by)
      throws IOException {
    Path from = Files.writeString(folder.resolve(name), text);
    Path to = folder.resolve("out.csv");
    Noted<Predictions> read = PredictionFiles.readNoted(from, options);
    left = CorrectedFiles.write(from, options, read.note(), to, by);
    return Files.readString(to);
  }

  @Test
  void logitsOfColumnsWithAStemAreReplacedTooAndNotLeftBesideNewProbabilities() throws IOException {
    String head = "id,prob_cat,prob_dog,label,logit_cat,logit_dog\n";
    String table = head + "x,0.5,0.5,cat,2,2\ny,0.26894,0.73106,dog,0,1\n";
    assertThat(corrected("p.csv", table, DEFAULTS, EVEN))
        .isEqualTo(head + "x,0.5,0.5,cat,0,0\ny,0.5,0.5,dog,1,1\n");
    Predictions again = PredictionFiles.read(folder.resolve("out.csv"));
    assertThat(again.logit(1, 1)).isOne();
    Predictions probabilities =
        Predictions.of(new double[][] {{0.5, 0.5}, {1, 0}}, new int[] {0, 1});
    assertThat(corrected("p.csv", table, DEFAULTS, probabilities))
        .isEqualTo("id,prob_cat,prob_dog,label\nx,0.5,0.5,cat\ny,1,0,dog\n");
  }

  @Test
  void idsThatAreWrittenAreNotSaidToBeLeftOut() throws IOException {
    Path from =
        Files.writeString(
            folder.resolve("p.csv"), "id,day,a,b,label\nx,m,0.5,0.5,a\ny,t,0.25,0.75,b\n");
    Noted<Predictions> read = PredictionFiles.readNoted(from, DEFAULTS);
    Path to = folder.resolve("out.npz");
    assertThat(CorrectedFiles.write(from, DEFAULTS, read.note(), to, read.value()))
        .containsExactly("day");
    assertThat(PredictionFiles.read(to).id(1)).isEqualTo("y");
  }

  @Test
  void fieldsOfJsonThatATableHasNoPlaceForAreSaidAndIgnoredValuesKept() throws IOException {
    String lines =
        "{\"id\":\"x\",\"probs\":{\"a\":0.25,\"b\":0.75},\"scores\":[1,2],\"site\":\" N, 1\","
            + "\"meta\":{\"k\":1},\"label\":\"b\"}\n"
            + "{\"id\":\"y\",\"probs\":{\"a\":0.5,\"b\":0.5},\"scores\":3,\"site\":7,"
            + "\"meta\":null,\"label\":\"a\"}\n";
    ReadOptions options = DEFAULTS.withIgnoredColumns(List.of("scores", "site"));
    Predictions by = Predictions.of(new double[][] {{0.5, 0.5}, {1, 0}}, new int[] {0, 1});
    assertThat(corrected("p.jsonl", lines, options, by))
        .isEqualTo("id,a,b,site,label\nx,0.5,0.5,\" N, 1\",b\ny,1,0,7,a\n");
    assertThat(left).containsExactly("scores", "meta");
    assertThat(PredictionFiles.readNoted(folder.resolve("p.jsonl"), options).note().ignored())
        .containsExactly("id", "scores", "site", "meta");
    assertThat(FileContents.of(folder.resolve("p.jsonl")).names())
        .contains("id", "a", "b", "scores", "site", "meta", "label");
  }

  @Test
  void separatorDecimalMarkAndOtherColumnsStayAsTheyWere() throws IOException {
    String head = "\"a;b\";c;when;label\n";
    assertThat(
            corrected(
                "p.csv",
                "sep=;\n" + head + "0,25;0,75;\" 1,5\";c\n0,5;0,5;;c\n",
                DEFAULTS.withClassColumns(List.of("a;b", "c")),
                Predictions.of(new double[][] {{0.125, 0.875}, {1, 0}}, new int[] {0, 1})))
        .isEqualTo(head + "0,125;0,875;\" 1,5\";c\n1;0;;c\n");
    assertThat(left).isEmpty();
  }

  @Test
  void filesInAnArchiveThatAreNoArraysKeepTheirNames() throws IOException {
    Path from = folder.resolve("p.npz");
    Predictions p = Predictions.of(new double[][] {{0.25, 0.75}, {1, 0}}, new int[] {1, 0});
    PredictionFiles.write(from, p);
    try (FileSystem zip = FileSystems.newFileSystem(from)) {
      Files.writeString(zip.getPath("notes.txt"), "of May");
    }
    Path to = folder.resolve("out.npz");
    Noted<Predictions> read = PredictionFiles.readNoted(from, DEFAULTS);
    CorrectedFiles.write(from, DEFAULTS, read.note(), to, p);
    try (FileSystem zip = FileSystems.newFileSystem(to)) {
      assertThat(zip.getPath("notes.txt")).hasContent("of May");
      assertThat(zip.getPath("labels.npy")).exists();
    }
  }
}
