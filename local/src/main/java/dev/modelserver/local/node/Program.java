package dev.modelserver.local.node;

import java.nio.file.Path;
import java.util.List;

/** What runs in place of a container image: turns a container's arguments into a command line. */
@FunctionalInterface
public interface Program {
  /**
   * The command line.
   *
   * @param temporary directory for the program's temporary files
   * @param arguments the arguments of the container
   */
  List<String> command(Path temporary, List<String> arguments);
}
