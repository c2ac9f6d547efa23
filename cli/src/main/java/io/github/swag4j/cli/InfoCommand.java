package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.base.Printable;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.SwaGaussianFile;
import io.github.swag4j.swag.io.SwaGaussianOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what is in a file of weights. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Say what is in files of weights: format, metadata, and name, type and shape of each tensor.",
      "Of a posterior also how it was collected, how large and how spread its weights are layer by"
          + " layer, and in how many directions.",
      "",
      "Reads what 'average' reads. Nothing in a file is executed."
    },
    footer = {
      "",
      "Examples",
      "  swag4j info model.safetensors",
      "  swag4j info checkpoint.pt --key state_dict --json",
      "  swag4j info runs/cnn/posterior.safetensors"
    })
final class InfoCommand implements Callable<Integer> {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files of weights.")
  private List<Path> files;

  @Option(
      names = "--key",
      paramLabel = "NAME",
      description = "Where the state dict is in PyTorch checkpoints that have several.")
  private String key;

  @Option(names = "--json", description = "Print one JSON object a file.")
  private boolean json;

  @Option(
      names = "--header",
      description = "Read no values, only what a posterior says of itself: for files of many GB.")
  private boolean header;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (Path path : files) {
      if (PosteriorFiles.isPosterior(path)) {
        PosteriorInfo info = PosteriorInfo.of(PosteriorFiles.open(path), !header);
        if (json) {
          out.println(GSON.toJson(info.toJson()));
        } else {
          info.print(out);
        }
        continue;
      }
      try (TensorFile file = WeightFiles.open(path, Optional.ofNullable(key))) {
        if (json) {
          JsonObject facts = toJson(path, file);
          if (SwaGaussianFile.isIn(file)) {
            facts.add("swa_gaussian", GSON.toJsonTree(assumed(path)));
          }
          out.println(GSON.toJson(facts));
          continue;
        }
        print(out, path, file);
        if (SwaGaussianFile.isIn(file)) {
          out.println("  a SWAG of swa_gaussian:");
          assumed(path).forEach(line -> out.println("    " + Printable.line(line)));
        }
      }
    }
    return 0;
  }

  private static JsonObject toJson(Path path, TensorFile file) {
    JsonObject object = new JsonObject();
    object.addProperty("file", path.toString());
    object.addProperty("format", file.format());
    object.add("metadata", GSON.toJsonTree(file.metadata()));
    JsonArray tensors = new JsonArray();
    for (StoredTensor tensor : file.entries().values()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("name", tensor.name());
      entry.addProperty("type", tensor.type().torchName());
      entry.add("shape", GSON.toJsonTree(tensor.shape()));
      tensors.add(entry);
    }
    object.add("tensors", tensors);
    object.addProperty("values", values(file));
    return object;
  }

  private static void print(PrintWriter out, Path path, TensorFile file) {
    out.printf(
        Locale.ROOT,
        "%s: %s, %,d tensors, %,d values%n",
        path,
        file.format(),
        file.entries().size(),
        values(file));
    for (Map.Entry<String, String> fact : file.metadata().entrySet()) {
      out.println("  " + Printable.line(fact.getKey() + ": " + fact.getValue()));
    }
    for (StoredTensor tensor : file.entries().values()) {
      out.printf(
          Locale.ROOT,
          "  %-10s %-20s %s%n",
          tensor.type().torchName(),
          tensor.shape(),
          Printable.line(tensor.name()));
    }
  }

  /** Python's posterior: how it would be taken. */
  private List<String> assumed(Path path) throws IOException {
    SwaGaussianOptions options = SwaGaussianOptions.defaults();
    try {
      return SwaGaussianFile.read(path, key == null ? options : options.withKey(key)).assumptions();
    } catch (WeightFormatException e) {
      return List.of("not to be read as it is: " + e.getMessage());
    }
  }

  private static long values(TensorFile file) {
    return file.entries().values().stream().mapToLong(StoredTensor::size).sum();
  }
}
