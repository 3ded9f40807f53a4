package dev.modelserver.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of an object that is not as it was applied. */
class OverridesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'limits':{'cpu':'1'}} | {'limits':{'cpu':'2'}} | limits.cpu = `2` instead of `1`",
        "{'labels':{'team':'a'}} | {} | labels.team = nothing instead of `a`",
        "{'args':['a']} | {'args':['a','b']} | args = [`a`,`b`] instead of [`a`]",
        "{'data':{'config.json':'https://h/m?sig=1'}} | {'data':{'config.json':'x'}} | data[`config.json`] = a value that is not shown instead of a value that is not shown",
        "{'c':[{'name':'s','env':[{'name':'A','value':'secret'}]}]} | {'c':[{'name':'s','env':[{'name':'A','value':'x'}]}]} | c[name=`s`].env[name=`A`].value = a value that is not shown instead of a value that is not shown",
        "{'c':[{'name':'s','env':[{'name':'A','value':'secret'}]}]} | {'c':[]} | c[name=`s`] = nothing instead of a value that is not shown",
        "{'a':'x'} | {'a':'y\\u202e\\n'} | a = `y\\u202e\\n` instead of `x`",
      })
  void namesTheFieldAndBothValues(String wanted, String stored, String sentence) {
    assertThat(told(wanted, stored))
        .containsExactly("Deployment iris has " + sentence.replace('`', '"'));
  }

  @Test
  void longTextsAreCut() {
    String told = told("{'" + "k".repeat(900) + "':'" + "v".repeat(900) + "'}", "{}").getFirst();

    assertThat(told).hasSizeLessThan(400).contains("kkk…", "vvv…");
  }

  @Test
  void anObjectThatIsAsItWasAppliedIsNotTold() {
    Overrides overrides = new Overrides();
    overrides.tell("Deployment iris", "us", differences("{'a':1}", "{'a':2}"));
    overrides.tell("Deployment iris", "us", List.of());

    assertThat(overrides.all()).isEmpty();
  }

  private static List<String> told(String wanted, String stored) {
    Overrides overrides = new Overrides();
    overrides.tell("Deployment iris", "us", differences(wanted, stored));
    return overrides.all().stream().map(field -> field.sentence()).toList();
  }

  private static List<Difference> differences(String wanted, String stored) {
    return Drift.between(json(wanted), json(stored), "us");
  }

  private static JsonNode json(String text) {
    return Json.tree(text.replace('\'', '"'));
  }
}
