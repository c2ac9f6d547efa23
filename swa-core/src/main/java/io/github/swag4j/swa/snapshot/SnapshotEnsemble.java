package io.github.swag4j.swa.snapshot;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.io.WeightMapping;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The weight vectors a {@link SnapshotCollector} kept in a folder, oldest first: an ensemble as
 * fast geometric ensembling and snapshot ensembles make it. Only headers are in memory; members are
 * read one at a time, and their checksums checked then. Immutable: snapshots written later are not
 * in it.
 *
 * @see <a href="https://arxiv.org/abs/1802.10026">Garipov et al. 2018, Loss Surfaces, Mode
 *     Connectivity, and Fast Ensembling of DNNs</a>
 * @see <a href="https://arxiv.org/abs/1704.00109">Huang et al. 2017, Snapshot Ensembles: Train 1,
 *     Get M for Free</a>
 */
public final class SnapshotEnsemble {
  private final List<SnapshotFile> members;

  private SnapshotEnsemble(List<SnapshotFile> members) {
    this.members = members;
  }

  /**
   * Opens a folder of snapshots. Files of other names are passed over.
   *
   * @param folder the folder
   * @return the ensemble, of one snapshot or more
   * @throws WeightFormatException if there is none, or one is not a snapshot, damaged, of another
   *     model, or missing between two others
   * @throws IOException if reading fails
   */
  public static SnapshotEnsemble open(Path folder) throws IOException {
    List<SnapshotFile> found = SnapshotFile.list(folder);
    if (found.isEmpty()) {
      throw new WeightFormatException(
          folder, "has no snapshots: name the folder a SnapshotCollector wrote into");
    }
    SnapshotFile newest = found.get(found.size() - 1);
    int keep = newest.keep();
    if (found.size() < Math.min(keep, newest.number())) {
      throw new WeightFormatException(
          folder,
          "must hold the last "
              + Math.min(keep, newest.number())
              + " snapshots, got "
              + found.size()
              + ": files were removed, or training was resumed from before the oldest that was kept;"
              + " train on, and keep more than lie between two checkpoints");
    }
    return new SnapshotEnsemble(
        List.copyOf(found.subList(Math.max(0, found.size() - keep), found.size())));
  }

  /**
   * The tensors of every member.
   *
   * @return the layout
   */
  public WeightLayout layout() {
    return members.get(0).layout();
  }

  /**
   * How many members there are.
   *
   * @return at least 1
   */
  public int size() {
    return members.size();
  }

  /**
   * What the members' units are.
   *
   * @return epochs or steps
   */
  public AveragingPlan.Unit unit() {
    return members.get(0).unit();
  }

  /**
   * How far training had come when a member was taken.
   *
   * @param member which, from 0 for the oldest
   * @return finished units
   */
  public long finished(int member) {
    return members.get(Objects.checkIndex(member, size())).finished();
  }

  /**
   * Reads a member.
   *
   * @param member which, from 0 for the oldest
   * @return its weights; half precisions are widened to float32
   * @throws WeightFormatException if its file was damaged or replaced by another
   * @throws IOException if reading fails
   * @throws IndexOutOfBoundsException if there is no such member
   */
  public Weights weights(int member) throws IOException {
    SnapshotFile snapshot = members.get(Objects.checkIndex(member, size()));
    try (SafeTensors opened = SafeTensors.open(snapshot.file())) {
      opened.requireKind(SnapshotFile.KIND, snapshot.layout());
      String number = opened.requireMetadata("number");
      if (!number.equals(Long.toString(snapshot.number()))) {
        throw new WeightFormatException(
            snapshot.file(),
            "must be snapshot "
                + snapshot.number()
                + ", got "
                + number
                + ": training went on here, open the ensemble again");
      }
      return WeightMapping.byName(snapshot.layout(), opened, UnaryOperator.identity()).read();
    }
  }

  /**
   * The mean of all members, by the recurrence of {@link WeightAverage#uniform}: the bits a running
   * average of the same float32 weights has. One member is in memory at a time.
   *
   * @return the mean
   * @throws IOException if reading fails
   */
  public Weights average() throws IOException {
    WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
    for (int member = 0; member < size(); member++) {
      average.collect(weights(member));
    }
    return average.average();
  }

  @Override
  public String toString() {
    return size() + " snapshots of " + layout();
  }
}
