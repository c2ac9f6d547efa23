package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.cli.config.CommandArguments;
import io.github.swag4j.cli.run.EffectiveConfig;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Options from a file: which are taken, which are refused, and what a run writes of its own. */
class ConfigTest {
  private static final String FOUR_ROWS =
      "cat,dog,label\n0.9,0.1,0\n0.2,0.8,1\n0.6,0.4,1\n0.7,0.3,0\n";

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Cli train(Path config, Path out, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--config", config.toString()));
    words.addAll(List.of("--out", out.toString()));
    words.addAll(List.of(more));
    return Cli.run(words.toArray(String[]::new));
  }

  @Test
  void aRunsOwnConfigurationMakesItAgainBitForBit() throws IOException {
    Path images = Shapes.write(folder.resolve("shapes"), 60, 30);
    Path other = folder.resolve("other, shapes");
    Shapes.split(other, "t10k", 12, 1);
    Path config =
        file(
            "run.yaml",
            String.format(
                Locale.ROOT,
                """
            # Few epochs of few images.
            data: %s
            ood: [%s]
            method: [sgd, swag, ensemble]
            members: 2
            epochs: 4
            swa-start: 2
            rank: 2
            samples: 2
            batch-size: 16
            threads: 1
            seed: 3
            """,
                images,
                '"' + other.toString() + '"'));
    Path first = folder.resolve("first");
    Cli cli = train(config, first, "--epochs", "5", "--no-temperature");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(first.resolve("config.yaml"))
        .content()
        .contains("epochs: 5\n", "method: [sgd, swag, ensemble]\n", "seed: 3\n", "momentum: 0.9\n")
        .contains("no-temperature: true\n")
        .doesNotContain("train-limit", "fge-cycle", "order");
    Path again = folder.resolve("again");
    cli = train(first.resolve("config.yaml"), again);
    assertThat(cli.code()).as(cli.err()).isZero();
    for (String name :
        List.of(
            "config.yaml",
            "checkpoints/sgd.safetensors",
            "posterior.safetensors",
            "members/2/sgd.safetensors",
            "metrics.json",
            "predictions/swag-shapes.npz",
            "predictions/swag-other, shapes.npz")) {
      assertThat(again.resolve(name)).hasSameBinaryContentAs(first.resolve(name));
    }
  }

  /** Also of options that few runs have: what is written comes to the same settings. */
  @Test
  void whatIsWrittenIsReadAsTheSameSettings() throws IOException {
    List<String> words =
        List.of(
            ("--data=a,b:#c --data-dir=/x --ood=mnist --ood=kmnist --ood-dir=/y --model=mlp"
                    + " --scaling=0.1,1e-4 --augment=flip,crop --resize=8x8 --channels=3"
                    + " --epochs=30 --swa-start=9 --batch-size=7 --learning-rate=1e-7"
                    + " --momentum=0.5 --weight-decay=0 --rank=0 --samples=3 --scale=0.25"
                    + " --train-limit=90 --validation=8 --batch-norm-rows=11 --members=4"
                    + " --method=sgd,multiswag,fge,dropout --dropout=0.2 --fge-cycle=4 --seed=-5"
                    + " --threads=2 --layout=nchw --swa-learning-rate=0.3")
                .split(" "));
    RunConfig config = TrainCommand.config(words, Map.of());
    Path written = folder.resolve("config.yaml");
    EffectiveConfig.of(config).write(written);
    CommandArguments read =
        CommandArguments.of(
            CommandArguments.read(written),
            new CommandLine(new TrainCommand()).getCommandSpec(),
            List.of(),
            Nearest::hint);
    assertThat(TrainCommand.config(read.words(), read.places())).isEqualTo(config);
  }

  @Test
  void theQuickstartsConfigurationIsOneOfTrain() {
    String yaml = EffectiveConfig.of(QuickstartCommand.config(7, 2)).yaml();
    assertThat(yaml)
        .contains("data: quickstart\n", "model: mlp\n", "weight-decay: 0.002\n", "threads: 2\n")
        .contains("ood: [quickstart-ood]");
  }

  @Test
  void whatTheCommandLineSaysGoesBefore() throws IOException {
    String rows = file("four.csv", FOUR_ROWS).toString();
    String config = file("c.yaml", "bins: 10\njson: true\nquiet: true\n").toString();
    assertThat(Cli.run("evaluate", rows, "--config", config).out()).contains("\"bins\":10");
    assertThat(Cli.run("evaluate", "--config=" + config, rows).err()).isEmpty();
    assertThat(Cli.run("--config", config, "evaluate", "--bins", "5", rows).out())
        .contains("\"bins\":5");
  }

