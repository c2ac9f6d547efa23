package io.github.swag4j.swa.io;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.MalformedJsonException;
import io.github.swag4j.base.Refusal;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
    String text = new String(zip.bytes(config, MAX_CONFIG_BYTES), StandardCharsets.UTF_8);
    Map<String, TensorView> views = new LinkedHashMap<>();
    Map<String, Long> starts = new HashMap<>();
    String at = "config";
    try {
      for (Map.Entry<String, JsonElement> e : parse(text).getAsJsonObject(at).entrySet()) {
        at = e.getKey();
        JsonObject weight = e.getValue().getAsJsonObject();
        String entry = weight.get("path_name").getAsString();
        if (weight.get("use_pickle").getAsBoolean()) {
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
    } catch (MalformedJsonException | EOFException | RuntimeException e) {
      throw new WeightFormatException(
          zip.file(), config + " is not as torch.export writes it at " + at + ": " + first(e));
    }
    if (views.isEmpty()) {
      throw new WeightFormatException(zip.file(), "has no tensors");
    }
    return new TorchArchive.Contents("torch.export archive", false, views, starts);
  }

  private static String first(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
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

  private static JsonObject parse(String text) throws IOException {
    JsonReader json = new JsonReader(new StringReader(text));
    json.setStrictness(Strictness.STRICT);
    TypeAdapter<JsonElement> elements = new Gson().getAdapter(JsonElement.class);
    return elements.read(json).getAsJsonObject();
  }

  private static TensorView view(String entry, long bytes, JsonObject weight) {
    JsonObject tensor = weight.getAsJsonObject("tensor_meta");
    TensorType type = TYPES.get(tensor.get("dtype").getAsInt());
    if (type == null) {
      throw new IllegalArgumentException("type " + tensor.get("dtype") + " is not known");
    }
    if (tensor.get("layout").getAsInt() != STRIDED) {
      throw new IllegalArgumentException("the tensor must be dense");
    }
    return new TensorView(
        new TensorView.Storage(entry, bytes),
        type,
        integer(tensor.get("storage_offset")),
        integers(tensor, "sizes"),
        integers(tensor, "strides"));
  }

  private static List<Long> integers(JsonObject tensor, String name) {
    List<Long> integers = new ArrayList<>();
    tensor.getAsJsonArray(name).forEach(e -> integers.add(integer(e)));
    return integers;
  }

  private static long integer(JsonElement element) {
    return element.getAsJsonObject().get("as_int").getAsLong();
  }
}
