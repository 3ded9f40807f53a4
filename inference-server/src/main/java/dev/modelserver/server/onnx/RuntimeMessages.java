package dev.modelserver.server.onnx;

import ai.onnxruntime.OrtException;
import dev.modelserver.server.graph.division.DivisionGuards;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.text.ForeignText;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes ONNX Runtime's own words fit for a status or an answer: one line, the names of nodes as the
 * exporter wrote them, no path of this machine, no C++, and what to do about it. Takes a time that
 * grows with the text alone.
 */
final class RuntimeMessages {

  private static final int MAX_LENGTH = 400;
  private static final int MAX_NAME = 100;

  /** Of a text that is looked at: what is left out stands in the middle, where names are. */
  private static final int MAX_TEXT = 16_000;

  private static final Pattern PREFIX = Pattern.compile("^Error code - \\S{1,40} - message: ");
  private static final Pattern STATUS =
      Pattern.compile("(?:\\[ONNXRuntimeError] )?: \\d{1,3} : [A-Z_]{2,40} : ");
  private static final Pattern QUOTED_PATH = Pattern.compile(": \"/[^\"]*\"");

  /** Of the images that ONNX Runtime Extensions decode; the path is that of its makers. */
  private static final Pattern OPENCV =
      Pattern.compile("OpenCV\\([\\d.]{1,20}\\) /\\S{1,300}:\\d{1,9}: error: ");

  /** By its index: ONNX Runtime drops the names of nodes when it dissolves a branch. */
  private static final Pattern GUARD =
      Pattern.compile("idx=(\\d{19}) must be within the inclusive range \\[-1,0]");

  private static final Pattern IR =
      Pattern.compile(
          "Unsupported model IR version: (\\d{1,19}), max supported IR version: (\\d+)");
  private static final Pattern OPSET =
      Pattern.compile(
          "Opset (\\d{1,19}) is under development .{0,400}? support for domain (\\S{1,100}) is till opset (\\d+)");

  /** What ONNX Runtime says of an operator without a definition, and of one without a kernel. */
  private static final List<String> MISSING_OPERATOR =
      List.of(
          "is not a registered function/op",
          "no op registered for",
          "could not find an implementation for",
          "failed to find kernel for");

  private static final List<String> NO_MEMORY =
      List.of("Failed to allocate memory", "bad_alloc", "BFCArena", "Available memory of");

  /** What stands before and after the name of a node. */
  private record Frame(String before, String after) {}

  private static final List<Frame> NAMES =
      List.of(
          new Frame("Name:'", "' Status Message:"),
          new Frame("Node (", ") Op ("),
          new Frame("In Node, (\"", "\", "),
          new Frame("node with name '", "'"),
          new Frame("in node (", ")"));

  private RuntimeMessages() {}

  /** Of a run. */
  static String of(OrtException e) {
    return words(raw(e), Remedies.RUN);
  }

  /** The number of the guard that failed; -1 when none did. */
  static int guard(OrtException e) {
    Matcher guard = GUARD.matcher(raw(e));
    if (!guard.find()) {
      return -1;
    }
    // Another number with as many digits may not fit into a long.
    BigInteger number = new BigInteger(guard.group(1));
    BigInteger index = number.subtract(BigInteger.valueOf(DivisionGuards.FIRST_INDEX));
    return index.signum() >= 0 && index.bitLength() < Integer.SIZE ? index.intValue() : -1;
  }

  /** Whether a node failed, and not the call as a whole, whose inputs have to fit the model. */
  static boolean ofNode(OrtException e) {
    return raw(e).contains("while running");
  }

  /** Whether the runtime found no memory for what it was asked. */
  static boolean noMemory(OrtException e) {
    String text = raw(e);
    return NO_MEMORY.stream().anyMatch(text::contains);
  }

