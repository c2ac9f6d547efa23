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
import shaded.parquet.org.apache.thrift.protocol.TMap;
import shaded.parquet.org.apache.thrift.protocol.TStruct;
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

  /**
   * Room is made for a list before its elements are read, of which each takes a byte or more; and
   * what is passed over, as of no known field, is passed over by recursion.
   */
  private static final class Bounded extends TCompactProtocol {
    private static final long serialVersionUID = 1L;
    private final int most;
    private int depth;

    Bounded(TTransport transport, int most) {
      super(transport);
      this.most = most;
    }

    private void enter() throws TException {
      if (++depth > MOST_NESTING) {
        throw new TException("parts within parts deeper than " + MOST_NESTING);
      }
    }

    @Override
    public TStruct readStructBegin() throws TException {
      enter();
      return super.readStructBegin();
    }

    @Override
    public void readStructEnd() throws TException {
      depth--;
      super.readStructEnd();
    }

    @Override
    public TMap readMapBegin() throws TException {
      enter();
      return super.readMapBegin();
    }

    @Override
    public void readMapEnd() throws TException {
      depth--;
      super.readMapEnd();
    }

    /** Sets begin by this too. */
    @Override
    public TList readListBegin() throws TException {
      enter();
      TList list = super.readListBegin();
      if (list.size > most) {
        throw new TException("a list of " + list.size + " elements in " + most + " bytes");
      }
      return list;
    }

    @Override
    public void readListEnd() throws TException {
      depth--;
      super.readListEnd();
    }

    @Override
    public void readSetEnd() throws TException {
      depth--;
      super.readSetEnd();
    }
  }
}
