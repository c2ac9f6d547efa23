package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * 10,000 posterior files: cut off, with bytes changed, with headers edited to huge, negative and
 * strange values, or the same in other words. Of formats 2 and 3, with deviations of float32 and of
 * bfloat16, a damaged file is refused or reads as it was written; of format 1, whose header has no
 * checksum, one whose header is damaged may say another thing. What is the same in other words is
 * read. Each file takes less than {@value #MOST_SECONDS} seconds, and no more heap than its size
 * allows, whatever numbers are in it.
 */
class PosteriorFileFuzzTest {
  private static final long MOST_SECONDS = 10;

  /** What a reader takes however small the file is: buffers, digests, messages. */
  private static final long MOST_BYTES = 1 << 20;

  /** What it takes for each byte of the file. */
  private static final long MOST_TIMES = 100;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What could be in a header, to be put in the place of a number, a word or a bracket. */
  private static final List<String> WORDS =
      List.of(
          "0",
          "1",
          "-1",
          "3",
          "512",
          "2147483647",
          "4294967296",
          "9223372036854775807",
          "99999999999999999999",
          "1e308",
          "-0",
          "NaN",
          "Infinity",
          "1e-50",
          "null",
          "true",
          "{}",
          "[]",
          "[4]",
          "[0]",
          "[9223372036854775807,0]",
          "[4294967296,4294967296]",
          "\"\"",
          "\"a\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "F32",
          "F64",
          "BF16",
          "I64",
          "PHILOX",
          "mean/a",
          "variance/a",
          "deviations/a",
          "statistics/s",
          "FINAL_MEAN",
          "LOW_RANK",
          "BOTH",
          "sample_parts",
          "sample_antithetic",
          "WEIGHT",
          "OTHER,OTHER,OTHER",
          "2",
          "0.25");

  /** What somebody could say of where a posterior comes from. */
  private static final List<String> TEXTS =
      List.of(
          "after each epoch past 15",
          "",
          "\"quoted\\\" and\ttabs\n\u0001",
          "d\u00e9j\u00e0 vu \u2713 \ud83d\ude00",
          "x".repeat(300));

  /** A whole file, and what it says. */
  private record Written(
      byte[] bytes,
      int version,
      List<Tensor> tensors,
      SwagPosterior posterior,
      Optional<SampleStatistics> statistics,
      Map<String, String> facts) {}

  /** What came of a file: posterior or refusal, the other is null. */
  private record Outcome(
      PosteriorFile opened, SwagPosterior posterior, IOException refusal, long allocated) {}

  private static Path folder;
  private static List<Written> now;
  private static Written before;
  private static ExecutorService reader;

  @BeforeContainer
  static void write() throws Exception {
    folder = Files.createTempDirectory("posterior-fuzz");
    reader = reader();
    now = new ArrayList<>();
    for (String text : TEXTS) {
      for (SwagPosterior posterior : posteriors()) {
        now.add(written(posterior, text));
      }
    }
    SwagPosterior old =
        Snapshots.posterior(SwagPosterior.Options.defaults().withRank(4), Accumulation.FLOAT32);
    URL file = PosteriorFileFuzzTest.class.getResource("golden/v1/threefry.safetensors");
    before =
        new Written(
            Files.readAllBytes(Path.of(file.toURI())),
            1,
            old.layout().tensors().stream()
                .map(t -> new Tensor(t.name(), Role.OTHER, t.shape()))
                .toList(),
            old,
            Optional.empty(),
            Map.of());
  }

  /** One of each kind of file, in different modes. */
  private static List<SwagPosterior> posteriors() {
    SwagPosterior.Options options = SwagPosterior.Options.defaults().withRank(4);
    DeviationStorage half = DeviationStorage.heap().asBfloat16();
    AveragingPlan plan = AveragingPlan.epochs();
    return List.of(
        Snapshots.posterior().withScale(0.3),
        Snapshots.posterior(new SwagCollector(plan, options, Accumulation.FLOAT32, half))
            .withBlockwise(true)
            .withStochastic(t -> !t.name().equals("b")),
        Snapshots.posterior(
                SwagCollector.withoutVariances(
                    plan, options, Accumulation.COMPENSATED, DeviationStorage.heap()))
            .withAntitheticPairs(true)
            .withScale(0.7),
        Snapshots.posterior(
            SwagCollector.withoutVariances(plan, options, Accumulation.FLOAT32, half)));
  }

  private static Written written(SwagPosterior posterior, String text) throws IOException {
    Path file = folder.resolve("whole.safetensors");
    Provenance provenance = Provenance.unknown().with(Provenance.PLAN, text);
    Optional<SampleStatistics> statistics =
        text.isEmpty() ? Optional.empty() : Optional.of(statistics());
    if (statistics.isPresent()) {
      PosteriorFiles.write(file, posterior, provenance, statistics.get());
    } else {
      PosteriorFiles.write(file, posterior, provenance);
    }
    return new Written(
        Files.readAllBytes(file),
        posterior.hasVariance() ? 2 : 3,
        posterior.layout().tensors(),
        posterior,
        statistics,
        provenance.facts());
  }

  private static SampleStatistics statistics() {
    WeightLayout layout =
        WeightLayout.of(
            List.of(
                new Tensor("s", Role.RUNNING_MEAN, List.of(2L)),
                new Tensor("v", Role.RUNNING_VARIANCE, List.of(2L))));
    Weights one = Weights.of(layout, new float[] {1, -2}, new float[] {3, 0});
    return new SampleStatistics(7, 0, List.of(one, one));
  }

  @AfterContainer
  static void delete() throws IOException {
    reader.shutdownNow();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** All equally often: small seeds would come again and again. */
  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs().withDistribution(RandomDistribution.uniform());
  }

  @Property(tries = 7500, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void aDamagedFileIsRefusedOrReadsAsItWasWritten(@ForAll("seeds") long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Written written = now.get(random.nextInt(now.size()));
    Path file = put(damaged(written.bytes(), random));
    Outcome got = readSoonInLittleMemory(file);
    if (got.refusal() == null) {
      requireAsWritten(got, written);
    } else {
      requireWords(got.refusal(), file);
    }
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void aDamagedFileOfFormat1IsReadOrRefused(@ForAll("seeds") long seed) throws Exception {
    byte[] bytes = damaged(before.bytes(), new SplittableRandom(seed));
    Path file = put(bytes);
    Outcome got = readSoonInLittleMemory(file);
    if (got.refusal() != null) {
      requireWords(got.refusal(), file);
      return;
    }
    if (header(before.bytes()).equals(header(bytes))) {
      // Data and their length have a checksum in format 1, too.
      requireAsWritten(got, before);
    }
    SwagPosterior read = got.posterior();
    assertThat(read.sample(7, 5).layout()).isEqualTo(read.layout());
    for (int t = 0; t < read.layout().tensors().size(); t++) {
      for (float value : read.variance().toArray(t)) {
        assertThat(value).isGreaterThanOrEqualTo(read.options().varianceFloor());
      }
    }
  }

  /** Free text, letters by their numbers, white space between words, or nothing at all is other. */
  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void aFileThatSaysTheSameInOtherWordsIsRead(@ForAll("seeds") long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Written written = random.nextInt(5) == 0 ? before : now.get(random.nextInt(now.size()));
    byte[] bytes = written.bytes();
    if (written.version() == 1 && random.nextBoolean()) {
      String formula = "scale * (diag(variance) + D D^T / (columns - 1))";
      assertThat(header(bytes)).contains(formula);
      bytes = withHeader(bytes, header(bytes).replace(formula, "words " + random.nextLong()));
    }
    Path file = put(random.nextInt(4) == 0 ? bytes : respelt(bytes, random));
    Outcome got = readSoonInLittleMemory(file);
    if (got.refusal() != null) {
      fail("must be read", got.refusal());
    }
    requireAsWritten(got, written);
  }

  private static void requireAsWritten(Outcome got, Written written) throws IOException {
    SwagPosterior read = got.posterior();
    SwagPosterior expected = written.posterior();
    assertThat(got.opened().version()).isEqualTo(written.version());
    assertThat(read.layout().tensors()).isEqualTo(written.tensors());
    assertThat(read.mean()).isEqualTo(expected.mean());
    assertThat(read.hasVariance()).isEqualTo(expected.hasVariance());
    if (expected.hasVariance()) {
      assertThat(read.variance()).isEqualTo(expected.variance());
    }
    assertThat(read.deviations()).isEqualTo(expected.deviations());
    assertThat(StoredMoments.areBfloat16(read)).isEqualTo(StoredMoments.areBfloat16(expected));
    assertThat(read.scale()).isEqualTo(expected.scale());
    assertThat(read.count()).isEqualTo(8);
    assertThat(read.options()).isEqualTo(expected.options());
    assertThat(read.sampler()).isEqualTo(expected.sampler());
    assertThat(read.mode()).isEqualTo(expected.mode());
    assertThat(got.opened().statistics()).isEqualTo(written.statistics());
    assertThat(got.opened().provenance().facts()).isEqualTo(written.facts());
  }

  private static void requireWords(IOException refused, Path file) {
    if (!String.valueOf(refused.getMessage()).startsWith(file + ": ")) {
      fail("must name the file and what is wrong, got " + refused);
    }
  }

  private static Path put(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("changed.safetensors"), bytes);
  }

  private static Outcome readSoonInLittleMemory(Path file)
      throws IOException, InterruptedException {
    long most = MOST_BYTES + MOST_TIMES * Files.size(file);
    Outcome got = readSoon(file);
    if (got.allocated() > most) {
      // Code that runs for the first time is linked, which takes memory once.
      got = readSoon(file);
    }
    assertThat(got.allocated())
        .as("bytes allocated for a file of %d", Files.size(file))
        .isLessThanOrEqualTo(most);
    return got;
  }

  private static Outcome readSoon(Path file) throws InterruptedException {
    Future<Outcome> reading = reader.submit(() -> read(file));
    try {
      return reading.get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      reader.shutdownNow();
      reader = reader();
      throw new AssertionError("must be read or refused in " + MOST_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw new AssertionError("must be read, or refused by an IOException", e.getCause());
    }
  }

  /** A thread that can be given up where a file is read for ever. */
  private static ExecutorService reader() {
    return Executors.newSingleThreadExecutor(
        work -> {
          Thread thread = new Thread(work, "posterior-fuzz");
          thread.setDaemon(true);
          return thread;
        });
  }

  private static Outcome read(Path file) {
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    PosteriorFile opened = null;
    SwagPosterior posterior = null;
    IOException refusal = null;
    try {
      opened = PosteriorFiles.open(file).verify();
      posterior = opened.posterior();
    } catch (IOException e) {
      refusal = e;
    }
    return new Outcome(
        opened, posterior, refusal, THREADS.getCurrentThreadAllocatedBytes() - allocated);
  }

  private static byte[] damaged(byte[] whole, SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(whole, random.nextInt(whole.length));
      case 1 -> flipped(whole, random);
      case 2 -> edited(whole, random);
      default -> edited(edited(flipped(whole, random), random), random);
    };
  }

  private static byte[] flipped(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextBoolean() ? random.nextInt(bytes.length) : random.nextInt(16);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  /** Puts a word in the place of a number, a name or a string, keeping the lengths right. */
  private static byte[] edited(byte[] whole, SplittableRandom random) {
    String header = header(whole);
    if (header.isEmpty()) {
      return whole;
    }
    int from = random.nextInt(header.length());
    while (from > 0 && isPart(header.charAt(from - 1)) && isPart(header.charAt(from))) {
      from--;
    }
    int to = from + 1;
    while (to < header.length() && isPart(header.charAt(to))) {
      to++;
    }
    int middle = header.length() / 2;
    String word =
        random.nextInt(3) == 0
            ? header.substring(random.nextInt(middle), Math.min(middle + 10, header.length()))
            : WORDS.get(random.nextInt(WORDS.size()));
    return withHeader(whole, header.substring(0, from) + word + header.substring(to));
  }

  private static boolean isPart(char letter) {
    return Character.isLetterOrDigit(letter) || "-_./".indexOf(letter) >= 0;
  }

  /** The same JSON: some letters of strings by their numbers, white space after some brackets. */
  private static byte[] respelt(byte[] whole, SplittableRandom random) {
    String header = header(whole);
    StringBuilder out = new StringBuilder();
    boolean quoted = false;
    int at = 0;
    while (at < header.length()) {
      char letter = header.charAt(at);
      int end = at + 1;
      if (quoted && letter == '\\') {
        end = at + (header.charAt(at + 1) == 'u' ? 6 : 2);
      } else if (letter == '"') {
        quoted = !quoted;
      }
      if (quoted && letter >= 'a' && letter <= 'z' && random.nextInt(8) == 0) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) letter));
      } else {
        out.append(header, at, end);
      }
      if (!quoted && "{}[],:".indexOf(letter) >= 0 && random.nextInt(4) == 0) {
        out.append(" \t\r\n".charAt(random.nextInt(4)));
      }
      at = end;
    }
    return withHeader(whole, out.toString());
  }

  /** The header, a byte a letter; empty where its length is none. */
  private static String header(byte[] whole) {
    if (whole.length < 8) {
      return "";
    }
    long length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length < 2 || length > whole.length - 8
        ? ""
        : new String(whole, 8, (int) length, StandardCharsets.ISO_8859_1);
  }

  private static byte[] withHeader(byte[] whole, String header) {
    int data = 8 + header(whole).length();
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(8 + text.length + whole.length - data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(whole, data, whole.length - data)
        .array();
  }
}
