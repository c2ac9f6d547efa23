package io.github.swag4j.spark.program;

import io.github.swag4j.base.Remedy;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;
import java.io.Reader;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** What the program asks for: properties, lists of which have keys with {@code .0}, {@code .1}. */
record Request(Properties properties) implements Serializable {

  static Request read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    return new Request(properties);
  }

  /** A word; empty if it is not there. */
  String word(String key) {
    return properties.getProperty(key, "");
  }

  /** A list of words. */
  List<String> words(String key) {
    List<String> words = new ArrayList<>();
    for (int n = 0; properties.containsKey(key + "." + n); n++) {
      words.add(properties.getProperty(key + "." + n));
    }
    return words;
  }

  private boolean truth(String key) {
    return Boolean.parseBoolean(word(key));
  }

  /** How tables are read. */
  ReadOptions options() {
    return new ReadOptions(
        truth("logits"),
        truth("renormalise"),
        truth("percent"),
        ReadOptions.Labels.valueOf(word("labels")),
        words("classColumns"),
        words("ignoredColumns"),
        word("labelColumn"),
        word("positiveClass"),
        words("ignoredLabels"),
        true);
  }

  /** The bins of a sketch. */
  BinningConvention binning() {
    return BinningConvention.named(word("convention")).withBins(Integer.parseInt(word("bins")));
  }

  /** A remedy in words of the program. */
  String words(Remedy remedy) {
    return properties.getProperty("remedy." + remedy, remedy.words());
  }
}
