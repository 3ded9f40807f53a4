package dev.modelserver.server.onnx;

import java.util.List;
import java.util.Optional;

/** What can be done about the failures of ONNX Runtime that people meet most often. */
final class Remedies {

  /** For who exports the model: failures of loading it. */
  static final Remedies LOAD =
      new Remedies(
          List.of(
              new Remedy(
                  List.of("operator (ZipMap)"),
                  "a ZipMap takes 32-bit floats: export with options={'zipmap': False}, or with float32 inputs"),
              new Remedy(
                  List.of("ai.onnx.contrib:", "com.microsoft.extensions:"),
                  "ONNX Runtime Extensions %s, which the server has, knows no such operator: export the model with this version, or do this step (tokens, images, audio) before the request"
                      .formatted(Extensions.VERSION)),
              new Remedy(
                  List.of("com.microsoft:", "com.microsoft with"),
                  "this ONNX Runtime has no such operator for the CPU: export the model without the optimizations that made it, or for this version"),
              new Remedy(
                  List.of("is not a registered function/op"),
                  "the server has the operators of ONNX, ONNX Runtime and ONNX Runtime Extensions alone: export the model with these, or with the operator as a function of the model"),
              new Remedy(
                  List.of("No Op registered for"),
                  "no such operator is in this opset: export for a newer opset, or with standard operators"),
              new Remedy(
                  List.of("Could not find an implementation for", "Failed to find kernel for"),
                  "the CPU has no kernel of this operator for this type or opset: export the model in float32, or for another opset"),
              new Remedy(
                  List.of("External data path", "external data file", "External initializer"),
                  "keep the files of external data beside the model under the names it has for them, or export the model in one file"),
              new Remedy(
                  List.of("rotobuf parsing failed", "No graph was found in the protobuf"),
                  "the file is not an ONNX model, or not all of it: export it again and compare its size and sha256sum"),
              new Remedy(
                  List.of("ShapeInferenceError", "TypeInferenceError", "does not match expected"),
                  "the file declares types or shapes that contradict each other: try onnx.checker.check_model(model, full_check=True) and export it again"),
              new Remedy(
                  List.of("Type Error: Type '", "bound to different types"),
                  "the operator does not take this type in this opset: convert the inputs to float32, or export for a newer opset"),
              new Remedy(
                  List.of("Required attribute", "Unrecognized attribute"),
                  "the operator has other attributes in this opset: export for the opset that the exporter was made for")));

  /** For callers: failures of a run. */
  static final Remedies RUN =
      new Remedies(
          List.of(
              new Remedy(
                  List.of("Status Message: stod", "Status Message: stof", "Status Message: stol"),
                  "a text that the model reads as a number is none: send texts that are numbers"),
              new Remedy(
                  List.of("Unknown Category and zeros"),
                  "send categories that the encoder was fitted on, or fit it with handle_unknown='ignore'"),
              new Remedy(
                  List.of(
                      "out of data bounds",
                      "out of range",
                      "Out of range",
                      "invalid index found",
                      "invalid indice found"),
                  "send indexes that the model has entries for"),
              new Remedy(
                  List.of("CV_IO_MAX_IMAGE_PIXELS"),
                  "send an image of fewer pixels than the server decodes"),
              new Remedy(List.of("by zero"), "send values for which the model divides by no zero"),
              new Remedy(
                  List.of(
                      "Attempting to broadcast",
                      "dimension mismatch",
                      "cannot be reshaped",
                      "dimensions must match",
                      "Invalid input shape",
                      "shape.Size() must be >= 0"),
                  "send inputs of sizes that the model was exported for")));

  /**
   * One of them.
   *
   * @param signs parts of a text, one of which is enough
   */
  private record Remedy(List<String> signs, String words) {}

  private final List<Remedy> remedies;

  private Remedies(List<Remedy> remedies) {
    this.remedies = remedies;
  }

  /** The first that fits a text of the runtime. */
  Optional<String> of(String text) {
    return remedies.stream()
        .filter(remedy -> remedy.signs().stream().anyMatch(text::contains))
        .map(Remedy::words)
        .findFirst();
  }
}
