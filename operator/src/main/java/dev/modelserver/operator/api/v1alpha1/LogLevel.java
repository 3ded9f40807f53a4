package dev.modelserver.operator.api.v1alpha1;

/** Log level of the inference server. */
public enum LogLevel {
  DEBUG,
  INFO,
  WARN,
  ERROR
}
