package io.github.swag4j.parquet;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;

/** Unpacks pages. None of it is native code. */
final class PageCodec {
  private final CompressionCodec codec;

  /** Of those that are not the JDK's, else null. */
  private final Decompressor decompressor;

  private PageCodec(CompressionCodec codec, Decompressor decompressor) {
    this.codec = codec;
    this.decompressor = decompressor;
  }

  /** What unpacks, or null if that is not read. */
  static PageCodec of(CompressionCodec codec) {
    return switch (codec) {
      case UNCOMPRESSED, GZIP -> new PageCodec(codec, null);
      case SNAPPY -> new PageCodec(codec, new SnappyDecompressor());
      case ZSTD -> new PageCodec(codec, new ZstdDecompressor());
      case LZ4_RAW -> new PageCodec(codec, new Lz4Decompressor());
      case LZO, BROTLI, LZ4 -> null;
    };
  }

  /**
   * Unpacks.
   *
   * @param size of what comes out
   * @throws IOException if it is damaged, or of another size
   * @throws RuntimeException if it is damaged
   */
  byte[] unpack(byte[] packed, int from, int count, int size) throws IOException {
    byte[] out;
    int got;
    if (codec == CompressionCodec.UNCOMPRESSED) {
      got = count;
      out = java.util.Arrays.copyOfRange(packed, from, from + count);
    } else if (count == 0 && size == 0) {
      return new byte[0];
    } else if (codec == CompressionCodec.GZIP) {
      out = new byte[size];
      try (InputStream in =
          new GZIPInputStream(new ByteArrayInputStream(packed, from, count), 1 << 13)) {
        got = in.readNBytes(out, 0, size);
        got += in.read() < 0 ? 0 : 1;
      }
    } else {
      out = new byte[size];
      got = decompressor.decompress(packed, from, count, out, 0, size);
    }
    if (got != size) {
      throw new IOException("must unpack to " + size + " bytes, got " + got + " or more");
    }
    return out;
  }
}
