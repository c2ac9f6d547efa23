package io.github.swag4j.swa.io;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Files made by {@code src/test/python/make_torch_files.py}, and what they hold. */
public final class TorchGolden {
  private static final JsonObject EXPECTED = expected();

  private TorchGolden() {}

  public static Path file(String name) {
    try {
      return Path.of(TorchGolden.class.getResource("torch/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Type, shape and values of each tensor of a file. */
  public static Map<String, JsonElement> tensors(String name) {
    return EXPECTED.getAsJsonObject("files").getAsJsonObject(name).asMap();
  }

  /** PyTorch's and exact averages of the files epoch-0 to epoch-3. */
  public static JsonObject averages() {
    return EXPECTED.getAsJsonObject("averages");
  }

  public static double[] doubles(JsonElement array) {
    JsonArray values = array.getAsJsonArray();
    double[] doubles = new double[values.size()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values.get(i).getAsDouble();
    }
    return doubles;
  }

  /** All bytes of a tensor, read in pieces of a few values. */
  public static ByteBuffer bytes(TensorFile file, String name, int piece) throws IOException {
    StoredTensor tensor = file.entries().get(name);
    int width = tensor.type().bytes();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensor.byteSize())).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = 0; at < tensor.size(); at += piece) {
      int count = (int) Math.min(piece, tensor.size() - at);
      ByteBuffer part = ByteBuffer.allocate(count * width).order(ByteOrder.LITTLE_ENDIAN);
      file.read(tensor, at, part);
      bytes.put(part.flip());
    }
    return bytes.flip();
  }

  /** Values of a tensor; 64-bit integers as longs. */
  public static List<Number> values(TensorFile file, String name, int piece) throws IOException {
    StoredTensor tensor = file.entries().get(name);
    ByteBuffer bytes = bytes(file, name, piece);
    List<Number> values = new ArrayList<>();
    while (bytes.hasRemaining()) {
      values.add(
          switch (tensor.type()) {
            case F64 -> bytes.getDouble();
            case F32 -> (double) bytes.getFloat();
            case BF16 -> (double) Float.intBitsToFloat(bytes.getShort() << 16);
            case F16 -> half(bytes.getShort());
            case I64 -> bytes.getLong();
            case I32 -> (long) bytes.getInt();
            case I16 -> (long) bytes.getShort();
            case U16 -> (long) (bytes.getShort() & 0xffff);
            case I8 -> (long) bytes.get();
            case U8, BOOL -> (long) (bytes.get() & 0xff);
            case F8_E4M3 -> eight(bytes.get());
            default -> throw new IllegalStateException(tensor.toString());
          });
    }
    return values;
  }

  /** By the definition, digit by digit. */
  private static double half(short bits) {
    int exponent = bits >> 10 & 31;
    double fraction = (bits & 1023) / 1024.0;
    double size =
        exponent == 0 ? fraction * Math.pow(2, -14) : (1 + fraction) * Math.pow(2, exponent - 15);
    return bits < 0 ? -size : size;
  }

  private static double eight(byte bits) {
    int exponent = bits >> 3 & 15;
    double fraction = (bits & 7) / 8.0;
    double size =
        exponent == 0 ? fraction * Math.pow(2, -6) : (1 + fraction) * Math.pow(2, exponent - 7);
    return bits < 0 ? -size : size;
  }

  private static JsonObject expected() {
    try (Reader reader =
        new InputStreamReader(
            TorchGolden.class.getResourceAsStream("torch/expected.json"), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
