package io.github.swag4j.spark.djl;

import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Several chains at once, each a task: the posteriors of MultiSWAG, the members of a deep ensemble,
 * the seeds of a study. Their posteriors land in a folder that the driver and all executors see
 * under the same path.
 *
 * <p>A chain whose posterior is there, whole and of the same settings, is not trained again. One
 * that was interrupted, by an error, a lost executor or the end of the job, goes on in the folder
 * it worked in, with what its own checkpoints have. An executor that was given up and lives on
 * cannot disturb: the next attempt takes the folder away from it, by its name.
 *
 * @see <a href="https://arxiv.org/abs/2002.08791">Wilson and Izmailov 2020, section 4</a>
 */
public final class SparkChains {
  private final Path shared;
  private final String settings;

  private SparkChains(Path shared, String settings) {
    this.shared = shared;
    this.settings = settings;
  }

  /**
   * Chains whose posteriors land in a folder.
   *
   * @param shared the folder, on storage that driver and executors see under this path
   * @param settings all that the chains are determined by besides their seeds, in any words: data
   *     with their hash, network, rates; what was trained with other settings is refused
   * @return the chains
   */
  public static SparkChains in(Path shared, String settings) {
    return new SparkChains(shared.toAbsolutePath(), settings);
  }

  /**
   * Trains the chains that are not there yet, and waits for them. If one fails for good, the others
   * are interrupted; they go on when the same is asked for again.
   *
   * @param session whose executors train; one engine thread a task
   * @param seeds of the chains, each another
   * @param chain the training
   * @return {@code [chains]} the posteriors' files, in the order of the seeds
   * @throws IllegalArgumentException if there is no seed, or one twice, or the folder has a chain
   *     of other settings
   * @throws IllegalStateException if the session runs speculative copies of tasks, which would take
   *     the folder from each other
   * @throws IOException if a posterior that is there is damaged, or the folder cannot be written
   */
  public List<Path> run(SparkSession session, List<Long> seeds, Chain chain) throws IOException {
    if (seeds.isEmpty() || new HashSet<>(seeds).size() < seeds.size()) {
      throw new IllegalArgumentException("seeds must be one or more, each another, got " + seeds);
    }
    if (session.sparkContext().getConf().getBoolean("spark.speculation", false)) {
      throw new IllegalStateException(
          "chains must not be trained twice at a time, got spark.speculation=true: set it to false");
    }
    List<ChainFolder> missing = new ArrayList<>();
    for (long seed : seeds) {
      ChainFolder folder = new ChainFolder(shared, settings, seed);
      folder.requireSettings();
      if (!folder.isDone()) {
        missing.add(folder);
      }
    }
    if (!missing.isEmpty()) {
      train(JavaSparkContext.fromSparkContext(session.sparkContext()), missing, chain);
    }
    List<Path> posteriors = new ArrayList<>();
    for (long seed : seeds) {
      Path posterior = new ChainFolder(shared, settings, seed).posterior();
      PosteriorFiles.open(posterior).verify();
      posteriors.add(posterior);
    }
    return posteriors;
  }

  private void train(JavaSparkContext context, List<ChainFolder> missing, Chain chain) {
    boolean interrupted = true;
    context.setJobGroup("swag4j chains " + shared, missing.size() + " chains", interrupted);
    try {
      context.parallelize(missing, missing.size()).foreach(folder -> folder.train(chain));
    } finally {
      context.clearJobGroup();
    }
  }
}
