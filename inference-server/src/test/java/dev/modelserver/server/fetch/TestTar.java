package dev.modelserver.server.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes layers of images. */
public final class TestTar {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

  /** Long names as GNU tar writes them, or else as POSIX has them. */
  public TestTar(boolean gnu) {
    tar.setLongFileMode(
        gnu ? TarArchiveOutputStream.LONGFILE_GNU : TarArchiveOutputStream.LONGFILE_POSIX);
  }

  public TestTar() {
    this(false);
  }

  public TestTar file(String path, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_NORMAL, true);
    entry.setSize(content.length);
    return put(entry, content);
  }

  public TestTar folder(String path) {
    return put(new TarArchiveEntry(path + "/", TarConstants.LF_DIR, true), new byte[0]);
  }

  public TestTar symbolicLink(String path, String to) {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK, true);
    entry.setLinkName(to);
    return put(entry, new byte[0]);
  }

  public TestTar hardLink(String path, String to) {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_LINK, true);
    entry.setLinkName(to);
    return put(entry, new byte[0]);
  }

  /** An entry that holds the name of the next, as long as that may be. */
  TestTar longName(String name, boolean gnu) {
    TarArchiveEntry entry =
        new TarArchiveEntry(
            "name",
            gnu ? TarConstants.LF_GNUTYPE_LONGNAME : TarConstants.LF_PAX_EXTENDED_HEADER_LC,
            true);
    String attribute = " path=" + name + "\n";
    byte[] content =
        (gnu ? name : attribute.length() + 7 + attribute).getBytes(StandardCharsets.US_ASCII);
    entry.setSize(content.length);
    return put(entry, content);
  }

  public TestTar device(String path) {
    return put(new TarArchiveEntry(path, TarConstants.LF_CHR, true), new byte[0]);
  }

  public byte[] bytes() {
    try {
      tar.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private TestTar put(TarArchiveEntry entry, byte[] content) {
    try {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }
}
