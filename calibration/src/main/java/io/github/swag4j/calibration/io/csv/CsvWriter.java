package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.UsualNames;
import io.github.swag4j.calibration.io.text.FieldQuotes;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes predictions as CSV (RFC 4180, UTF-8, lines end with a line feed). Numbers have all their
 * digits: what is read back are the same bits. Class columns hold probabilities always; logits,
 * where there are some, have columns of their own.
 */
public final class CsvWriter {
  private static final char SEPARATOR = ',';

  private final Predictions p;
  private final Writer out;
  private boolean first;

  private CsvWriter(Predictions p, Writer out) {
    this.p = p;
    this.out = out;
  }

  public static void write(Path file, Predictions p) throws IOException {
    if (p.samples() > 0) {
      throw new PredictionFileException(
          file, "", "CSV has no place for posterior samples: write an .npz file");
    }
    for (String name : p.classNames()) {
      if (UsualNames.isReserved(name)
          || UsualNames.isLogitOf(name, p.classNames())
          || UsualNames.isMissing(name)
          || !name.equals(name.strip())
          || !NameText.canonical(name).equals(name)) {
        throw new PredictionFileException(
            file, "", "CSV cannot hold a class named '" + name + "': write an .npz file");
      }
    }
    AtomicFile.write(
        file,
        stream -> {
          Writer out =
              new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
          CsvWriter writer = new CsvWriter(p, out);
          writer.header();
          for (int r = 0; r < p.rows(); r++) {
            writer.row(r);
          }
          out.flush();
        });
  }

  private void header() throws IOException {
    first = true;
    if (p.hasIds()) {
      name(UsualNames.ID);
    }
    if (p.isBinary()) {
      name("p");
    } else {
      for (String name : p.classNames()) {
        name(name);
      }
      for (int k = 0; p.hasLogits() && k < p.classes(); k++) {
        name(UsualNames.LOGIT + p.classNames().get(k));
      }
    }
    if (p.hasLabels()) {
      name(UsualNames.LABELS.get(0));
    }
    if (p.hasExpectedEntropy()) {
      name(UsualNames.EXPECTED_ENTROPY);
    }
    if (p.hasWeights()) {
      name("weight");
    }
    if (p.hasGroups()) {
      name(UsualNames.GROUP);
    }
    out.write('\n');
  }

  private void row(int r) throws IOException {
    first = true;
    if (p.hasIds()) {
      field(p.id(r));
    }
    for (int k = p.isBinary() ? 1 : 0; k < p.classes(); k++) {
      field(Double.toString(p.probability(r, k)));
    }
    for (int k = 0; p.hasLogits() && k < p.classes(); k++) {
      field(Double.toString(p.logit(r, k)));
    }
    if (p.hasLabels()) {
      field(Integer.toString(p.label(r)));
    }
    if (p.hasExpectedEntropy()) {
      field(Double.toString(p.expectedEntropy(r)));
    }
    if (p.hasWeights()) {
      field(Double.toString(p.weight(r)));
    }
    if (p.hasGroups()) {
      field(p.group(r));
    }
    out.write('\n');
  }

  private void field(String text) throws IOException {
    write(text.isEmpty() ? FieldQuotes.quoted(text) : FieldQuotes.of(text, SEPARATOR));
  }

  private void name(String text) throws IOException {
    write(FieldQuotes.name(text, SEPARATOR));
  }

  private void write(String field) throws IOException {
    if (!first) {
      out.write(SEPARATOR);
    }
    first = false;
    out.write(field);
  }
}
