package io.github.swag4j.cli.monitor;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Records of a stream that cannot be gone back in. */
final class StandardInput implements RecordSource {
  private final InputStream in;
  private final byte[] bytes = new byte[1 << 16];
  private final RecordSplitter splitter = new RecordSplitter(1, true);
  private boolean ended;

  StandardInput(InputStream in) {
    this.in = in;
  }

  @Override
  public List<TextRecord> poll() throws IOException {
    List<TextRecord> records = new ArrayList<>();
    int got = in.read(bytes);
    if (got < 0) {
      ended = true;
    } else {
      splitter.add(bytes, got, records);
    }
    return records;
  }

  @Override
  public boolean idle() {
    return ended;
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public List<TextRecord> rest() {
    List<TextRecord> records = new ArrayList<>();
    splitter.end(records);
    return records;
  }

  @Override
  public List<String> events() {
    return List.of();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