  /**
   * Of a model that does not load.
   *
   * @param file whose path is not told
   */
  static ModelLoadException loadFailure(OrtException e, Path file) {
    String text = raw(e);
    Optional<String> locale = MissingLocale.sentence(text);
    if (locale.isPresent()) {
      return new ModelLoadException(ModelLoadException.Kind.INVALID, locale.get());
    }
    Matcher opset = OPSET.matcher(text);
    if (opset.find()) {
      return unsupported(
          "the model uses opset %s of %s; ONNX Runtime %s knows it up to opset %s: export it for that one (opset_version= of torch.onnx.export, target_opset= of skl2onnx and onnxmltools)"
              .formatted(opset.group(1), opset.group(2), OnnxRuntime.version(), opset.group(3)));
    }
    Matcher ir = IR.matcher(text);
    if (ir.find()) {
      return unsupported(
          "the file has the IR version %s; ONNX Runtime %s reads IR versions up to %s: export it with ir_version=%3$s, or set model.ir_version = %3$s before onnx.save"
              .formatted(ir.group(1), OnnxRuntime.version(), ir.group(2)));
    }
    Path folder = file.toAbsolutePath().getParent();
    String bare = text.replace(file.toString(), "the file");
    if (folder != null && folder.getNameCount() > 0) {
      bare = bare.replace(folder + "/", "").replace(folder.toString(), "the folder");
    }
    return new ModelLoadException(
        kind(bare.toLowerCase(Locale.ROOT)),
        "ONNX Runtime " + OnnxRuntime.version() + " says: " + words(bare, Remedies.LOAD));
  }

  private static ModelLoadException unsupported(String message) {
    return new ModelLoadException(ModelLoadException.Kind.UNSUPPORTED_OPSET, message);
  }

  private static String raw(OrtException e) {
    String text = PREFIX.matcher(String.valueOf(e.getMessage())).replaceFirst("");
    return text.length() <= MAX_TEXT
        ? text
        : text.substring(0, MAX_TEXT / 2) + "…" + text.substring(text.length() - MAX_TEXT / 2);
  }

  /** One line, cut to a length, with a remedy where there is one. */
  private static String words(String raw, Remedies remedies) {
    String text = cleaned(raw).replaceAll("\\s+", " ").strip();
    String cut = ForeignText.shown(text, MAX_LENGTH);
    return remedies.of(text).map(remedy -> sentence(cut) + "; " + remedy).orElse(cut);
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  /**
   * Cleans what stands between the names of nodes; these stay as they are, but for their length.
   */
  private static String cleaned(String text) {
    StringBuilder out = new StringBuilder();
    List<Occurrences> beginnings =
        NAMES.stream().map(frame -> new Occurrences(text, frame.before())).toList();
    int from = 0;
    while (true) {
      Frame next = null;
      int at = text.length();
      for (int i = 0; i < NAMES.size(); i++) {
        int found = beginnings.get(i).next(from);
        if (found >= 0 && found < at) {
          next = NAMES.get(i);
          at = found;
        }
      }
      out.append(plain(text.substring(from, at)));
      if (next == null) {
        return out.toString();
      }
      int name = at + next.before().length();
      int end = text.indexOf(next.after(), name);
      if (end < 0) {
        return out.append(plain(text.substring(at))).toString();
      }
      out.append(next.before()).append(shortened(text.substring(name, end)));
      from = end;
    }
  }

  private static String shortened(String name) {
    return ForeignText.cut(name, MAX_NAME);
  }

  private static String plain(String text) {
    String bare = STATUS.matcher(SourceLocations.removed(text)).replaceAll("");
    return QUOTED_PATH
        .matcher(OPENCV.matcher(bare).replaceAll("OpenCV: "))
        .replaceAll(": the file");
  }

  private static ModelLoadException.Kind kind(String words) {
    return MISSING_OPERATOR.stream().anyMatch(words::contains)
        ? ModelLoadException.Kind.UNSUPPORTED_OPERATOR
        : ModelLoadException.Kind.INVALID;
  }
}
