package dev.modelserver.server.openapi;

/** The parts of the document, in its order. */
public enum ApiGroup {
  PREDICT("Predict", "Features in, a named prediction out."),
  OPEN_INFERENCE(
      "Open Inference Protocol",
      "Tensors in, tensors out: version 2 of the protocol that KServe and Triton speak too."),
  V1(
      "V1 protocol",
      "Instances in, predictions out, as TensorFlow Serving and KServe's V1 have it."),
  SERVER("Server", "What is served, and how it is.");

  private final String title;
  private final String description;

  ApiGroup(String title, String description) {
    this.title = title;
    this.description = description;
  }

  String title() {
    return title;
  }

  String description() {
    return description;
  }
}
