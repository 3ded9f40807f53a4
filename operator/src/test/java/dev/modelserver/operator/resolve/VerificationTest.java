package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden requests in a spec: what is refused, and what is another revision. */
class VerificationTest {
  private static final String MODEL = "model: {configMap: {name: iris-model, key: model.onnx}}\n";
  private static final String GOLDEN =
      "{name: a, request: {features: [1, 2]}, expect: {class: x, list: []}}";

  @Test
  void areTakenAsTheyAre() {
    Workload workload =
        Yaml.resolved(MODEL + "verification: {requests: [%s]}".formatted(GOLDEN)).workload();

    assertThat(workload.verification())
        .singleElement()
        .satisfies(
            golden -> {
              assertThat(golden.request()).hasToString("{\"features\":[1,2]}");
              assertThat(golden.expect()).hasToString("{\"class\":\"x\",\"list\":[]}");
            });
  }

  @Test
  void noneAreNoneHoweverThatIsSaid() {
    String hash = Yaml.resolved(MODEL).workload().hash();

    assertThat(Yaml.resolved(MODEL + "verification: {requests: []}").workload().hash())
        .isEqualTo(hash);
    assertThat(Yaml.resolved(MODEL + "verification: {}").workload().hash()).isEqualTo(hash);
    assertThat(Yaml.resolved(MODEL + "rollout: {signaturePolicy: Any}").workload().hash())
        .isEqualTo(hash);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{name: b, request: {features: [1, 2]}, expect: {class: x, list: []}}",
        "{name: a, request: {features: [1, 3]}, expect: {class: x, list: []}}",
        "{name: a, request: {features: [1, 2]}, expect: {class: x}}",
        "{name: a, request: {features: [1, 2]}, expect: {class: x, list: null}}",
        "{name: a, request: {features: [1, 2]}, expect: {class: x, list: []}, tolerance: {relative: 0.1}}",
      })
  void everyChangeIsAnotherRevision(String changed) {
    assertThat(hash(changed)).isNotEqualTo(hash(GOLDEN));
  }

  @Test
  void theOrderOfFieldsIsNoChange() {
    assertThat(hash("{expect: {list: [], class: x}, name: a, request: {features: [1, 2]}}"))
        .isEqualTo(hash(GOLDEN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{request: {}, expect: {}} | spec.verification.requests[0].name",
        "{name: a, expect: {}} | spec.verification.requests[0].request",
        "{name: a, request: {}} | spec.verification.requests[0].expect",
        "{name: a, request: [1], expect: {}} | spec.verification.requests[0].request",
        "{name: a, request: {}, expect: text} | spec.verification.requests[0].expect",
        "{name: a, request: {}, expect: {}, tolerance: {absolute: -1}} | spec.verification.requests[0].tolerance",
        "{name: a, request: {}, expect: {}}, {name: a, request: {}, expect: {}} | spec.verification.requests[1].name \"a\"",
      })
  void namesTheFieldThatMustChange(String golden, String named) {
    assertThat(problems(golden)).singleElement().asString().contains(named);
  }

  @Test
  void atMost20And64KiBTogether() {
    assertThat(problems(several(20, 2000))).isEmpty();
    assertThat(problems(several(21, 10)))
        .singleElement()
        .asString()
        .contains("21 golden requests, at most 20");
    assertThat(problems(several(4, 20_000)))
        .singleElement()
        .asString()
        .contains("bytes of JSON, at most 65536 (64 KiB)");
  }

  private static String several(int number, int length) {
    return IntStream.range(0, number)
        .mapToObj(
            i -> "{name: a%d, request: {text: %s}, expect: {}}".formatted(i, "x".repeat(length)))
        .collect(Collectors.joining(", "));
  }

  private static String hash(String golden) {
    return Yaml.resolved(MODEL + "verification: {requests: [%s]}".formatted(golden))
        .workload()
        .hash();
  }

  private static List<String> problems(String golden) {
    return switch (new Resolver(Yaml.SETTINGS)
        .resolve(Yaml.modelServer(MODEL + "verification: {requests: [%s]}".formatted(golden)))) {
      case Resolution.Rejected rejected -> rejected.problems();
      case Resolution.Accepted _ -> List.of();
    };
  }
}
