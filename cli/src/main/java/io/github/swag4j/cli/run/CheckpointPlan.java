package io.github.swag4j.cli.run;

/**
 * When a training saves what it can be gone on from. No result depends on it, so it is no part of
 * {@link RunConfig}.
 *
 * @param every epochs from one checkpoint to the next, 0 for none
 * @param kept how many to keep
 * @param resume whether to go on from the newest
 */
public record CheckpointPlan(int every, int kept, boolean resume) {

  /** Epochs from one checkpoint to the next. */
  public static final int EVERY = 1;

  /** Checkpoints that are kept. */
  public static final int KEPT = 3;

  /** Checks the numbers. */
  public CheckpointPlan {
    if (every < 0) {
      throw new UsageException("--checkpoint-every must be at least 0, got " + every);
    }
    if (kept < 2) {
      throw new UsageException("--keep must be at least 2, one to fall back to, got " + kept);
    }
  }

  /** Nothing is saved on the way. */
  public static CheckpointPlan none() {
    return new CheckpointPlan(0, KEPT, false);
  }

  /** Whether to save after so many epochs. */
  boolean savesAfter(int epochs, int total) {
    return every > 0 && (epochs % every == 0 || epochs == total);
  }
}
