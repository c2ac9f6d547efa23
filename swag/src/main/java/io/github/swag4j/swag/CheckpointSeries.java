package io.github.swag4j.swag;

import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.io.WeightMapping;
import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Weights of one model along one run, oldest first, in files or in an ensemble of snapshots: what a
 * {@link SwagCollector#collectAll} takes in. One member is in memory at a time.
 *
 * <pre>{@code
 * CheckpointSeries series =
 *     CheckpointSeries.inFolder(Path.of("run"), "epoch-*.pt", layout).withKey("state_dict");
 * collector.collectAll(series);
 * }</pre>
 *
 * <p>Files are whatever {@link WeightFiles#open} reads: safetensors, {@code .pt} state dicts and
 * checkpoints of PyTorch, exports. Tensors are found by name. A tensor of the file that the layout
 * has not is refused unless it is left out by name; batch norm's {@code num_batches_tracked}, a
 * count that no layout has, is left out always. Nothing is read before it is asked for. Immutable.
 */
public final class CheckpointSeries {

  /** How the files are read. */
  private record Reading(
      UnaryOperator<String> nameInFile, Predicate<String> unneeded, Optional<String> key) {}

  /** Reads a member. */
  @FunctionalInterface
  private interface Member {
    Weights read(WeightLayout layout, Reading reading) throws IOException;
  }

  private final WeightLayout layout;
  private final List<String> names;
  private final List<Member> members;
  private final Reading reading;

  private CheckpointSeries(
      WeightLayout layout, List<String> names, List<Member> members, Reading reading) {
    this.layout = layout;
    this.names = List.copyOf(names);
    this.members = List.copyOf(members);
    this.reading = reading;
  }

  /**
   * Files in the order they are given.
   *
   * @param files the files, oldest first, each once
   * @param layout what the model has
   * @return the series
   * @throws IllegalArgumentException if there is no file, or one twice
   */
  public static CheckpointSeries of(List<Path> files, WeightLayout layout) {
    if (files.isEmpty() || files.stream().distinct().count() != files.size()) {
      throw new IllegalArgumentException(
          "checkpoints must be one or more files, each once, got " + files);
    }
    List<Member> members = new ArrayList<>();
    for (Path file : files) {
      members.add((of, reading) -> read(file, of, reading));
    }
    return new CheckpointSeries(
        Objects.requireNonNull(layout, "layout"),
        files.stream().map(Path::toString).toList(),
        members,
        new Reading(
            UnaryOperator.identity(),
            name -> name.equals("num_batches_tracked") || name.endsWith(".num_batches_tracked"),
            Optional.empty()));
  }

  /**
   * The files of a folder, in the order of the one number in which their names differ: {@code
   * epoch-2.pt} before {@code epoch-10.pt}. Where names differ in anything else, or in more than
   * one number, an order would be a guess: these are refused.
   *
   * @param folder the folder; its own folders are not looked into
   * @param glob which names, e.g. {@code epoch-*.pt}, as of {@link
   *     java.nio.file.FileSystem#getPathMatcher}
   * @param layout what the model has
   * @return the series
   * @throws WeightFormatException if there is no such file, or the names leave the order open
   * @throws IOException if the folder cannot be read
   */
  public static CheckpointSeries inFolder(Path folder, String glob, WeightLayout layout)
      throws IOException {
    return of(NumberedFiles.list(folder, glob), layout);
  }

  /**
   * The members of an ensemble.
   *
   * @param ensemble the snapshots
   * @return the series
   */
  public static CheckpointSeries of(SnapshotEnsemble ensemble) {
    List<String> names = new ArrayList<>();
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < ensemble.size(); i++) {
      int member = i;
      names.add("snapshot " + ensemble.finished(i));
      members.add((layout, reading) -> ensemble.weights(member));
    }
    return new CheckpointSeries(
        ensemble.layout(),
        names,
        members,
        new Reading(UnaryOperator.identity(), name -> false, Optional.empty()));
  }

  /**
   * The same with names of tensors translated; not for an ensemble, whose names are the layout's.
   *
   * @param nameInFile name in the files of a tensor of the layout
   * @return the series
   */
  public CheckpointSeries withNames(UnaryOperator<String> nameInFile) {
    return with(new Reading(nameInFile, reading.unneeded, reading.key));
  }

  /**
   * The same without tensors of the files that are known not to be needed, beside those left out
   * already.
   *
   * @param names says of a tensor's name in the files whether it may stay unused
   * @return the series
   */
  public CheckpointSeries leavingOut(Predicate<String> names) {
    return with(new Reading(reading.nameInFile, reading.unneeded.or(names), reading.key));
  }

  /**
   * The same with the name of the state dict in checkpoints of PyTorch that have several.
   *
   * @param key name of the state dict
   * @return the series
   */
  public CheckpointSeries withKey(String key) {
    return with(new Reading(reading.nameInFile, reading.unneeded, Optional.of(key)));
  }

  private CheckpointSeries with(Reading other) {
    return new CheckpointSeries(layout, names, members, other);
  }

  /** {@return what the model has} */
  public WeightLayout layout() {
    return layout;
  }

  /** {@return how many members there are, at least 1} */
  public int size() {
    return members.size();
  }

  /** {@return the members' names, oldest first: the files, or how far training had come} */
  public List<String> names() {
    return names;
  }

  /**
   * Reads a member.
   *
   * @param member which, from 0 for the oldest
   * @return its weights
   * @throws WeightFormatException if the file is damaged, tensors are missing, of another shape or
   *     not in the layout, listing all of them, or a value is not finite
   * @throws IOException if reading fails
   */
  public Weights weights(int member) throws IOException {
    return members.get(member).read(layout, reading);
  }

  private static Weights read(Path file, WeightLayout layout, Reading reading) throws IOException {
    try (TensorFile opened = WeightFiles.open(file, reading.key)) {
      return WeightMapping.byName(layout, opened, reading.nameInFile)
          .leavingOut(reading.unneeded)
          .read();
    }
  }

  @Override
  public String toString() {
    return size() + " checkpoints of " + layout;
  }
}
