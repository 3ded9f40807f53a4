package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.model.ModelLoadException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissingLocaleTest {

  @Test
  void listsTheLocalesThatThereAre() {
    ModelLoadException failure =
        catchThrowableOfType(
            ModelLoadException.class, () -> OnnxModel.load(TestModels.file("text-lower-klingon")));

    assertThat(failure.kind()).isEqualTo(ModelLoadException.Kind.INVALID);
    assertThat(failure)
        .hasMessageContaining("need the locale tlh_XX.UTF-8, which this server does not have")
        .hasMessageMatching(".* available are .*C\\b.*: export the model with one of them.*")
        .hasMessageNotContaining("lambda");
  }

  @Test
  void showsAFewOfMany() {
    assertThat(MissingLocale.sentence("x", Collections.nCopies(300, "C")))
        .contains("C and 280 more:")
        .hasSizeLessThan(400);
    assertThat(MissingLocale.sentence("x", List.of("C", "en_US.utf8")))
        .contains("available are C, en_US.utf8:");
    assertThat(MissingLocale.sentence("Load model failed")).isEmpty();
  }
}
