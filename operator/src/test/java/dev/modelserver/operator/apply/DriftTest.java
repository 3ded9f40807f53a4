package dev.modelserver.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {
  private static final String OWNED =
      """
      managedFields:
      - manager: us
        operation: Apply
        fieldsV1:
          'f:spec':
            'f:replicas': {}
            'f:ports':
              'k:{"port":80,"protocol":"TCP"}': {'.': {}, 'f:port': {}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "the same | {a: 1} | {a: 1} | false",
        "another value | {a: 1} | {a: 2} | true",
        "missing | {a: 1} | {} | true",
        "foreign field | {a: 1} | {a: 1, b: 2} | false",
        "quantity in another form | {limits: {cpu: '1'}} | {limits: {cpu: 1000m}} | false",
        "quantity with another value | {limits: {cpu: '1'}} | {limits: {cpu: 1100m}} | true",
        "size limit in bytes | {sizeLimit: '1073741824'} | {sizeLimit: 1Gi} | false",
        "version label | {labels: {v: 1.0.1}} | {labels: {v: 1.0.0}} | true",
        "label that looks like a quantity | {labels: {v: '1.10'}} | {labels: {v: '1.1'}} | true",
        "annotation with an address | {annotations: {ip: 10.0.0.2}} | {annotations: {ip: 10.0.0.1}} | true",
        "annotation with an empty value | {annotations: {internal: ''}} | {annotations: {}} | true",
        "foreign annotation | {annotations: {a: x}} | {annotations: {a: x, b: y}} | false",
        "argument that looks like a quantity | {args: ['1']} | {args: [1000m]} | true",
        "number and text | {port: 80} | {port: '80'} | false",
        "false that the server drops | {paused: false} | {} | false",
        "false where true is stored | {paused: false} | {paused: true} | true",
        "empty map over nothing | {emptyDir: {}} | {} | false",
        "foreign list element by name | {c: [{name: a}]} | {c: [{name: side}, {name: a}]} | false",
        "our list element gone | {c: [{name: a}]} | {c: [{name: side}]} | true",
        "our element changed | {c: [{name: a, v: 1}]} | {c: [{name: a, v: 2}]} | true",
        "rules of a network | {ingress: [{from: [{a: {}}], ports: [{port: 53, v: x}, {port: 53, v: y}]}]} | {ingress: [{from: [{a: {}}], ports: [{port: 53, v: x}, {port: 53, v: y}]}]} | false",
        "another empty selector | {ingress: [{from: [{a: {}}]}]} | {ingress: [{from: [{b: {}}]}]} | true",
        "one selector less | {egress: [{to: [{a: {}}]}]} | {egress: [{to: [{a: {}, b: {}}]}]} | true",
        "one port more | {egress: [{ports: [{port: 53}]}]} | {egress: [{ports: [{port: 53}, {port: 54}]}]} | true",
        "atomic list longer | {args: [a]} | {args: [a, b]} | true",
        "atomic list reordered | {args: [a, b]} | {args: [b, a]} | true",
        "element without merge key | {m: [{type: x, v: 1}]} | {m: [{type: x, v: 1}, {type: y}]} | true",
      })
  void looksAtWhatWeWant(String why, String wanted, String actual, boolean drift) {
    assertThat(exists(spec(wanted, ""), spec(actual, ""), "us")).as(why).isEqualTo(drift);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{a: {b: 1}} | {a: {b: 2}} | spec.a.b 1 2",
        "{a: 1} | {} | spec.a 1 ",
        "{a: {b: 1}} | {a: x} | spec.a {`b`:1} `x`",
        "{labels: {a.b/c: x}} | {labels: {a.b/c: y}} | spec.labels[`a.b/c`] `x` `y`",
        "{labels: {c: x}} | {} | spec.labels.c `x` ",
        "{c: [{name: a, i: r/x}]} | {c: [{name: b}, {name: a, i: m/x}]} | spec.c[name=`a`].i `r/x` `m/x`",
        "{c: [{name: a, i: 1}]} | {c: [{name: b}]} | spec.c[name=`a`] {`name`:`a`,`i`:1} ",
        "{p: [{containerPort: 80, n: a}]} | {p: [{containerPort: 80, n: b}]} | spec.p[containerPort=80].n `a` `b`",
        "{args: [a, b]} | {args: [a, c]} | spec.args[1] `b` `c`",
        "{p: [{name: g, s: a}, {name: g, s: b}]} | {p: [{name: g, s: a}, {name: g, s: c}]} | spec.p[1].s `b` `c`",
        "{args: [a]} | {args: [a, b]} | spec.args [`a`] [`a`,`b`]",
        "{limits: {cpu: '1', memory: 1Gi}} | {limits: {cpu: 1000m, memory: 2Gi}} | spec.limits.memory `1Gi` `2Gi`",
        "{paused: false} | {paused: true} | spec.paused false true",
      })
  void namesTheFieldAndBothValues(String wanted, String actual, String difference) {
    assertThat(Drift.between(spec(wanted, ""), spec(actual, ""), "us"))
        .extracting(d -> "%s %s %s".formatted(d.path(), d.wanted(), d.actual()).strip())
        .containsExactly(difference.replace('`', '"'));
  }

  /** As references to two listeners of one Gateway. */
  @Test
  void elementsOfTheSameNameAreComparedByTheirPlace() {
    JsonNode two = spec("{p: [{name: g, s: a}, {name: g, s: b}]}", "");

    assertThat(exists(two, two, "us")).isFalse();
  }

  @Test
  void namesEachDifference() {
    JsonNode actual = spec("{a: 2, b: 2, c: 3, replicas: 3}", OWNED);

    assertThat(Drift.between(spec("{a: 1, b: 1, c: 3}", ""), actual, "us"))
        .extracting(d -> d.kind() + " " + d.path())
        .containsExactly(
            "VALUE spec.a",
            "VALUE spec.b",
            "UNWANTED /f:spec/f:replicas",
            "UNWANTED /f:spec/f:ports",
            "NOT_OURS /f:spec/f:a",
            "NOT_OURS /f:spec/f:b",
            "NOT_OURS /f:spec/f:c");
  }

  @Test
  void aFieldThatWeOwnAndNoLongerWantIsDrift() {
    JsonNode actual = spec("{replicas: 3, ports: [{port: 80, protocol: TCP}]}", OWNED);

    assertThat(exists(spec("{ports: [{port: 80}]}", ""), actual, "us")).isTrue();
    assertThat(exists(spec("{replicas: 3, ports: [{port: 80}]}", ""), actual, "us")).isFalse();
    assertThat(exists(spec("{replicas: 3}", ""), actual, "us")).isTrue();
    assertThat(exists(spec("{ports: [{port: 80}]}", ""), actual, "another")).isFalse();
  }

  @Test
  void knowsWhoDecidesAField() {
    JsonNode actual = spec("{replicas: 3}", OWNED);

    assertThat(OwnedFields.of(actual, "us").ofSpec("replicas")).isTrue();
    assertThat(OwnedFields.of(actual, "us").ofSpec("paused")).isFalse();
    assertThat(OwnedFields.of(actual, "another").ofSpec("replicas")).isFalse();
  }

  private static boolean exists(JsonNode wanted, JsonNode actual, String manager) {
    return !Drift.between(wanted, actual, manager).isEmpty();
  }

  private static JsonNode spec(String spec, String metadata) {
    try {
      return new ObjectMapper(new YAMLFactory())
          .readTree("metadata:\n" + ("name: x\n" + metadata).indent(2) + "spec: " + spec);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
