package io.github.swag4j.adapters.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.github.swag4j.swag.djl.RowPrediction;
import java.util.List;

/**
 * From a row to an {@link AveragedBlock} and back.
 *
 * @param <I> what a row is given as
 * @param <O> what the answer is given as
 */
final class PosteriorTranslator<I, O> implements Translator<I, O> {

  /** Makes arrays without batch dimension of a row. */
  interface Reader<I> {
    NDList read(TranslatorContext context, I row) throws Exception;
  }

  /** Makes the answer. */
  interface Writer<O> {
    O write(RowPrediction prediction, List<String> classNames) throws Exception;
  }

  private final Reader<I> reader;
  private final Writer<O> writer;
  private final List<String> classNames;

  PosteriorTranslator(Reader<I> reader, Writer<O> writer, List<String> classNames) {
    this.reader = reader;
    this.writer = writer;
    this.classNames = classNames;
  }

  @Override
  public NDList processInput(TranslatorContext context, I row) throws Exception {
    return reader.read(context, row);
  }

  @Override
  public O processOutput(TranslatorContext context, NDList outputs) throws Exception {
    try (NDArray probabilities = outputs.get(0);
        NDArray expectedEntropy = outputs.get(1)) {
      double[] p = probabilities.toDoubleArray();
      if (!classNames.isEmpty() && classNames.size() != p.length) {
        throw new IllegalArgumentException(
            "class names must be as many as the model's classes, "
                + p.length
                + ", got "
                + classNames.size());
      }
      RowPrediction prediction =
          RowPrediction.of(
              p,
              expectedEntropy.getDouble(),
              k -> classNames.isEmpty() ? Integer.toString(k) : classNames.get(k));
      return writer.write(prediction, classNames);
    }
  }

  @Override
  public Batchifier getBatchifier() {
    return Batchifier.STACK;
  }
}
