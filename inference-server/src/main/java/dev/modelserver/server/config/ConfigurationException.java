package dev.modelserver.server.config;

/** The configuration cannot be used; the message names the field, its value and the remedy. */
public final class ConfigurationException extends Exception {

  public ConfigurationException(String message) {
    super(message);
  }
}
