package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardedFileTest {
  private static final String A = "'half':'model-a.safetensors','weight':'model-a.safetensors'";
  private static final String B =
      "'brain':'model-b.safetensors','double':'model-b.safetensors','index':'model-b.safetensors',"
          + "'bn.num_batches_tracked':'model-b.safetensors'";

  @TempDir private Path folder;

  @BeforeEach
  void copyShards() throws IOException {
    for (String shard : new String[] {"model-a.safetensors", "model-b.safetensors"}) {
      Files.copy(TorchGolden.file("sharded/" + shard), folder.resolve(shard));
    }
  }

  private Path index(String json) throws IOException {
    return Files.writeString(folder.resolve("m.index.json"), json.replace('\'', '"'));
  }

  @Test
  void aSetHasTheTensorsOfAllItsFiles() throws IOException {
    try (TensorFile set = WeightFiles.open(index("{'weight_map':{" + A + "," + B + "}}"));
        TensorFile whole = WeightFiles.open(TorchGolden.file("epoch-0.safetensors"))) {
      assertThat(set.entries()).isEqualTo(whole.entries());
      assertThat(set.format()).isEqualTo("safetensors in 2 files");
      for (String name : whole.entries().keySet()) {
        assertThat(TorchGolden.bytes(set, name, 4)).isEqualTo(TorchGolden.bytes(whole, name, 4));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'weight_map':{A}} | ",
        "{'weight_map':{A,'more':'model-b.safetensors'}} | has tensor more, which it has not",
        "{'weight_map':{'half':'model-a.safetensors'}} | does not name: [weight]",
        "{'weight_map':{A,'x':'model-c.safetensors'}} | names model-c.safetensors, which is not",
        "{'weight_map':{'x':'../model-a.safetensors'}} | must name files beside the index",
        "{'weight_map':{'x':'..'}} | must name files beside the index",
        "{'weight_map':{'x':''}} | must name files beside the index",
        "{'weight_map':{'x':'m.index.json'}} | m.index.json: header length at byte 0",
        "{'weight_map':{A},'weight_map':{A}} | name \"weight_map\" given twice",
        "{'weight_map':{A,'half':'model-a.safetensors'}} | name \"half\" given twice",
        "{'weight_map':{}} | must be an index of weights",
        "{'weight_map':[]} | must be an index of weights",
        "{'weight_map':{A} | must be an index of weights",
        "{'a':1} | must be an index of weights",
      })
  void anIndexThatDisagreesWithItsFilesIsRefused(String json, String reason) throws IOException {
    Path index = index(json.replace("A", A));
    if (reason == null) {
      WeightFiles.open(index).close();
      return;
    }
    assertThatThrownBy(() -> WeightFiles.open(index))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aFolderWithoutAnIndexIsRefused() {
    assertThatThrownBy(() -> WeightFiles.open(folder))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("is a folder without model.safetensors.index.json");
  }
}
