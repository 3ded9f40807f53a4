package dev.modelserver.server.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.failure.RequestException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms as clients write them; ~ stands for a line break, b for the boundary. */
class FormFileTest {

  private static final String TYPE = "multipart/form-data; boundary=b0";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--b~content-disposition: form-data; name=\"file\"; filename=\"a.jpg\"~Content-Type: image/jpeg~~PIXELS~--b--~",
        "--b~CONTENT-DISPOSITION:form-data;name=file~~PIXELS~--b--",
        "--b~Content-Disposition: form-data; filename=\"name=x\"; name=\"file\"~~PIXELS~--b--~",
        "preamble~--b  ~Content-Disposition: form-data; name=\"file\"~~PIXELS~--b~Content-Disposition: form-data; name=\"a\"~~~--b--~epilogue",
        "--b~Content-Disposition: form-data; name=\"top\"~~5~--b~Content-Disposition: form-data; name=\"file\"~Content-Transfer-Encoding: binary~~PIXELS~--b--~",
      })
  void findsTheFile(String form) throws RequestException {
    assertThat(text(read(TYPE, form))).isEqualTo("PIXELS");
  }

  @Test
  void keepsLineBreaksAndWhatLooksLikeABoundary() throws RequestException {
    String content = "\r\n--b\r\n--\r\n-b0\r\n";
    String form =
        "--b0\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" + content + "\r\n--b0--";
    byte[] body = form.getBytes(StandardCharsets.ISO_8859_1);

    assertThat(text(FormFile.in(TYPE, body, body.length))).isEqualTo(content);
  }

  @Test
  void aFileMayBeEmpty() throws RequestException {
    String head = "--b~Content-Disposition: form-data; name=\"file\"~~";

    assertThat(read(TYPE, head + "~--b--").length()).isZero();
    assertThat(read(TYPE, head + "--b--").length()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=\"b0\"",
        "multipart/form-data;charset=utf-8;Boundary=b0 ; x=y",
      })
  void takesTheBoundaryInEveryForm(String contentType) throws RequestException {
    String form = "--b~Content-Disposition: form-data; name=\"file\"~~PIXELS~--b--";

    assertThat(text(read(contentType, form))).isEqualTo("PIXELS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|the form ends too early",
        "--b|the form ends too early",
        "--b--|the form has no field file; send a form as curl -F file=@photo.jpg does",
        "--b~Content-Disposition: form-data; name=\"image\"~~PIXELS~--b--|no field file, but \"image\"",
        "--b~Content-Type: image/png~~PIXELS~--b--|no field file, but a part without a name",
        "--b~Content-Disposition: form-data; name=\"file\"~~PIXELS|the form ends too early",
        "--b~Content-Disposition: form-data; name=\"file\"~|the form ends too early",
        "--bx~Content-Disposition: form-data; name=\"file\"~~PIXELS~--b--|the form ends too early",
        "--b~Content-Disposition: form-data; name=\"file\"~~A~--b~Content-Disposition: form-data; name=\"file\"~~B~--b--|the field file twice",
        "--b~Content-Disposition: form-data; name=\"file\"~Content-Transfer-Encoding: base64~~QQ==~--b--|Content-Transfer-Encoding",
      })
  void refusesWhatHasNoOneFile(String form, String sentence) {
    assertThatThrownBy(() -> read(TYPE, form == null ? "" : form))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void refusesATypeWithoutABoundary() {
    assertThatThrownBy(() -> read("multipart/form-data", "--b--"))
        .hasMessageContaining("Content-Type is \"multipart/form-data\" without a boundary");
    assertThatThrownBy(() -> read("multipart/form-data; boundary=" + "x".repeat(71), "--b--"))
        .hasMessageContaining("without a boundary");
  }

  @Test
  void refusesManyPartsAndLongHeaders() {
    String part = "--b~Content-Disposition: form-data; name=\"x\"~~1~";
    String file = "--b~Content-Disposition: form-data; name=\"file\"~~PIXELS~--b--";

    assertThatThrownBy(() -> read(TYPE, part.repeat(16) + file))
        .hasMessageContaining("more than 16 parts");
    assertThatThrownBy(() -> read(TYPE, "--b~X: " + "x".repeat(8192) + "~~1~" + file))
        .hasMessageContaining("more than 8192 bytes of headers");
    assertThatThrownBy(() -> read(TYPE, "--b~" + "X: x~".repeat(2048) + "~1~" + file))
        .hasMessageContaining("more than 8192 bytes of headers");
  }

  private static ImageFile read(String contentType, String form) throws RequestException {
    byte[] body =
        form.replace("~", "\r\n").replace("--b", "--b0").getBytes(StandardCharsets.ISO_8859_1);
    return FormFile.in(contentType, body, body.length);
  }

  private static String text(ImageFile file) {
    return new String(file.bytes(), file.from(), file.length(), StandardCharsets.ISO_8859_1);
  }
}
