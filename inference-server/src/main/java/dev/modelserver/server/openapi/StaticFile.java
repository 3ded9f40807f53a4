package dev.modelserver.server.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file inside the program, for the page at {@code /docs}. It is read when it is first asked for:
 * most servers are never looked at.
 */
final class StaticFile {

  /** The page itself. */
  static final StaticFile DOCS = new StaticFile("docs.html", "text/html; charset=utf-8");

  /** What the page loads, each under {@code /docs/} and its name. There are no others. */
  static final List<StaticFile> ASSETS =
      List.of(
          new StaticFile("swagger-ui.css", "text/css; charset=utf-8"),
          new StaticFile("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
          new StaticFile("swagger-ui-bundle.js.LICENSE.txt", "text/plain; charset=utf-8"),
          new StaticFile("docs.css", "text/css; charset=utf-8"),
          new StaticFile("docs.js", "text/javascript; charset=utf-8"),
          new StaticFile("icon.svg", "image/svg+xml"));

  private final String name;
  private final String contentType;
  private @Nullable Page page;

  private StaticFile(String name, String contentType) {
    this.name = name;
    this.contentType = contentType;
  }

  /** The name of a resource beside this class. */
  String name() {
    return name;
  }

  /** The first call reads and compresses, which takes up to a tenth of a second. */
  synchronized Page page() {
    Page known = page;
    if (known == null) {
      known = Page.of(contentType, read());
      page = known;
    }
    return known;
  }

  private byte[] read() {
    try (InputStream in = StaticFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without its file " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
