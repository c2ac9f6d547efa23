package io.github.swag4j.benchmarks;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.StreamedSketch;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Our reader of CSV files beside well-kept ones, on the same work: the calibration sketch of a file
 * of ten classes and labels, in a heap of 32 MB, each reading in a process of its own, by turns.
 * The others are read as fast as their interfaces allow, numbers from their characters without a
 * string where they give these, and add the same blocks of rows to the same sketch. The results
 * must be the same bits.
 *
 * <p>Prints, for each reader, the least and the median time of the rounds from the start of the
 * process to its end, the ratio of its median to ours, its largest resident memory and the size of
 * the libraries that it needs. The environment variable ROWS has the number of rows, two million
 * unless told otherwise, ROUNDS how often each reads.
 */
public final class CsvReaderBenchmark {
  private static final int DEFAULT_ROWS = 2_000_000;
  private static final int DEFAULT_ROUNDS = 3;
  private static final String HEAP = "-Xmx32m";
  private static final String ONE_THREAD =
      "-Djava.util.concurrent.ForkJoinPool.common.parallelism=0";

  /** Something that reads a file into a sketch. */
  private enum Reader {
    OURS("ours, all cores", "") {
      @Override
      CalibrationSketch read(Path file) throws IOException {
        return StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO);
      }
    },
    OURS_ONE("ours, one thread", "") {
      @Override
      CalibrationSketch read(Path file) throws IOException {
        return OURS.read(file);
      }
    },
    FASTCSV_PARTS("FastCSV, all cores on parts cut at line ends", "fastcsv") {
      @Override
      CalibrationSketch read(Path file) throws IOException {
        return CsvPeers.fastCsvInParts(file);
      }
    },
    FASTCSV("FastCSV, one thread", "fastcsv") {
      @Override
      CalibrationSketch read(Path file) throws IOException {
        return CsvPeers.fastCsv(file);
      }
    },
    UNIVOCITY("univocity, one thread", "univocity-parsers") {
      @Override
      CalibrationSketch read(Path file) throws IOException {
        return CsvPeers.univocity(file);
      }
    },
    JACKSON("Jackson CSV, one thread", "jackson-") {
      @Override
      CalibrationSketch read(Path file) throws IOException {
        return CsvPeers.jackson(file);
      }
    };

    private final String words;

    /** How the names of the library's files begin; empty for ours. */
    private final String library;

    Reader(String words, String library) {
      this.words = words;
      this.library = library;
    }

    abstract CalibrationSketch read(Path file) throws IOException;

    /** Bytes of the libraries on the class path that this reader is made of. */
    long libraryBytes() {
      long bytes = 0;
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        File jar = new File(entry);
        if (!library.isEmpty() && jar.getName().startsWith(library)) {
          bytes += jar.length();
        }
      }
      return bytes;
    }
  }

  /** What a process that reads says of itself. */
  private record Reading(
      double milliseconds, double processorMilliseconds, long residentKilobytes, String result) {}

  private CsvReaderBenchmark() {}

  /**
   * Measures all readers, or reads once.
   *
   * @param args none to measure; a reader's name and a file to read it
   * @throws IOException if a file or a process fails
   * @throws InterruptedException if interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 2) {
      readOnce(Reader.valueOf(args[0]), Path.of(args[1]));
      return;
    }
    int rows = number("ROWS", DEFAULT_ROWS);
    int rounds = number("ROUNDS", DEFAULT_ROUNDS);
    Path file = Files.createTempFile("csv-reader", ".csv");
    try {
      EvaluateCsvBenchmark.write(file, rows);
      System.out.printf(Locale.ROOT, "# %,d rows, %,d bytes%n", rows, Files.size(file));
      Map<Reader, List<Reading>> readings = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (Reader reader : Reader.values()) {
          readings.computeIfAbsent(reader, r -> new ArrayList<>()).add(process(reader, file));
        }
      }
      print(readings);
    } finally {
      Files.delete(file);
    }
  }

  private static int number(String variable, int otherwise) {
    String given = System.getenv(variable);
    return given == null ? otherwise : Integer.parseInt(given);
  }

  /** Reads in this process, and prints its largest memory and the sketch. */
  private static void readOnce(Reader reader, Path file) throws IOException {
    CalibrationSketch sketch = reader.read(file);
    String resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .findFirst()
            .orElse("VmHWM: 0 kB")
            .replaceAll("\\D", "");
    long processor =
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    System.out.println(
        processor + " " + resident + " " + java.util.Arrays.hashCode(sketch.toBytes()));
  }

  private static Reading process(Reader reader, Path file)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(HEAP);
    if (reader == Reader.OURS_ONE) {
      command.add(ONE_THREAD);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(CsvReaderBenchmark.class.getName(), reader.name(), file.toString()));
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      said = String.valueOf(out.readLine());
    }
    int code = process.waitFor();
    double time = (System.nanoTime() - start) / 1e6;
    String[] words = said.split(" ", -1);
    if (code != 0 || words.length != 3) {
      throw new IOException(reader.words + " ended with " + code + ": " + said);
    }
    return new Reading(time, Long.parseLong(words[0]) / 1e6, Long.parseLong(words[1]), words[2]);
  }

  private static void print(Map<Reader, List<Reading>> readings) throws IOException {
    List<Reading> ours = readings.get(Reader.OURS);
    System.out.println(
        "# least and median time of a process, its ratio to ours; median processor time, its ratio"
            + " to ours; largest resident memory; libraries");
    for (Map.Entry<Reader, List<Reading>> e : readings.entrySet()) {
      for (Reading reading : e.getValue()) {
        if (!reading.result().equals(ours.get(0).result())) {
          throw new IOException(e.getKey().words + " came to another sketch than ours");
        }
      }
      double wall = median(e.getValue(), Reading::milliseconds);
      double processor = median(e.getValue(), Reading::processorMilliseconds);
      System.out.printf(
          Locale.ROOT,
          "# %-46s %7.0f ms %7.0f ms %5.2f | %7.0f ms %5.2f | %4d MB | %5d KB%n",
          e.getKey().words,
          e.getValue().stream().mapToDouble(Reading::milliseconds).min().orElseThrow(),
          wall,
          wall / median(ours, Reading::milliseconds),
          processor,
          processor / median(ours, Reading::processorMilliseconds),
          e.getValue().stream().mapToLong(Reading::residentKilobytes).max().orElseThrow() >> 10,
          e.getKey().libraryBytes() >> 10);
    }
    ours.forEach(r -> System.out.printf(Locale.ROOT, "%.3f%n", r.milliseconds()));
  }

  private static double median(List<Reading> readings, ToDoubleFunction<Reading> of) {
    double[] times = readings.stream().mapToDouble(of).sorted().toArray();
    int middle = times.length / 2;
    return times.length % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
  }
}
