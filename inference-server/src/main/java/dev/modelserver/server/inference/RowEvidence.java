package dev.modelserver.server.inference;

import dev.modelserver.server.graph.independence.RowIndependence;
import java.util.Optional;

/**
 * What is known about whether the answer for a row depends on the other rows of its run.
 *
 * @param whyUnproved why the graph does not prove that it does not: a sentence without a full stop;
 *     empty when it does
 * @param rounding which node of the graph rounds a value by its place in a tensor, so that equal
 *     trial rows prove nothing about the last bits: a sentence without a full stop; empty when none
 *     does
 * @param tried the largest number of rows in a run on trial rows; 1: there was none
 * @param equal the largest number of rows up to which each trial row got, to the bit, the answer it
 *     gets alone
 * @param largestDifference between two answers for a trial row, in units in the last place of the
 *     row's largest number; infinite when they differ by more than numbers
 */
public record RowEvidence(
    Optional<String> whyUnproved,
    Optional<String> rounding,
    int tried,
    int equal,
    double largestDifference) {

  /** Where nothing was tried. */
  public static RowEvidence of(Optional<RowIndependence> graph) {
    return of(graph, RowAgreement.NONE);
  }

  static RowEvidence of(Optional<RowIndependence> graph, RowAgreement trials) {
    return new RowEvidence(
        graph.map(RowIndependence::whyNot).orElse(Optional.of("the file could not be read twice")),
        graph.flatMap(RowIndependence::rounding),
        trials.tried(),
        trials.equal(),
        trials.largest());
  }

  /** Whether the graph proves that rows are independent. */
  public boolean proved() {
    return whyUnproved.isEmpty();
  }

  /** Whether rows are proved to be independent to the last bit, as far as trial rows agree. */
  public boolean exact() {
    return proved() && rounding.isEmpty();
  }
}
