package dev.modelserver.server.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import org.junit.jupiter.api.Test;

class ExtensionOperatorsTest {

  @Test
  void areFoundInLoopsBranchesAndFunctions() {
    assertThat(ExtensionOperators.of(graph("extension-embedding")))
        .containsExactly("BertTokenizer");
    assertThat(ExtensionOperators.of(graph("extension-upper"))).containsExactly("StringUpper");
    // its node in a domain of the library calls a function of the model
    assertThat(ExtensionOperators.of(graph("extension-function"))).containsExactly("StringLower");
    assertThat(ExtensionOperators.named(graph("extension-function")))
        .containsExactly("Same", "StringLower");
  }

  @Test
  void areNotThoseOfOnnxRuntimeItself() {
    assertThat(ExtensionOperators.of(graph("text-sentiment"))).isEmpty();
    assertThat(ExtensionOperators.of(graph("identity"))).isEmpty();
  }

  @Test
  void mayTakeAnyTimeAndMemory() throws Exception {
    OnnxFileScan upper = OnnxFileScan.of(TestModels.file("extension-upper"));
    OnnxFileScan identity = OnnxFileScan.of(TestModels.file("identity"));

    assertThat(upper.extensions()).isTrue();
    assertThat(upper.boundedWork()).isFalse();
    assertThat(identity.extensions()).isFalse();
    assertThat(identity.boundedWork()).isTrue();
  }

  private static ModelGraph graph(String name) {
    return ModelGraph.of(TestModels.file(name)).orElseThrow();
  }
}
