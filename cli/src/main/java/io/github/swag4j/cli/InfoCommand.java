package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.WeightFiles;
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
      "",
      "Reads what 'average' reads. Nothing in a file is executed."
    },
    footer = {
      "",
      "Examples",
      "  swag4j info model.safetensors",
      "  swag4j info checkpoint.pt --key state_dict --json"
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

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (Path path : files) {
      try (TensorFile file = WeightFiles.open(path, Optional.ofNullable(key))) {
        if (json) {
          out.println(GSON.toJson(toJson(path, file)));
        } else {
          print(out, path, file);
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
      out.println("  " + fact.getKey() + ": " + fact.getValue());
    }
    for (StoredTensor tensor : file.entries().values()) {
      out.printf(
          Locale.ROOT,
          "  %-10s %-20s %s%n",
          tensor.type().torchName(),
          tensor.shape(),
          tensor.name());
    }
  }

  private static long values(TensorFile file) {
    return file.entries().values().stream().mapToLong(StoredTensor::size).sum();
  }
}
