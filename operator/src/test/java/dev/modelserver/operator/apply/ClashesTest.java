package dev.modelserver.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What somebody moved to another key is put back in its place. */
class ClashesTest {
  private static final JsonNode WANTED =
      Json.tree(
          "{'spec':{'ports':[{'name':'http','port':80,'protocol':'TCP'}]}}".replace('\'', '"'));

  private static JsonNode stored(String ports) {
    return Json.tree(
        "{'metadata':{'resourceVersion':'7'},'spec':{'ports':%s}}"
            .formatted(ports)
            .replace('\'', '"'));
  }

  @Test
  void aPortUnderItsNameWithAnotherNumberOrProtocol() {
    assertThat(
            Clashes.patch(
                WANTED,
                stored(
                    "[{'name':'foreign','port':9},{'name':'http','port':81,'protocol':'TCP','nodePort':3}]")))
        .hasValueSatisfying(
            patch ->
                assertThat(patch)
                    .contains(
                        "{'op':'replace','path':'/metadata/resourceVersion','value':'7'}"
                            .replace('\'', '"'))
                    .contains(
                        "'/spec/ports/1','value':{'name':'http','port':80,'protocol':'TCP','nodePort':3}"
                            .replace('\'', '"')));
    assertThat(
            Clashes.patch(
                WANTED,
                stored("[{'name':'foreign','port':9},{'name':'http','port':80,'protocol':'UDP'}]")))
        .isPresent();
  }

  @Test
  void aPortOfOursThatIsNoLongerWantedMakesRoom() {
    JsonNode stored =
        Json.tree(
            """
            {"metadata":{"resourceVersion":"7","managedFields":[{"manager":"modelserver-operator","operation":"Apply","fieldsV1":
              {"f:spec":{"f:ports":{"k:{\\"port\\":8000,\\"protocol\\":\\"TCP\\"}":{},"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{}}}}}]},
             "spec":{"ports":[{"name":"http","port":8000,"protocol":"TCP"},{"name":"foreign","port":9,"protocol":"TCP"},{"name":"grpc","port":80,"protocol":"TCP"}]}}""");

    assertThat(Clashes.patch(WANTED, stored))
        .hasValueSatisfying(
            patch -> {
              assertThat(patch)
                  .contains(
                      "{'op':'replace','path':'/spec/ports/0','value':{'name':'http','port':80,'protocol':'TCP'}},{'op':'remove','path':'/spec/ports/2'}"
                          .replace('\'', '"'));
              assertThat(patch).doesNotContain("/spec/ports/1");
            });
  }

  @Test
  void nothingForWhatIsInItsPlaceOrMissing() {
    assertThat(Clashes.patch(WANTED, stored("[{'name':'http','port':80,'protocol':'TCP'}]")))
        .isEmpty();
    assertThat(Clashes.patch(WANTED, stored("[{'name':'foreign','port':80}]"))).isEmpty();
  }

  /** As references to two listeners of one Gateway. */
  @Test
  void nothingForWhatSharesItsName() {
    JsonNode refs =
        Json.tree(
            """
            {"spec":{"parentRefs":[{"name":"edge","port":80},{"name":"edge","port":443}]}}""");

    assertThat(Clashes.patch(refs, refs)).isEmpty();
  }
}
