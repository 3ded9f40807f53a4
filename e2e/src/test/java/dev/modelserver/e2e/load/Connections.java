package dev.modelserver.e2e.load;

/** How a call comes by its connection. */
public enum Connections {
  /** From a pool of persistent connections, used in turn. */
  KEEP_ALIVE,
  /** A new one for every call. */
  NEW
}
