package io.github.swag4j.cli.config;

import io.github.swag4j.cli.config.ConfigValue.Items;
import io.github.swag4j.cli.config.ConfigValue.Keys;
import io.github.swag4j.cli.config.ConfigValue.Place;
import io.github.swag4j.cli.config.ConfigValue.Word;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML 1.2 file as places and words: nodes are composed and no object is constructed, whatever
 * the tags in the file say.
 *
 * @see <a href="https://yaml.org/spec/1.2.2/">YAML 1.2.2</a>
 */
public final class YamlFile {
  private static final int DEEPEST = 8;

  /** A configuration is written by hand; more is something else. */
  private static final int MOST_CHARACTERS = 1_000_000;

  private final Path file;

  private YamlFile(Path file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @return its keys; none of an empty file
   * @throws io.github.swag4j.cli.run.UsageException if it is not YAML or has no keys; says where
   */
  public static Keys read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": must be UTF-8 text, it has bytes that are none", e);
    }
    return new YamlFile(file).keys(text);
  }

  private Keys keys(String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file.toString()).setCodePointLimit(MOST_CHARACTERS).build();
    Optional<Node> root;
    try {
      root = new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new Place(file, line).refusal("must be YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new Place(file, 1).refusal("must be YAML: " + e.getMessage());
    }
    if (root.isEmpty()) {
      return new Keys(new Place(file, 1), Map.of(), Map.of());
    }
    if (value(root.get(), 0) instanceof Keys keys) {
      return keys;
    }
    throw place(root.get()).refusal("must be 'key: value' lines, got " + value(root.get(), 0));
  }

  private Place place(Node node) {
    return new Place(file, node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
  }

  private ConfigValue value(Node node, int depth) {
    Place place = place(node);
    if (depth > DEEPEST) {
      throw place.refusal("must not be nested deeper than " + DEEPEST);
    }
    if (node instanceof ScalarNode scalar) {
      if (scalar.getTag().equals(Tag.NULL)) {
        throw place.refusal("a value is missing: write one, or leave the key out for its default");
      }
      return new Word(place, scalar.getValue());
    }
    if (node instanceof SequenceNode sequence) {
      List<ConfigValue> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(value(item, depth + 1));
      }
      return new Items(place, items);
    }
    if (node instanceof org.snakeyaml.engine.v2.nodes.MappingNode mapping) {
      Map<String, ConfigValue> entries = new LinkedHashMap<>();
      Map<String, Place> places = new LinkedHashMap<>();
      for (NodeTuple tuple : mapping.getValue()) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
          throw place(tuple.getKeyNode()).refusal("a key must be a word");
        }
        Place at = place(key);
        if (entries.put(key.getValue(), value(tuple.getValueNode(), depth + 1)) != null) {
          throw at.refusal(
              "'"
                  + key.getValue()
                  + "' is there already, in line "
                  + places.get(key.getValue()).line());
        }
        places.put(key.getValue(), at);
      }
      return new Keys(place, entries, places);
    }
    throw place.refusal("must be a word, a list or keys");
  }
}
