package io.github.swag4j.cli.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What an earlier run left in a directory, by the names that runs give their files: nothing else is
 * ever removed.
 *
 * @param run the directory
 */
record RunRemains(RunDirectory run) {
  /** The folder of further networks. */
  static final String MEMBERS = "members";

  /** The folder of snapshots of the training with a cyclic rate. */
  static final String SNAPSHOTS = "snapshots";

  /**
   * Removes them, run.json first: without it the directory is no finished run. Files that no run
   * writes stay, and so does everything if there was no run.
   */
  void clear() throws IOException {
    if (!run.isRun() && !Files.exists(run.metrics())) {
      return;
    }
    Files.deleteIfExists(run.config());
    for (Path file :
        List.of(
            run.options(),
            run.metrics(),
            run.history(),
            run.split(),
            run.scale(),
            run.posterior(),
            run.report(),
            run.path().resolve("report.pdf"),
            run.model())) {
      Files.deleteIfExists(file);
    }
    clear("checkpoints", "{sgd,swa,batch-norm,laplace,kfac-laplace}.safetensors");
    clear("predictions", "{" + Method.ids().replace(" ", "") + "}-*.npz");
    clear("figures", "{reliability-*,ood-*,training-*,differences,scale}.svg");
    clear("shift", "shift.{csv,svg}");
    clear("surfaces", "{plane,line,flatness}*.{points,csv,json,svg}");
    clear(SNAPSHOTS, "{epoch,step}-*.safetensors");
    Path members = run.path().resolve(MEMBERS);
    for (int member = 2; Files.isDirectory(members.resolve(Integer.toString(member))); member++) {
      deleteFiles(members.resolve(Integer.toString(member)), "{sgd,swa,posterior}.safetensors");
    }
    try (DirectoryStream<Path> others =
        Files.newDirectoryStream(run.path(), "{on,samples,threads}-*")) {
      for (Path other : others) {
        new RunRemains(new RunDirectory(other)).clear();
      }
    }
  }

  private void clear(String folder, String glob) throws IOException {
    Path directory = run.path().resolve(folder);
    if (Files.isDirectory(directory)) {
      deleteFiles(directory, glob);
    }
  }

  /** Removes the files of a folder whose names are of a form. */
  static void deleteFiles(Path directory, String glob) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }
}
