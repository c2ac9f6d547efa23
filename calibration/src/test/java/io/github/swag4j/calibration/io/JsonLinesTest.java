package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON Lines as programs write them, in memory and streamed. */
class JsonLinesTest {
  private static final ReadOptions DEFAULTS = ReadOptions.defaults();

  @TempDir Path folder;

  private static CalibrationSketch stream(Path file, ReadOptions options) throws IOException {
    return StreamedSketch.of(file, options, BinningConvention.GUO);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("p.jsonl"), text);
  }

  private Predictions read(String text, ReadOptions options) throws IOException {
    Path file = write(text);
    Predictions inMemory = PredictionFiles.read(file, options);
    assertThat(stream(file, options).toBytes()).isEqualTo(CalibrationSketch.of(inMemory).toBytes());
    assertThat(PredictionFiles.size(file, options).rows()).isEqualTo(inMemory.rows());
    return inMemory;
  }

  private void refused(String text, ReadOptions options, String message) throws IOException {
    Path file = write(text);
    assertThatThrownBy(() -> PredictionFiles.read(file, options))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
    assertThatThrownBy(() -> stream(file, options))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
  }

  private void refused(String text, String message) throws IOException {
    refused(text, DEFAULTS, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // an object of classes
        "{'id':7,'probs':{'cat':0.25,'dog':0.75},'label':'dog'}\n"
            + "{'label':'cat','probs':{'dog':0.5,'cat':0.5},'id':8}\n",
        // an array, and names beside it
        "{'probs':[0.25,0.75],'classes':['cat','dog'],'label':'dog'}\n"
            + "{'classes':['cat','dog'],'probs':[5e-1,0.5],'label':'cat'}",
        // fields
        "{'cat':0.25,'dog':0.75,'label':'dog'}\r\n{'dog':0.5,'label':'cat','cat':0.5}\r\n",
        // what is no class is not read where the classes are known
        "\n{'meta':{'a':[1,{}]},'probabilities':{'cat':0.25,'dog':0.75},'label':'dog','time':12.5}\n"
            + "\n  \n{'probabilities':{'cat':0.5,'dog':0.5},'label':'cat','time':3,'meta':null}\n\n"
      })
  void theUsualFormsAreRead(String text) throws IOException {
    Predictions p = read(text.replace('\'', '"'), DEFAULTS);
    assertThat(p.rows()).isEqualTo(2);
    assertThat(p.classNames()).containsExactly("cat", "dog");
    assertThat(p.probabilities(0)).containsExactly(0.25, 0.75);
    assertThat(p.probabilities(1)).containsExactly(0.5, 0.5);
    assertThat(p.label(0)).isOne();
    assertThat(p.label(1)).isZero();
  }

  @Test
  void anArrayAloneHasIndicesForNames() throws IOException {
    Predictions p =
        read("{\"probs\":[0.25,0.75],\"label\":1}\n{\"probs\":[1,0],\"label\":0}", DEFAULTS);
    assertThat(p.probabilities(0)).containsExactly(0.25, 0.75);
    assertThat(p.label(0)).isOne();
  }

  @Test
  void logitsAreReadAsSuchByTheirName() throws IOException {
    Predictions p = read("{\"logits\":{\"a\":-2.0,\"b\":3.5},\"label\":\"b\"}\n", DEFAULTS);
    assertThat(p.hasLogits()).isTrue();
    assertThat(p.logit(0, 1)).isEqualTo(3.5);
    Predictions array = read("{\"logits\":[-2.0,3.5],\"label\":1}\n", DEFAULTS);
    assertThat(array.logit(0, 0)).isEqualTo(-2);
    refused(
        "{\"logits\":[-2.0,3.5],\"label\":1}\n",
        DEFAULTS.withRenormalise(true),
        "logits are not renormalised, got the field 'logits'");
    Predictions both = read("{\"logits\":[0,0],\"probs\":[0.5,0.5],\"label\":1}\n", DEFAULTS);
    assertThat(both.hasLogits()).isTrue();
    refused(
        "{\"logits\":[0,1],\"probs\":[0.5,0.5],\"label\":1}\n", "must be the softmax of the row's");
  }

  @Test
  void logitsByTheirNameThatAreDistributionsAreRefused() throws IOException {
    String message = "got rows that are distributions already: call them 'probs' in the file";
    for (ReadOptions options : List.of(DEFAULTS, DEFAULTS.withLogits(true))) {
      refused("{\"logits\":[0.25,0.75],\"label\":1}\n", options, message);
      refused("{\"logits\":{\"dog\":0.25},\"label\":\"dog\"}\n", options, message);
    }
  }

  @Test
  void aClassOfAnObjectThatIsToBeIgnoredIsRefused() throws IOException {
    refused(
        "{\"probs\":{\"a\":0.25,\"b\":0.75},\"label\":\"b\"}\n",
        DEFAULTS.withIgnoredColumns(List.of("a")),
        "class columns must not be ignored, got [a, b] and [a]");
  }

  @Test
  void classesMayHaveNamesThatAreReservedInTables() throws IOException {
    Predictions p =
        read("{\"probs\":{\"weight\":0.25,\"height\":0.75},\"label\":\"height\"}\n", DEFAULTS);
    assertThat(p.classNames()).containsExactly("weight", "height");
    assertThat(p.hasWeights()).isFalse();
    Predictions odd =
        read("{\"probs\":{\"a, \\\"b\\\"\":0.25,\"dög\":0.75},\"label\":\"dög\"}\n", DEFAULTS);
    assertThat(odd.classNames()).containsExactly("a, \"b\"", "dög");
  }

  @Test
  void fieldsOfUnknownMeaningAreRefusedWhereTheyCouldBeTheClasses() throws IOException {
    String text = "{\"out\":{\"a\":0.25,\"b\":0.75},\"a\":0.5,\"b\":0.5,\"label\":\"b\"}\n";
    refused(text, "p.jsonl, line 1: 'out' holds an object: if that is the probabilities call it");
    Predictions p = read(text, DEFAULTS.withIgnoredColumns(List.of("out")));
    assertThat(p.probabilities(0)).containsExactly(0.5, 0.5);
    assertThat(FileContents.of(folder.resolve("p.jsonl")).names())
        .containsExactly("a", "b", "label", "out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'probs':{'a':1,'b':0},'label':'a'} | {'probs':{'a':1},'label':'a'} | 'probs' must have 2"
            + " numbers, got 1",
        "{'probs':{'a':1,'b':0},'label':'a'} | {'probs':{'a':1,'c':0},'label':'a'} | must have the"
            + " classes of the first line, got 'c', too",
        "{'probs':[1,0],'label':0} | {'probs':[1,0,0],'label':0} | must have 2 numbers, got more",
        "{'probs':[1,0],'label':0} | {'probs':[1],'label':0} | must have 2 numbers, got 1",
        "{'probs':[1,0],'label':0} | {'probs':[1,null],'label':0} | must hold numbers, got null",
        "{'probs':[1,0],'label':0} | {'probs':[1,'0'],'label':0} | must hold numbers, got a string",
        "{'probs':[1,0],'label':0} | {'probs':1,'label':0} | must be an object or array as before",
        "{'probs':[1,0],'classes':['a','b'],'label':'a'} |"
            + " {'probs':[1,0],'classes':['b','a'],'label':'a'} | 'classes' must be those of the"
            + " first line in their order, got 'b'",
        "{'a':1,'b':0,'label':'a'} | {'a':1,'label':'a'} | got none called 'b'",
        "{'a':1,'b':0,'label':'a'} | {'a':1,'b':0,'c':0,'label':'a'} | the fields of the first, got"
            + " 'c', too",
        "{'a':1,'b':0,'label':'a'} | {'a':1,'b':0,'label':['a']} | 'label' must be a single value",
        "{'a':1,'b':0,'label':'a'} | {'a':1,'a':1,'b':0,'label':'a'} | given twice",
        "{'a':1,'b':0,'label':'a'} | {'a':1,'b':NaN,'label':'a'} | JSON has no NaN",
        "{'a':1,'b':0,'label':'a'} | {'a':1,'b':0,'label':'a' | a line must be one whole object",
        "{'a':1,'b':0,'label':'a'} | {'a':1,'b':0,'label':'a'} x | a line must be one whole object",
        "{'a':1,'b':0,'label':'a'} | {'a':1,'b':1e999,'label':'a'} | 'b' must be a finite number",
        "{'a':1,'b':0,'label':'a'} | {'a':1,'b':null,'label':'a'} | 'b' must be a finite number",
        "{'a':1,'b':0,'label':'a'} | {'a':0.6,'b':0.6,'label':'a'} | probabilities[1] sums to 1.2",
        "{'a':0.9,'b':0.1,'label':'a'} | {'a':0.8,'b':0.2,'label':'c'} | got 'c'",
        "{'probs':{'a':1,'b':0},'label':0} | {'probs':{'b':1,'a':0},'label':0} | give labels by"
            + " name"
      })
  void aLineThatIsNotAsTheFirstIsRefused(String first, String second, String message)
      throws IOException {
    String text = (first + "\n\n" + second + "\n").replace('\'', '"');
    refused(text, message);
    refused(text, "p.jsonl, line 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{'a':1,'b':0,'label':'a'},{'b':0.75,'label':'b','a':0.25}]",
        " [ {'a':1,'b':0,'label':'a'} ,\n\n{'b':0.75,'label':'b','a':0.25} ] \n",
        "[\n  {\n    'a': 1,\n    'b': 0,\n    'label': 'a'\n  },\r\n"
            + "  {'a': 0.25, 'b': 0.75, 'label': 'b'}\n]\n",
        "[{'probs':{'a':1,'b':0},'label':'a','x]}':'{[\\\\'},"
            + "{'probs':{'a':0.25,'b':0.75},'label':'b','x]}':'},{'}]"
      })
  void anArrayOfObjectsIsReadAsItsRows(String text) throws IOException {
    Predictions read = read(text.replace('\'', '"'), DEFAULTS);
    assertThat(read.rows()).isEqualTo(2);
    assertThat(read.classNames()).containsExactly("a", "b");
    assertThat(read.probability(1, 1)).isEqualTo(0.75);
    assertThat(read.label(1)).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{'a':1,'b':0,'label':'a'} | the array must end with ], got the end of the file",
        "[{'a':1,'b':0,'label':'a | the array must end with ], got the end of the file",
        "[{'a':1,'b':0,'label':'a'},] | got a comma before its end",
        "[{'a':1,'b':0,'label':'a'} {'a':1,'b':0,'label':'a'}] | the array must hold objects",
        "[{'a':1,'b':0,'label':'a'},7] | the array must hold objects, one a row, got '7'",
        "[{'a':1,'b':0,'label':'a'}] {} | after the array there must be nothing, got more"
      })
  void anArrayThatIsNotOneOfObjectsIsRefused(String text, String message) throws IOException {
    refused(text.replace('\'', '"'), message);
  }

  @Test
  void otherJsonIsRefusedWithTheWayToLines() throws IOException {
    String remedy = "pandas writes such lines with to_json(FILE, orient='records', lines=True)";
    refused("{\n  \"probs\": [1, 0]\n}\n", remedy);
    refused("[[1,0],[0,1]]\n", "JSON arrays that name no columns: write one object a row");
    refused("{\"a\":1,\n\"b\":0}\n", remedy);
    refused(
        "{\"probs\":[[1,0],[0,1]],\"label\":[0,1]}\n",
        "'label' must be a single value, got an array: write one object a row");
    refused(
        "{\"probs\":[[1,0],[0,1]],\"label\":0}\n",
        "'probs' must hold numbers, got an array: write one object a row");
    refused("{}\n", "there must be fields with the numbers of the classes, got none");
    refused("{\"probs\":{}}\n", "there must be a number for each class, got none");
    refused(
        "{\"probs\":[1,0],\"classes\":[\"a\"]}\n",
        "'classes' must name each of the 2 classes, got 1");
    Path empty = write("{\"p\":null}\n");
    assertThatThrownBy(() -> PredictionFiles.read(empty))
        .hasMessageContaining("p.jsonl, line 1: 'p' must be a number, got null");
  }

  @Test
  void emptyLinesAtTheBeginningAreCounted() throws IOException {
    String good = "{\"a\":0.75,\"b\":0.25,\"label\":\"a\"}\n";
    String other = "{\"a\":0.5,\"b\":0.5,\"label\":\"b\"}\n";
    String bad = "{\"a\":0.5,\"b\":0.4,\"label\":\"a\"}\n";
    refused("\n  \r\n" + good + bad, "p.jsonl, line 4: probabilities[1] sums to 0.9");
    refused("\n\n{\"a\":1,\n", "p.jsonl, line 3: ");
    assertThat(read("\n \n" + good + "\n" + other, DEFAULTS).rows()).isEqualTo(2);
  }

  @Test
  void textWithLineEndsKeepsTheLinesOfTheFile() throws IOException {
    refused(
        "{\"id\":\"a\\nb\\n\\nc\",\"x\":0.75,\"z\":0.25,\"label\":\"x\"}\n"
            + "{\"id\":\"d\",\"x\":0.5,\"z\":0.4,\"label\":\"x\"}\n",
        "p.jsonl, line 2: probabilities[1] sums to 0.9");
    Predictions p =
        read("{\"id\":\" a\\n\\\"b\\\",\",\"x\":0.75,\"z\":0.25,\"label\":\"x\"}\n", DEFAULTS);
    assertThat(p.id(0)).isEqualTo(" a\n\"b\",");
  }

  /** More than one part, and more text than the reader's buffers. */
  @Test
  void manyLinesAreReadToTheBitsOfTheirTable() throws IOException {
    StringBuilder lines = new StringBuilder();
    StringBuilder table = new StringBuilder("a,b,id,label\n");
    int rows = 6_000;
    String text = "x".repeat(800);
    for (int r = 0; r < rows; r++) {
      String a = String.format(Locale.ROOT, "%.6f", (r * 7919L % 1_000_003) / 1_000_003.0);
      String b = String.format(Locale.ROOT, "%.6f", 1 - Double.parseDouble(a));
      lines.append(
          String.format(
              Locale.ROOT,
              "{\"id\":\"r%d%s\",\"label\":%d,\"probs\":{\"a\":%s,\"b\":%s}}%n",
              r,
              text,
              r % 2,
              a,
              b));
      table.append(String.format(Locale.ROOT, "%s,%s,r%d%s,%d%n", a, b, r, text, r % 2));
    }
    Predictions json = read(lines.toString(), DEFAULTS);
    Path csv = Files.writeString(folder.resolve("p.csv"), table);
    Predictions expected = PredictionFiles.read(csv);
    assertThat(stream(folder.resolve("p.jsonl"), DEFAULTS).toBytes())
        .isEqualTo(stream(csv, DEFAULTS).toBytes());
    boolean same = json.rows() == rows;
    for (int r = 0; r < rows; r++) {
      same &= json.probability(r, 0) == expected.probability(r, 0);
      same &= json.id(r).equals(expected.id(r)) && json.label(r) == expected.label(r);
    }
    assertThat(same).isTrue();
    refused(
        lines + "{\"id\":\"x\",\"label\":1,\"probs\":{\"a\":1,\"b\":1}}\n",
        "line " + (rows + 1) + ": probabilities[" + rows + "] sums to 2");
  }

  @Test
  void linesMayBePackedAndMarked() throws IOException {
    byte[] text =
        "\uFEFF{\"a\":0.75,\"b\":0.25,\"label\":\"a\"}\n".getBytes(StandardCharsets.UTF_8);
    for (byte[] bytes : List.of(text, TableDialectsTest.gzip(text))) {
      Path file = Files.write(folder.resolve(bytes.length + ".ndjson"), bytes);
      assertThat(PredictionFiles.read(file).probabilities(0)).containsExactly(0.75, 0.25);
      assertThat(stream(file, DEFAULTS).rows()).isOne();
    }
    Path broken = folder.resolve("broken.jsonl");
    Files.write(broken, new byte[] {'{', '"', (byte) 0xE9, '"', ':', '1', '}', '\n'});
    assertThatThrownBy(() -> PredictionFiles.read(broken))
        .isInstanceOf(PredictionFileException.class);
  }
}
