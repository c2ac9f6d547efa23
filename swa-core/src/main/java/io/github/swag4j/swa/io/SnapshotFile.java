package io.github.swag4j.swa.io;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightLayout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One snapshot of a run, as its header tells of it.
 *
 * @param file where it is, {@code epoch-000016.safetensors} or {@code step-000400.safetensors}
 * @param unit what is counted
 * @param finished units that had finished
 * @param number which of the run's snapshots it is, from 1
 * @param keep how many of the newest snapshots belong to the ensemble
 * @param layout its tensors
 */
record SnapshotFile(
    Path file, AveragingPlan.Unit unit, long finished, long number, int keep, WeightLayout layout) {
  static final String KIND = "snapshot";
  private static final Pattern NAME = Pattern.compile("(epoch|step)-(\\d{6,18})\\.safetensors");

  static Path path(Path folder, AveragingPlan.Unit unit, long finished) {
    String word = unit.name().toLowerCase(Locale.ROOT);
    return folder.resolve(String.format(Locale.ROOT, "%s-%06d.safetensors", word, finished));
  }

  /** Metadata and tensors' names are the snapshot's; what the tensors hold is the caller's. */
  SafeTensorsWriter writer() {
    StringBuilder roles = new StringBuilder();
    for (WeightLayout.Tensor tensor : layout.tensors()) {
      roles.append(roles.isEmpty() ? "" : ",").append(tensor.role().name());
    }
    return SafeTensorsWriter.of(KIND, layout)
        .metadata("roles", roles.toString())
        .metadata("unit", unit.name())
        .metadata("finished", Long.toString(finished))
        .metadata("number", Long.toString(number))
        .metadata("keep", Integer.toString(keep));
  }

  /**
   * The snapshots of a folder in the order they were taken, those past the newest {@code keep}
   * included. Values are not read.
   *
   * @throws WeightFormatException if one is damaged, of another run or missing among the others
   */
  static List<SnapshotFile> list(Path folder) throws IOException {
    List<SnapshotFile> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.safetensors")) {
      for (Path file : files) {
        if (NAME.matcher(file.getFileName().toString()).matches()) {
          found.add(read(file));
        }
      }
    }
    found.sort(Comparator.comparingLong(SnapshotFile::finished));
    for (int i = 1; i < found.size(); i++) {
      found.get(i).requireNextOf(found.get(i - 1));
    }
    return found;
  }

  private void requireNextOf(SnapshotFile before) throws WeightFormatException {
    if (unit != before.unit || number != before.number + 1 || !layout.equals(before.layout)) {
      throw new WeightFormatException(
          file,
          "must be snapshot "
              + (before.number + 1)
              + " of the model of "
              + before.file.getFileName()
              + ", got number "
              + number
              + (layout.equals(before.layout) ? "" : " of another model")
              + ": a snapshot was removed, or the folder holds those of two runs");
    }
  }

  private static SnapshotFile read(Path file) throws IOException {
    Matcher name = NAME.matcher(file.getFileName().toString());
    try (SafeTensors opened = SafeTensors.openHeader(file)) {
      if (!KIND.equals(opened.metadata().get("kind"))) {
        throw new WeightFormatException(
            file,
            "must be a snapshot, got kind "
                + opened.metadata().get("kind")
                + ": keep other files out of a folder of snapshots");
      }
      SnapshotFile read =
          new SnapshotFile(
              file,
              AveragingPlan.Unit.valueOf(opened.requireMetadata("unit")),
              Long.parseLong(opened.requireMetadata("finished")),
              Long.parseLong(opened.requireMetadata("number")),
              Integer.parseInt(opened.requireMetadata("keep")),
              layout(opened));
      opened.requireKind(KIND, read.layout);
      if (!name.matches()
          || !name.group(1).equalsIgnoreCase(read.unit.name())
          || Long.parseLong(name.group(2)) != read.finished
          || read.number < 1
          || read.keep < 1) {
        throw new WeightFormatException(
            file,
            "must be named after its contents, got "
                + read.unit
                + " "
                + read.finished
                + ", number "
                + read.number
                + ": it was renamed or changed");
      }
      return read;
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(file, "metadata is not valid: " + e.getMessage());
    }
  }

  private static WeightLayout layout(SafeTensors opened) throws WeightFormatException {
    String[] roles = opened.requireMetadata("roles").split(",", -1);
    List<WeightLayout.Tensor> tensors = new ArrayList<>();
    for (StoredTensor stored : opened.entries().values()) {
      if (tensors.size() == roles.length) {
        throw new IllegalArgumentException("more tensors than the " + roles.length + " roles");
      }
      tensors.add(
          new WeightLayout.Tensor(
              stored.name(), WeightLayout.Role.valueOf(roles[tensors.size()]), stored.shape()));
    }
    return WeightLayout.of(tensors);
  }
}
