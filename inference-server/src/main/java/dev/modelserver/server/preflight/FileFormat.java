package dev.modelserver.server.preflight;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a file is that was given in place of an ONNX model, by its first bytes. None of these begins
 * an ONNX model, which is a protobuf message with small field numbers.
 *
 * @param name with its article: "a gzip file"
 * @param remedy what its owner can do
 */
record FileFormat(String name, String remedy) {

  private static final int HEAD = 4096;
  private static final int MAX_EXCERPT = 60;
  private static final String BLANKS = "\t\n\f\r";
  private static final Pattern PAGE =
      Pattern.compile("<(!doctype\\s+html|html|head|body)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern ERROR_CODE = Pattern.compile("<Code>([A-Za-z0-9.]{1,60})</Code>");
  private static final Pattern POINTER =
      Pattern.compile("version https?://(git-lfs|hawser)\\.github\\.com/spec/");

  private static final String EXPORT = "export the model to ONNX";
  private static final String UNPACK = "unpack it and provide the .onnx file";

  private static final FileFormat EMPTY = new FileFormat("empty", "copy or upload the model again");
  private static final FileFormat LFS_POINTER =
      new FileFormat(
          "a Git LFS pointer",
          "run \"git lfs pull\" before copying it, or use the URL that returns the file itself,"
              + " such as /resolve/ instead of /raw/ at Hugging Face");
  private static final FileFormat ANNEX_POINTER =
      new FileFormat("a git-annex pointer", "run \"git annex get\" before copying it");
  private static final FileFormat HTML =
      new FileFormat(
          "an HTML page",
          "spec.model.uri leads to a login, an error page or a page about the file: use the URL"
              + " that returns the file itself, such as /resolve/ instead of /blob/ at Hugging"
              + " Face");
  private static final FileFormat PYTORCH =
      new FileFormat("a PyTorch file", EXPORT + " with torch.onnx.export");
  private static final FileFormat PICKLE =
      new FileFormat(
          "a Python pickle", EXPORT + ", for example with skl2onnx or torch.onnx.export");
  private static final FileFormat KERAS = new FileFormat("a Keras file", EXPORT + " with tf2onnx");
  private static final FileFormat ZIP = new FileFormat("a zip file", UNPACK);
  private static final FileFormat XGBOOST =
      new FileFormat("an XGBoost model", EXPORT + " with onnxmltools");
  private static final FileFormat LIGHTGBM =
      new FileFormat("a LightGBM model", EXPORT + " with onnxmltools");

  /**
   * Bytes that only one format has.
   *
   * @param offset where they are
   * @param hex in hexadecimal digits
   */
  private record Magic(int offset, String hex, FileFormat format) {

    static Magic of(int offset, String hex, String name, String remedy) {
      return new Magic(offset, hex, new FileFormat(name, remedy));
    }

    boolean in(byte[] head) {
      int end = offset + hex.length() / 2;
      return head.length >= end && HexFormat.of().formatHex(head, offset, end).equals(hex);
    }
  }

  private static final List<Magic> MAGICS =
      List.of(
          new Magic(0, "504b0304", ZIP),
          new Magic(0, "504b0506", ZIP),
          Magic.of(0, "1f8b", "a gzip file", UNPACK),
          Magic.of(0, "425a68", "a bzip2 file", UNPACK),
          Magic.of(0, "fd377a585a00", "an xz file", UNPACK),
          Magic.of(0, "28b52ffd", "a Zstandard file", UNPACK),
          Magic.of(0, "04224d18", "an LZ4 file", UNPACK),
          Magic.of(0, "377abcaf271c", "a 7z file", UNPACK),
          Magic.of(0, "526172211a07", "a RAR file", UNPACK),
          Magic.of(257, "7573746172", "a tar file", UNPACK),
          // what joblib writes with compress=
          new Magic(0, "7801", PICKLE),
          new Magic(0, "785e", PICKLE),
          new Magic(0, "789c", PICKLE),
          new Magic(0, "78da", PICKLE),
          // the number of old PyTorch files, as a pickle
          new Magic(0, "80028a0a6cfc9c46f920", PYTORCH),
          new Magic(0, "8002", PICKLE),
          new Magic(0, "8003", PICKLE),
          new Magic(0, "8004", PICKLE),
          new Magic(0, "8005", PICKLE),
          // what protocol 0 writes first: ccopy_reg
          new Magic(0, "63636f70795f726567", PICKLE),
          Magic.of(0, "894844460d0a1a0a", "an HDF5 file (Keras)", EXPORT + " with tf2onnx"),
          Magic.of(4, "54464c33", "a TensorFlow Lite model", EXPORT + " with tf2onnx"),
          Magic.of(4, "4f52544d", "a model in ORT format", "provide the .onnx file it was made of"),
          Magic.of(0, "47475546", "a GGUF file", EXPORT + ", for example with optimum"),
          Magic.of(4, "000000007b22", "a safetensors file", EXPORT + ", for example with optimum"),
          Magic.of(0, "43424d31", "a CatBoost model", "save it with format=\"onnx\""),
          new Magic(0, "7b4c00", XGBOOST),
          new Magic(0, "62696e66", XGBOOST),
          Magic.of(0, "934e554d5059", "a NumPy array", EXPORT),
          Magic.of(0, "89504e470d0a1a0a", "a PNG image", "provide the model instead"),
          Magic.of(0, "ffd8ff", "a JPEG image", "provide the model instead"),
          Magic.of(0, "255044462d", "a PDF document", "provide the model instead"));

  /** What the file is; empty when it may be an ONNX model. */
  static Optional<FileFormat> of(Path file) throws IOException {
    byte[] head = head(file);
    if (head.length == 0) {
      return Optional.of(EMPTY);
    }
    return MAGICS.stream()
        .filter(magic -> magic.in(head))
        .map(magic -> magic.format().equals(ZIP) ? zip(head) : magic.format())
        .findFirst()
        .or(() -> text(head).map(FileFormat::ofText));
  }

  /**
   * Whether a file is the pointer that Git keeps in place of a large file. External data can be any
   * bytes, but not these.
   */
  static boolean isPointer(Path file) throws IOException {
    byte[] head = head(file);
    return POINTER.matcher(new String(head, StandardCharsets.ISO_8859_1)).lookingAt();
  }

  /** The message for its owner. */
  String sentence() {
    return equals(EMPTY)
        ? "the model file is empty; " + remedy
        : "the model file is %s, not an ONNX model; %s".formatted(name, remedy);
  }

  private static FileFormat zip(byte[] head) {
    String names = new String(head, StandardCharsets.ISO_8859_1);
    if (names.contains("data.pkl")) {
      return PYTORCH;
    }
    return names.contains("model.weights.h5") || names.contains("metadata.json") ? KERAS : ZIP;
  }

  private static FileFormat ofText(String whole) {
    String text = whole.startsWith("\uFEFF") ? whole.substring(1).strip() : whole.strip();
    if (POINTER.matcher(text).lookingAt()) {
      return LFS_POINTER;
    }
    if (text.startsWith("/annex/objects/")) {
      return ANNEX_POINTER;
    }
    if (text.startsWith("tree\nversion=")) {
      return LIGHTGBM;
    }
    return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
      case '<' -> markup(text);
      case '{', '[' ->
          text.startsWith("{\"learner\"")
              ? XGBOOST
              : new FileFormat(
                  "JSON (%s)".formatted(excerpt(text)),
                  "check what spec.model.uri returns; a model that was saved as JSON must be"
                      + " exported to ONNX");
      default ->
          new FileFormat("text (%s)".formatted(excerpt(text)), "check what spec.model.uri returns");
    };
  }

  private static FileFormat markup(String text) {
    if (PAGE.matcher(text).find()) {
      return HTML;
    }
    Matcher code = ERROR_CODE.matcher(text);
    return new FileFormat(
        code.find() ? "an XML document with the code " + code.group(1) : "an XML document",
        "check what spec.model.uri returns: stores describe an error in XML; a model that was saved"
            + " as XML must be exported to ONNX");
  }

  /** The head as text; empty when it is none. */
  private static Optional<String> text(byte[] head) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    int length = head.length;
    // The last character may be cut in two.
    for (int cut = 0; cut < 4 && length - cut > 0; cut++) {
      try {
        String text = decoder.decode(ByteBuffer.wrap(head, 0, length - cut)).toString();
        return text.chars().allMatch(c -> (c >= ' ' && c != 0x7f) || BLANKS.indexOf(c) >= 0)
            ? Optional.of(text)
            : Optional.empty();
      } catch (CharacterCodingException e) {
        if (length < HEAD) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** The first words, in quotes. */
  private static String excerpt(String text) {
    String line = text.replaceAll("\\s+", " ");
    return '"' + ReportMessage.cut(line, MAX_EXCERPT) + '"';
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD);
    }
  }
}
