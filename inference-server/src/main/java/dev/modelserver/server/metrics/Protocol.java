package dev.modelserver.server.metrics;

import java.util.Locale;

/** The ways to ask the model, as a label. */
public enum Protocol {
  PREDICT,
  V1,
  V2,
  GRPC;

  /** The protocol whose inference path this is. */
  public static Protocol ofPath(String path) {
    if (path.startsWith("/v2/")) {
      return V2;
    }
    return path.startsWith("/v1/") ? V1 : PREDICT;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
