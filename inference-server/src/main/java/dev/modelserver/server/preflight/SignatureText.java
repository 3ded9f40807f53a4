package dev.modelserver.server.preflight;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** A signature as the contract writes it: JSON, deflated, in base64; and the hash of that JSON. */
final class SignatureText {

  private static final int LONGEST = 1 << 20;
  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SignatureText() {}

  static byte[] json(Signature signature) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      TensorSpec.write(json, "inputs", signature.inputs());
      if (!signature.optionalInputs().isEmpty()) {
        TensorSpec.write(json, "optionalInputs", signature.optionalInputs());
      }
      TensorSpec.write(json, "outputs", signature.outputs());
      json.writeArrayFieldStart("classes");
      for (String name : signature.classes()) {
        json.writeString(name);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return out.toByteArray();
  }

  static String hash(Signature signature) {
    return Digest.of(json(signature)).hex();
  }

  static String encode(Signature signature) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try (DeflaterOutputStream stream = new DeflaterOutputStream(out, deflater)) {
      stream.write(json(signature));
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    } finally {
      deflater.end();
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static Signature decode(String text) {
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
      JsonNode root = MAPPER.readTree(in.readNBytes(LONGEST));
      List<String> classes = new ArrayList<>();
      root.path("classes").forEach(name -> classes.add(name.asText()));
      return new Signature(
          specs(root.path("inputs")),
          specs(root.path("optionalInputs")),
          specs(root.path("outputs")),
          classes);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a signature", e);
    }
  }

  private static List<TensorSpec> specs(JsonNode list) {
    List<TensorSpec> specs = new ArrayList<>();
    for (JsonNode spec : list) {
      long[] shape = new long[spec.path("shape").size()];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = spec.path("shape").get(i).asLong();
      }
      specs.add(
          new TensorSpec(
              spec.path("name").asText(),
              DataType.valueOf(spec.path("datatype").asText()),
              Shape.of(shape)));
    }
    return specs;
  }
}
