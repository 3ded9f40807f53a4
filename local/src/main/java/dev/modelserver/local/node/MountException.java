package dev.modelserver.local.node;

/** A volume that cannot be mounted now; the message is the kubelet's own sentence. */
final class MountException extends Exception {
  private static final long serialVersionUID = 1L;

  MountException(String message) {
    super(message);
  }
}