  @Test
  void anOptionInThePlaceOfAnotherTakesIt() throws IOException {
    Path config = file("c.yaml", "data: nowhere\nseed: 3\n");
    Cli cli = train(config, folder.resolve("out"), "--seeds", "1,1");
    assertThat(cli.err()).contains("--seeds must be two different seeds at least");
    Cli both = train(file("d.yaml", "data: nowhere\nseed: 3\nseeds: [1, 2]\n"), folder);
    assertThat(both.err()).contains("--seeds excludes --seed (--seeds: ", "d.yaml:3)");
    Path fit = file("fit.csv", FOUR_ROWS);
    Path stored = file("e.yaml", "method: temperature\n");
    Cli applied =
        Cli.run(
            "calibrate",
            "--config",
            stored.toString(),
            "--map",
            folder.resolve("none.json").toString(),
            "--apply",
            fit.toString(),
            "-o",
            folder.resolve("o.csv").toString());
    assertThat(applied.err()).doesNotContain("mutually exclusive");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epoch: 3 | 1: train has no option 'epoch': did you mean epochs?",
        "swa_start: 3 | 1: train has no option 'swa_start': did you mean swa-start?",
        "epochs: ten | 1: epochs must be a whole number, got 'ten'",
        "epochs: 1e2 | 1: epochs must be a whole number, got '1e2'",
        "epochs: [3] | 1: epochs must be a whole number, got a list",
        "epochs: {at: 3} | 1: epochs must be a whole number, got keys with values of their own",
        "momentum: high | 1: momentum must be a number, got 'high'",
        "momentum: .nan | 1: momentum must be a number, got '.nan'",
        "from-trained: yes | 1: from-trained must be true or false, got 'yes'",
        "'method: [sgd, \"swa,swag\"]' | 1: an item of method must have no comma",
        "'seeds: [1, two]' | 1: seeds must be a whole number, got 'two'",
        "method: [] | 1: method must have one item at least: leave the key out for its default",
        "epochs: | 1: a value is missing: write one, or leave the key out for its default",
        "config: other.yaml | 1: train has no option 'config'",
        "help: true | 1: train has no option 'help'",
        "'epochs: [' | 2: must be YAML: ",
        "data | 1: must be 'key: value' lines, got 'data'",
        "!!javax.script.ScriptEngineManager [] | 1: must be 'key: value' lines, got a list",
      })
  void whatTheCommandCannotDoIsRefusedWithItsLine(String yaml, String message) throws IOException {
    Path config = file("c.yaml", yaml + "\n");
    Cli cli = train(config, folder.resolve("out"), "--data", "quickstart");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).startsWith("swag4j: " + config + ":" + message);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aCommandInAFileOfWordsTakesAConfiguration() throws IOException {
    Path rows = file("four.csv", FOUR_ROWS);
    Path config = file("c.yaml", "bins: 10\njson: true\n");
    Path words = file("words.txt", "evaluate\n" + rows + "\n--config\n" + config + "\n");
    Cli cli = Cli.run("@" + words);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("\"bins\":10");
  }

  @Test
  void aKeyIsThereOnce() throws IOException {
    Path config = file("c.yaml", "data: quickstart\nepochs: 3\nepochs: 4\n");
    assertThat(train(config, folder.resolve("out")).err())
        .startsWith("swag4j: " + config + ":3: 'epochs' is there already, in line 2");
  }

  @Test
  void aValueOutOfItsRangeIsRefusedWithItsLine() throws IOException {
    Path config = file("c.yaml", "data: quickstart\n\nepochs: 2\n");
    Cli cli = train(config, folder.resolve("out"));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .contains("--epochs must be at least 3, got 2 (--epochs: " + config + ":3)");
  }

  @Test
  void propertiesSayTheSameAndRepeatAKeyForAList() throws IOException {
    String rows = file("four.csv", "a,cat,b,dog,label\n0,0.9,1,0.1,0\n2,0.2,3,0.8,1\n").toString();
    String config =
        file(
                "c.properties",
                "! columns\nbins = \\\n  7\njson=true\nignore-columns=a\nignore-columns=\\u0062\n")
            .toString();
    Cli cli = Cli.run("evaluate", rows, "--config", config);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("\"bins\":7").contains("\"cat\"");
    Path twice = file("d.properties", "# x\n\nbins=7\nbins=8\n");
    assertThat(Cli.run("evaluate", rows, "--config", twice.toString()).err())
        .startsWith("swag4j: " + twice + ":3: bins must be a whole number, got a list");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    assertThat(train(file("c.toml", ""), folder).err()).contains("must be called .yaml");
    assertThat(train(folder.resolve("no.yaml"), folder).err()).contains("no.yaml: no such file");
    Path bytes = Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0xff});
    assertThat(train(bytes, folder).err()).contains("b.yaml: must be UTF-8 text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart",
        "train",
        "predict",
        "evaluate",
        "compare",
        "abstain",
        "conformal",
        "calibrate",
        "ood",
        "monitor",
        "average",
        "info"
      })
  void everyCommandTakesAConfiguration(String command) throws IOException {
    Path config = file("c.yaml", "nonsense: 1\n");
    Cli cli = Cli.run(command, "--config", config.toString());
    assertThat(cli.err())
        .startsWith("swag4j: " + config + ":1: " + command + " has no option 'nonsense'");
    assertThat(CommandArguments.OPTION).isEqualTo("--config");
    assertThat(Cli.run(command, "--help").out()).contains("--config=FILE");
  }
}
