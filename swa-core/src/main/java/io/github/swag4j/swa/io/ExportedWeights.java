package io.github.swag4j.swa.io;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.base.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weights of a {@code .pt2} archive of {@code torch.export.save}: a JSON text names each, with
 * its type, shape and strides, and the entry that holds its bytes. All parameters come before all
 * buffers.
 */
final class ExportedWeights {

  /** End of the names of the JSON texts, one for each model in the archive. */
  static final String CONFIG = "_weights_config.json";

  private static final String FOLDER = "data/weights/";
  private static final int MAX_CONFIG_BYTES = 1 << 26;

  /** Numbers of the types in torch._export.serde.schema.ScalarType. */
  private static final Map<Integer, TensorType> TYPES =
      Map.ofEntries(
          Map.entry(1, TensorType.U8),
          Map.entry(2, TensorType.I8),
          Map.entry(3, TensorType.I16),
          Map.entry(4, TensorType.I32),
          Map.entry(5, TensorType.I64),
          Map.entry(6, TensorType.F16),
          Map.entry(7, TensorType.F32),
          Map.entry(8, TensorType.F64),
          Map.entry(10, TensorType.C64),
          Map.entry(12, TensorType.BOOL),
          Map.entry(13, TensorType.BF16),
          Map.entry(28, TensorType.U16),
          Map.entry(29, TensorType.F8_E4M3),
          Map.entry(30, TensorType.F8_E5M2));

  /** torch._export.serde.schema.Layout.Strided. */
  private static final int STRIDED = 7;

  private ExportedWeights() {}

  static TorchArchive.Contents read(StoredZip zip, String root, Optional<String> key)
      throws IOException {
    String config = config(zip, root + FOLDER, key);
    ByteBuffer text = ByteBuffer.wrap(zip.bytes(config, MAX_CONFIG_BYTES));
    Map<String, TensorView> views = new LinkedHashMap<>();
    Map<String, Long> starts = new HashMap<>();
    String at = "config";
    try {
      JsonObject weights = JsonObject.parseOmittingNulls(text).object(at);
      for (String name : weights.names()) {
        at = name;
        JsonObject weight = weights.object(name);
        String entry = weight.string("path_name");
        if (weight.truth("use_pickle")) {
          throw new WeightFormatException(
              zip.file(),
              "tensor " + at + " is pickled, it must be plain: save the state dict instead");
        }
        TensorView view = view(entry, zip.size(root + FOLDER + entry), weight);
        views.put(at, view);
        if (!starts.containsKey(entry)) {
          zip.verify(root + FOLDER + entry);
          starts.put(entry, zip.start(root + FOLDER + entry));
        }
      }
    } catch (WeightFormatException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new WeightFormatException(
          zip.file(),
          config + " is not as torch.export writes it at " + at + ": " + e.getMessage());
    }
    if (views.isEmpty()) {
      throw new WeightFormatException(zip.file(), "has no tensors");
    }
    return new TorchArchive.Contents("torch.export archive", false, views, starts);
  }

  private static String config(StoredZip zip, String folder, Optional<String> key)
      throws WeightFormatException {
    List<String> models =
        zip.names().stream()
            .filter(name -> name.startsWith(folder) && name.endsWith(CONFIG))
            .map(name -> name.substring(folder.length(), name.length() - CONFIG.length()))
            .sorted()
            .toList();
    String model = key.orElse(models.size() == 1 ? models.get(0) : "");
    if (!models.contains(model)) {
      throw new WeightFormatException(
          zip.file(),
          Refusal.of("holds the weights of models " + models + ": ", WeightFileRemedy.WHICH_KEY));
    }
    return folder + model + CONFIG;
  }

  private static TensorView view(String entry, long bytes, JsonObject weight) {
    JsonObject tensor = weight.object("tensor_meta");
    int number = (int) tensor.integer("dtype", 0, Integer.MAX_VALUE);
    TensorType type = TYPES.get(number);
    if (type == null) {
      throw new IllegalArgumentException("type " + number + " is not known");
    }
    tensor.integer("layout", STRIDED, STRIDED);
    return new TensorView(
        new TensorView.Storage(entry, bytes),
        type,
        integer(tensor.object("storage_offset")),
        tensor.objects("sizes").stream().map(ExportedWeights::integer).toList(),
        tensor.objects("strides").stream().map(ExportedWeights::integer).toList());
  }

  private static long integer(JsonObject value) {
    return value.integer("as_int", Long.MIN_VALUE, Long.MAX_VALUE);
  }
}
