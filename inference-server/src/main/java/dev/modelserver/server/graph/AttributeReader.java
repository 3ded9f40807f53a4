package dev.modelserver.server.graph;

import dev.modelserver.server.model.ModelLoadException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an AttributeProto. */
final class AttributeReader {

  /** Of one text; longer ones are no names. */
  static final int MAX_TEXT_BYTES = 1 << 16;

  private static final int MAX_VALUES = ConstantReader.MAX_VALUES;

  private final ProtobufFields in;
  private final GraphReader graphs;
  private final List<Long> integers = new ArrayList<>();
  private final List<Double> numbers = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private String name = "";
  private String reference = "";
  private int kind;
  private int integerCount;
  private int numberCount;
  private int textCount;
  private long most = Long.MIN_VALUE;
  private Attribute single = new Attribute.Other();
  private @Nullable Graph graph;

  AttributeReader(ProtobufFields in, GraphReader graphs) {
    this.in = in;
    this.graphs = graphs;
  }

  String name() {
    return name;
  }

  /** Reads all of it. */
  void read() throws IOException, ModelLoadException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> single = new Attribute.FloatNumber(in.floating());
        case 3 -> single = new Attribute.WholeNumber(in.number());
        case 4 ->
            single =
                in.bytes(MAX_TEXT_BYTES)
                    .<Attribute>map(
                        bytes -> new Attribute.Text(new String(bytes, StandardCharsets.UTF_8)))
                    .orElseGet(Attribute.Other::new);
        case 5 -> single = new Attribute.Tensor(ConstantReader.read(in).constant());
        case 6 -> graph = graphs.graph();
        case 7 -> in.floats(false, this::number);
        case 8 -> in.numbers(this::integer);
        case 9 -> text();
        case 20 -> kind = (int) in.number();
        case 21 -> reference = in.text();
        default -> in.skip();
      }
    }
  }

  private void integer(long value) {
    integerCount++;
    most = Math.max(most, value);
    if (integers.size() < MAX_VALUES) {
      integers.add(value);
    }
  }

  private void number(double value) {
    numberCount++;
    if (numbers.size() < MAX_VALUES) {
      numbers.add(value);
    }
  }

  private void text() throws IOException {
    textCount++;
    in.bytes(MAX_TEXT_BYTES)
        .filter(bytes -> texts.size() < MAX_VALUES)
        .ifPresent(bytes -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
  }

  /**
   * What was read; the kinds are those of AttributeProto.AttributeType.
   *
   * @param place of the attribute
   */
  Attribute attribute(Place place) {
    Graph inside = graph;
    if (inside != null) {
      return new Attribute.Subgraph(inside, place);
    }
    if (!reference.isEmpty()) {
      return new Attribute.Reference(reference);
    }
    if (integerCount > 0 || kind == 7) {
      return new Attribute.Integers(
          integerCount, integerCount == integers.size() ? List.copyOf(integers) : null, most);
    }
    if (numberCount > 0 || kind == 6) {
      return new Attribute.Numbers(
          numberCount, numberCount == numbers.size() ? List.copyOf(numbers) : null);
    }
    if (textCount > 0 || kind == 8) {
      return new Attribute.Texts(textCount, textCount == texts.size() ? List.copyOf(texts) : null);
    }
    if (single instanceof Attribute.Other) {
      // proto3 does not write what is zero
      return switch (kind) {
        case 1 -> new Attribute.FloatNumber(0);
        case 2 -> new Attribute.WholeNumber(0);
        case 3 -> new Attribute.Text("");
        default -> single;
      };
    }
    return single;
  }
}
