package dev.modelserver.server.oip;

import dev.modelserver.server.failure.RequestException;
import java.util.Set;

/**
 * Parameters of tensors, from extensions of the Open Inference Protocol that this server does not
 * have. They change what a tensor means and must not be passed over, whatever brought them.
 */
final class UnservedParameters {

  private static final Set<String> NAMES =
      Set.of(
          "classification",
          "shared_memory_region",
          "shared_memory_offset",
          "shared_memory_byte_size");

  private UnservedParameters() {}

  /**
   * Refuses a parameter of such a name.
   *
   * @param place the parameters that it is one of
   */
  static void refuse(String name, String place) throws RequestException {
    if (NAMES.contains(name)) {
      throw RequestException.malformed(
          place + "." + name + " is given; this server has no such extension, send without it");
    }
  }
}
