package dev.modelserver.server.model;

/** What the scores of a model are, decided once, when it is loaded. */
public enum ScoreKind {
  /** Probabilities of classes that exclude each other: not negative, and one in sum. */
  PROBABILITIES,
  /** Probabilities of classes of which any number can apply at once: each from 0 to 1. */
  INDEPENDENT_PROBABILITIES,
  /** Any other numbers: logits, distances, votes. */
  SCORES
}
