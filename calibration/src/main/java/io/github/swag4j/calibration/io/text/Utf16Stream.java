package io.github.swag4j.calibration.io.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** UTF-16 text as UTF-8, piece by piece; what is not valid UTF-16 is refused. */
final class Utf16Stream extends InputStream {
  private static final int BUFFER = 1 << 13;

  private final InputStream in;
  private final CharsetDecoder decoder;
  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final ByteBuffer bytes = ByteBuffer.allocate(2 * BUFFER).limit(0);
  private final CharBuffer text = CharBuffer.allocate(BUFFER).limit(0);
  private final ByteBuffer out = ByteBuffer.allocate(3 * BUFFER + 16).limit(0);
  private boolean ended;

  Utf16Stream(InputStream in, Charset charset) {
    this.in = in;
    decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** Makes more UTF-8 of what is left and what is read next. */
  private void fill() throws IOException {
    bytes.compact();
    int got = in.read(bytes.array(), bytes.position(), bytes.remaining());
    ended = got < 0;
    bytes.position(bytes.position() + Math.max(got, 0)).flip();
    text.compact();
    check(decoder.decode(bytes, text, ended));
    text.flip();
    out.clear();
    check(encoder.encode(text, out, ended));
    if (ended && bytes.hasRemaining()) {
      throw new CharacterCodingException();
    }
    out.flip();
  }

  private static void check(CoderResult result) throws IOException {
    if (result.isError()) {
      result.throwException();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    while (!out.hasRemaining()) {
      if (ended) {
        return -1;
      }
      fill();
    }
    int length = Math.min(count, out.remaining());
    out.get(into, from, length);
    return length;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
