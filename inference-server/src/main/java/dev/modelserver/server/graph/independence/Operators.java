package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The operators whose treatment of rows is known. */
final class Operators {

  /** The domain of ONNX Runtime's own operators, which optimized exports have. */
  static final String MICROSOFT = "com.microsoft";

  private static final Set<String> RANDOM =
      Set.of(
          "Bernoulli",
          "Multinomial",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike");

  private static final Set<String> DOMAINS = Set.of("", Node.ML, MICROSOFT);

  private static final Map<String, Rule> RULES = new HashMap<>();

  static {
    ElementwiseRules.addTo(RULES);
    ReshapeRules.addTo(RULES);
    ShapeRules.addTo(RULES);
    SizeRules.addTo(RULES);
    IndexRules.addTo(RULES);
    ReductionRules.addTo(RULES);
    ProductRules.addTo(RULES);
    RULES.put("Einsum", EinsumRule::apply);
    ConvolutionRules.addTo(RULES);
    ResizeRules.addTo(RULES);
    NormalizationRules.addTo(RULES);
    RecurrentRules.addTo(RULES);
    QuantizationRules.addTo(RULES);
    AttentionRules.addTo(RULES);
    MlRules.addTo(RULES);
    SequenceRules.addTo(RULES);
  }

  private Operators() {}

  static String key(String domain, String operator) {
    return domain.isEmpty() ? operator : domain + "." + operator;
  }

  /** The outputs of a node that is neither a function nor holds graphs. */
  static List<RowValue> apply(Call call) throws RowsMixException {
    Node node = call.node();
    if (RANDOM.contains(node.operator())) {
      throw new RowsMixException("gives random numbers");
    }
    if (node.is("Constant")) {
      return List.of(
          node.constant()
              .map(constant -> Tensor.of(constant, call.symbols()))
              .orElse(Tensor.UNKNOWN_SHAPE));
    }
    Optional<List<RowValue>> numbers = SizeRules.known(call);
    if (numbers.isPresent()) {
      return numbers.get();
    }
    Rule rule = RULES.get(key(node.domain(), node.operator()));
    if (rule != null) {
      return rule.apply(call);
    }
    for (Tensor input : call.tensors()) {
      if (input.hasRows()) {
        throw new RowsMixException("is not known to keep rows apart");
      }
    }
    if (!DOMAINS.contains(node.domain())) {
      throw new RowsMixException("is not known");
    }
    return Collections.nCopies(node.outputs().size(), Tensor.UNKNOWN_SHAPE);
  }
}
