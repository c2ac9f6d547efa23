package io.github.swag4j.parquet;

import java.io.IOException;
import java.io.InputStream;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;
import shaded.parquet.org.apache.thrift.transport.TTransport;

/**
 * Footers and headers of pages from their bytes, of which nothing is made that these cannot hold.
 */
final class ThriftBytes {
  private static final int MOST_NESTING = 64;

  private ThriftBytes() {}

  /**
   * Reads a footer.
   *
   * @param most how many bytes there are
   */
  static FileMetaData footer(InputStream in, int most) throws IOException {
    FileMetaData meta = new FileMetaData();
    read(meta, in, most);
    return meta;
  }

  /**
   * Reads the header of a page.
   *
   * @param most how many bytes there are
   */
  static PageHeader header(InputStream in, int most) throws IOException {
    PageHeader header = new PageHeader();
    read(header, in, most);
    return header;
  }

  private static void read(TBase<?, ?> into, InputStream in, int most) throws IOException {
    try {
      TConfiguration limits = new TConfiguration(most, most, MOST_NESTING);
      into.read(new Bounded(new TIOStreamTransport(limits, in), most));
    } catch (TException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Room is made for a list before its elements are read, of which each takes a byte or more. */
  private static final class Bounded extends TCompactProtocol {
    private static final long serialVersionUID = 1L;
    private final int most;

    Bounded(TTransport transport, int most) {
      super(transport);
      this.most = most;
    }

    @Override
    public TList readListBegin() throws TException {
      TList list = super.readListBegin();
      if (list.size > most) {
        throw new TException("a list of " + list.size + " elements in " + most + " bytes");
      }
      return list;
    }
  }
}
