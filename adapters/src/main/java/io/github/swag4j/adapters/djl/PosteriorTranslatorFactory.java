package io.github.swag4j.adapters.djl;

import ai.djl.Model;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Pair;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.djl.RowPrediction;
import io.github.swag4j.swag.djl.ServingPredictor;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes a model of DJL, in a program or in DJL Serving, answer with Bayesian averages of a
 * posterior file: mean probabilities, entropy and mutual information of each row.
 *
 * <p>In a folder with a TorchScript model {@code net.pt} and its {@code posterior.safetensors}, a
 * file {@code serving.properties} is enough:
 *
 * <pre>
 * engine=PyTorch
 * translatorFactory=io.github.swag4j.adapters.djl.PosteriorTranslatorFactory
 * posterior=posterior.safetensors
 * samples=30
 * classes=cat,dog,owl
 * shape=2,5,5
 * </pre>
 *
 * <p>{@code posterior} is a path from the folder, {@code posterior.safetensors} unless said; {@code
 * samples} are 30 or, if the file has batch-norm statistics, as many as it has them of; {@code
 * seed} is 0 or that of the statistics; {@code output} is one of {@link BayesianPredictor.Output},
 * {@code LOGITS} unless said; {@code classes} names the classes, or a file {@code synset.txt} with
 * a name a line; {@code shape} is that of a row given as numbers.
 *
 * <p>Rows come as {@code float[]} or {@code NDList} and are answered by {@link RowPrediction},
 * where DJL wants the factory in the {@code Criteria} too ({@code optTranslatorFactory}); or as
 * {@link Input}, as requests of DJL Serving are, in JSON ({@code [0.1, 0.2]} or {@code {"data":
 * [0.1, 0.2]}}) or in DJL's binary forms of arrays, and are answered in JSON by {@link Output}.
 *
 * <p>All samples are drawn when the model is loaded and closed with it: samples times the memory of
 * the model. A model with batch norm needs the statistics of its samples in the posterior file
 * ({@code PosteriorFiles.write} takes them) and is refused without.
 */
public final class PosteriorTranslatorFactory implements TranslatorFactory {

  /** A factory, as DJL makes it by name. */
  public PosteriorTranslatorFactory() {}

  @Override
  public Set<Pair<Type, Type>> getSupportedTypes() {
    return Set.of(
        new Pair<>(float[].class, RowPrediction.class),
        new Pair<>(NDList.class, RowPrediction.class),
        new Pair<>(Input.class, Output.class));
  }

  @Override
  @SuppressWarnings("unchecked") // by the pairs above
  public <I, O> Translator<I, O> newInstance(
      Class<I> input, Class<O> output, Model model, Map<String, ?> arguments)
      throws TranslateException {
    if (!isSupported(input, output)) {
      throw new IllegalArgumentException(
          "rows must be float[] or NDList to RowPrediction, or Input to Output, got "
              + input.getName()
              + " to "
              + output.getName());
    }
    ServingArguments said = new ServingArguments(model.getModelPath(), arguments);
    try {
      List<String> classNames = said.classNames();
      model.setBlock(new AveragedBlock(open(model, said)));
      PosteriorTranslator<?, ?> translator;
      if (input == float[].class) {
        translator =
            new PosteriorTranslator<float[], RowPrediction>(
                (context, row) -> RowTexts.array(context.getNDManager(), row, said.shape()),
                (prediction, names) -> prediction,
                classNames);
      } else if (input == NDList.class) {
        translator =
            new PosteriorTranslator<NDList, RowPrediction>(
                (context, row) -> row, (prediction, names) -> prediction, classNames);
      } else {
        translator =
            new PosteriorTranslator<Input, Output>(
                (context, row) -> RowTexts.read(context.getNDManager(), row, said.shape()),
                RowTexts::write,
                classNames);
      }
      return (Translator<I, O>) translator;
    } catch (IOException e) {
      throw new TranslateException("the posterior could not be opened: " + e.getMessage(), e);
    }
  }

  private static ServingPredictor open(Model model, ServingArguments said) throws IOException {
    PosteriorFile file = PosteriorFiles.open(said.posterior()).verify();
    Optional<SampleStatistics> statistics = file.statistics();
    if (model.getBlock() instanceof SymbolBlock) {
      // Once more, with batch-norm statistics that can be written; samples are copies of it.
      try (Model reachable = TorchScriptModels.load(archive(model))) {
        return serve(model, reachable.getBlock(), file, statistics, said);
      }
    }
    return serve(model, model.getBlock(), file, statistics, said);
  }

  private static ServingPredictor serve(
      Model model,
      Block block,
      PosteriorFile file,
      Optional<SampleStatistics> statistics,
      ServingArguments said)
      throws IOException {
    BayesianPredictor predictor =
        BayesianPredictor.of(block, file.posterior())
            .samples(said.samples(statistics))
            .seed(said.seed(statistics))
            .output(said.output());
    if (statistics.isPresent()) {
      predictor = predictor.batchNormStatistics(statistics.get());
    }
    ServingPredictor serving = predictor.serve();
    model.getNDManager().attachInternal(UUID.randomUUID().toString(), serving);
    return serving;
  }

  private static Path archive(Model model) throws IOException {
    Path folder = model.getModelPath();
    Path named = folder.resolve(model.getName() + ".pt");
    if (Files.isRegularFile(named)) {
      return named;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> archives = files.filter(f -> f.toString().endsWith(".pt")).toList();
      if (archives.size() != 1) {
        throw new IOException(
            folder + " must have one TorchScript archive *.pt, got " + archives.size());
      }
      return archives.get(0);
    }
  }
}
