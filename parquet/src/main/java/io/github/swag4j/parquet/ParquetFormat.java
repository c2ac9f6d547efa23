package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Parquet files, and folders of them as Spark and others write. */
public final class ParquetFormat implements TableFormat {

  /** For the loader of services. */
  public ParquetFormat() {}

  @Override
  public boolean begins(byte[] first) {
    return ParquetFooter.isParquet(first);
  }

  @Override
  public boolean isTable(Path folder) throws IOException {
    return ParquetFolder.holdsParquet(folder);
  }

  @Override
  public TableFile open(Path file) throws IOException {
    return Files.isDirectory(file) ? ParquetFolder.open(file) : ParquetTable.of(file);
  }
}
