package io.github.swag4j.swa.djl;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.util.Pair;
import io.github.swag4j.base.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * TorchScript archives as models that can be averaged, trained, refreshed and saved.
 *
 * <p>DJL's own loading leaves four traps, which this one does not have. Batch-norm statistics are
 * buffers, which the engine does not list: here they are parameters of type {@code RUNNING_MEAN}
 * and {@code RUNNING_VAR}, so {@link BatchNormRefresh} finds them. Tensors can be written and
 * trained. The first training pass trains (the engine leaves batch norm and dropout in evaluation
 * mode in it). Tensors in another memory order, as of transposed or channels-last weights, are made
 * contiguous, so that what is written to them is not lost.
 *
 * <p>An archive traced in training mode would drop out and normalise by the batch for ever; loaded
 * here it follows the model's mode, also after {@link #save}.
 */
public final class TorchScriptModels {

  /** Blocks whose batch normalisation is known; as long as somebody holds them. */
  private static final Set<Block> KNOWN =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private TorchScriptModels() {}

  /**
   * Loads an archive into CPU memory.
   *
   * @param file scripted, or traced in training mode, by {@code torch.jit}
   * @return the model, to be closed by the caller
   * @throws IllegalArgumentException if the archive was frozen, has no parameters, or was traced in
   *     evaluation mode with batch normalisation or dropout
   * @throws IOException if the file cannot be read or is no TorchScript archive
   */
  public static Model load(Path file) throws IOException {
    EngineDefaults.apply();
    Path readable = Files.createTempFile("swag4j-", ".pt");
    try {
      try (TorchScriptArchive archive = TorchScriptArchive.open(file)) {
        requireTrainable(file, archive);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(readable))) {
          archive.copy(out, TorchScriptCode::expose, TorchScriptCode.FUNCTION);
        }
      }
      return load(file, readable, true);
    } finally {
      Files.deleteIfExists(readable);
    }
  }

  private static void requireTrainable(Path file, TorchScriptArchive archive) throws IOException {
    if (!archive.anyCode(TorchScriptCode::hasParameters)) {
      throw new IllegalArgumentException(
          file
              + " must have parameters, got none, as torch.jit.freeze leaves an archive, its weights"
              + " turned into constants: save the model before freezing");
    }
    if (archive.anyCode(code -> TorchScriptCode.isTraced(code, false))) {
      throw new IllegalArgumentException(
          file
              + " must not be traced in evaluation mode, which leaves batch normalisation and"
              + " dropout in it for ever: export it with torch.jit.script(model), or call"
              + " model.train() before torch.jit.trace");
    }
  }

  private static Model load(Path file, Path readable, boolean known) throws IOException {
    Path name = file.getFileName();
    Model model =
        Model.newInstance(name == null ? "model" : name.toString(), Device.cpu(), "PyTorch");
    boolean done = false;
    try {
      model.load(readable, null, Map.of("trainParam", "true"));
      Block block = model.getBlock();
      ContiguousTensors tensors = new ContiguousTensors();
      TorchEngine.GradientsOff gradients = TorchEngine.gradientsOff();
      try {
        for (Pair<String, Parameter> pair : block.getParameters()) {
          requireItsType(file, pair.getKey(), pair.getValue().getType());
          tensors.take(pair.getValue().getArray());
        }
        tensors.bind();
      } finally {
        gradients.close();
      }
      block.freezeParameters(true, p -> isStatistic(p.getType()));
      TorchEngine.agreeOnTrainingMode(block);
      if (known) {
        KNOWN.add(block);
      }
      done = true;
      return model;
    } catch (MalformedModelException e) {
      throw new IOException(file + " could not be loaded: " + e.getMessage(), e);
    } finally {
      if (!done) {
        model.close();
      }
    }
  }

  /**
   * A module once more, with tensors of its own.
   *
   * @param block a module, from {@link #load} or from DJL
   * @return to be closed by the caller
   * @throws IOException if the temporary file cannot be written
   */
  static Model reload(Block block) throws IOException {
    Path copy = Files.createTempFile("swag4j-", ".pt");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy))) {
        TorchEngine.write(block, out);
      }
      return load(copy, copy, KNOWN.contains(block));
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /** The engine tells a tensor's kind by words anywhere in its path. */
  private static void requireItsType(Path file, String name, Parameter.Type type) {
    boolean statistic = name.endsWith("running_mean") || name.endsWith("running_var");
    if (statistic != isStatistic(type)) {
      throw new IllegalArgumentException(
          file
              + ": tensor "
              + name
              + " must be recognisable by its name, the engine takes it for "
              + type
              + " because of a word in its path: rename the module (bias, gamma, beta, running_mean"
              + " and running_var are such words)");
    }
  }

  private static boolean isStatistic(Parameter.Type type) {
    return type == Parameter.Type.RUNNING_MEAN || type == Parameter.Type.RUNNING_VAR;
  }

  /**
   * Saves a model that {@link #load} gave as a plain TorchScript archive, which Python and DJL
   * load. Batch-norm statistics are buffers again, under their own names.
   *
   * @param model a model from {@link #load}
   * @param file where to; replaced as a whole or not at all
   * @throws IllegalArgumentException if the model is not from {@link #load}
   * @throws IOException if writing fails
   */
  public static void save(Model model, Path file) throws IOException {
    Block block = model.getBlock();
    if (!KNOWN.contains(block)) {
      throw new IllegalArgumentException(
          "model "
              + model.getName()
              + " must come from TorchScriptModels.load to be saved as TorchScript, got a "
              + block.getClass().getSimpleName());
    }
    Path exposed = Files.createTempFile("swag4j-", ".pt");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(exposed))) {
        TorchEngine.write(block, out);
      }
      try (TorchScriptArchive archive = TorchScriptArchive.open(exposed)) {
        AtomicFile.write(file, out -> archive.copy(out, TorchScriptCode::restore, null));
      }
    } finally {
      Files.deleteIfExists(exposed);
    }
  }

  /**
   * Checks that batch normalisation can be seen in a block.
   *
   * @throws IllegalStateException if it is, or has inside, a symbol block that DJL loaded
   */
  static void requireKnown(Block block) {
    if (block instanceof SymbolBlock && !KNOWN.contains(block)) {
      throw new IllegalStateException(
          "batch-norm statistics of a "
              + block.getClass().getSimpleName()
              + " cannot be reached, the engine lists no buffers, and those of other weights would"
              + " be used: load the archive with TorchScriptModels.load, or say withoutBatchNorm() if"
              + " it has no batch normalisation");
    }
    block.getChildren().values().forEach(TorchScriptModels::requireKnown);
  }

  /**
   * Checks that a symbol block's dropout can be active without its batch normalisation.
   *
   * @throws IllegalStateException if DJL loaded it
   */
  static void requireSwitchable(Block block) {
    if (!KNOWN.contains(block)) {
      throw new IllegalStateException(
          "dropout of a "
              + block.getClass().getSimpleName()
              + " cannot be active alone, the engine switches batch normalisation with it: load the"
              + " archive with TorchScriptModels.load");
    }
  }
}
