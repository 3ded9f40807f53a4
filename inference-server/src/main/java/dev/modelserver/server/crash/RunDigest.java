package dev.modelserver.server.crash;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/**
 * One name for a model with its inputs, whatever protocol they came by: a SHA-256 over the model's
 * digest and over name, type, shape and values of each tensor, in the order of the names.
 */
final class RunDigest {

  private RunDigest() {}

  static Digest of(Digest model, Map<String, Tensor> inputs) {
    MessageDigest hash = Digest.sha256();
    text(hash, model.hex());
    new TreeMap<>(inputs)
        .forEach(
            (name, tensor) -> {
              text(hash, name);
              text(hash, tensor.type().name());
              number(hash, tensor.shape().rank());
              tensor.shape().dims().forEach(dim -> number(hash, dim));
              switch (tensor) {
                case NumericTensor numbers -> hash.update(numbers.data().duplicate().rewind());
                case StringTensor strings -> strings.values().forEach(value -> text(hash, value));
              }
            });
    return Digest.from(hash.digest());
  }

  private static void text(MessageDigest hash, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(hash, bytes.length);
    hash.update(bytes);
  }

  private static void number(MessageDigest hash, long number) {
    hash.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
  }
}
