package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableFormat;
import io.github.swag4j.calibration.io.table.TableOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
  public String ending() {
    return "parquet";
  }

  @Override
  public TableOutput write(OutputStream to, List<OutputColumn> columns) throws IOException {
    return new ParquetOutput(to, columns);
  }

  @Override
  public TableFile open(Path file) throws IOException {
    return Files.isDirectory(file) ? ParquetFolder.open(file) : ParquetTable.of(file);
  }
}
