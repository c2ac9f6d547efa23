package io.github.swag4j.swa.io;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A set of files with an index, as Hugging Face's libraries write large models: {@code weight_map}
 * names the file of each tensor, beside the index. Index and files must agree in every name.
 */
final class ShardedFile implements TensorFile {
  private static final long MAX_INDEX_BYTES = 100_000_000;

  private final Path index;
  private final Map<String, TensorFile> shards = new LinkedHashMap<>();
  private final Map<String, TensorFile> shardOf = new LinkedHashMap<>();
  private final Map<String, StoredTensor> entries = new LinkedHashMap<>();

  private ShardedFile(Path index) {
    this.index = index;
  }

  static ShardedFile open(Path index) throws IOException {
    Map<String, String> map = readIndex(index);
    ShardedFile opened = new ShardedFile(index);
    try {
      opened.openShards(map);
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void openShards(Map<String, String> map) throws IOException {
    for (Map.Entry<String, String> e : map.entrySet()) {
      String name = e.getValue();
      requireBeside(name);
      if (!shards.containsKey(name)) {
        Path file = index.resolveSibling(name);
        if (!Files.exists(file)) {
          throw new WeightFormatException(
              index, "names " + name + ", which is not beside it: fetch all files of the set");
        }
        shards.put(name, WeightFiles.openSingle(file, Optional.empty()));
      }
      StoredTensor tensor = shards.get(name).entries().get(e.getKey());
      if (tensor == null) {
        throw new WeightFormatException(
            index, "says that " + name + " has tensor " + e.getKey() + ", which it has not");
      }
      entries.put(e.getKey(), tensor);
      shardOf.put(e.getKey(), shards.get(name));
    }
    for (TensorFile shard : shards.values()) {
      TreeSet<String> unknown = new TreeSet<>(shard.entries().keySet());
      unknown.removeIf(name -> shardOf.get(name) == shard);
      if (!unknown.isEmpty()) {
        throw new WeightFormatException(
            shard.file(), "has tensors that " + index.getFileName() + " does not name: " + unknown);
      }
    }
  }

  /** A name only: an index must not reach other folders. */
  private void requireBeside(String name) throws WeightFormatException {
    boolean beside;
    try {
      Path path = Path.of(name);
      beside = path.equals(path.getFileName()) && !name.isEmpty() && !name.startsWith("..");
    } catch (InvalidPathException e) {
      beside = false;
    }
    if (!beside) {
      throw new WeightFormatException(
          index, "weight_map must name files beside the index, got " + name);
    }
  }

  private static Map<String, String> readIndex(Path index) throws IOException {
    if (Files.size(index) > MAX_INDEX_BYTES) {
      throw new WeightFormatException(
          index, "an index must have at most " + MAX_INDEX_BYTES + " bytes: it is something else");
    }
    Map<String, String> map = new LinkedHashMap<>();
    try {
      JsonSource json = JsonSource.of(ByteBuffer.wrap(Files.readAllBytes(index)));
      json.beginObject();
      while (json.hasNext()) {
        if (!json.name().equals("weight_map")) {
          json.skip();
          continue;
        }
        json.beginObject();
        while (json.hasNext()) {
          map.put(json.name(), json.string());
        }
        json.endObject();
      }
      json.endObject();
      json.end();
    } catch (JsonException e) {
      throw new WeightFormatException(
          index,
          "must be an index of weights, a JSON object with \"weight_map\": " + e.getMessage());
    }
    if (map.isEmpty()) {
      throw new WeightFormatException(
          index, "must be an index of weights, a JSON object with a \"weight_map\" of tensors");
    }
    return map;
  }

  @Override
  public Path file() {
    return index;
  }

  @Override
  public List<Path> files() {
    List<Path> files = new ArrayList<>(List.of(index));
    shards.values().forEach(shard -> files.add(shard.file()));
    return files;
  }

  @Override
  public String format() {
    return shards.values().iterator().next().format() + " in " + shards.size() + " files";
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public Map<String, StoredTensor> entries() {
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public boolean keepsOrder() {
    return false;
  }

  @Override
  public void read(StoredTensor tensor, long first, ByteBuffer into) throws IOException {
    shardOf.get(tensor.name()).read(tensor, first, into);
  }

  @Override
  public void close() throws IOException {
    IOException failed = null;
    for (TensorFile shard : shards.values()) {
      try {
        shard.close();
      } catch (IOException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
