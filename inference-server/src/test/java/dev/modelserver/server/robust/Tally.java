package dev.modelserver.server.robust;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts answers by class and status, and prints them as a table. */
final class Tally {

  private final Map<String, Map<String, Integer>> counts = new TreeMap<>();
  private final Map<String, Integer> sent = new TreeMap<>();

  synchronized void add(String name, List<String> words) {
    sent.merge(name, 1, Integer::sum);
    Map<String, Integer> row = counts.computeIfAbsent(name, key -> new TreeMap<>());
    for (String word : words) {
      row.merge(word, 1, Integer::sum);
    }
  }

  synchronized int sent() {
    return sent.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Answers with this status over all classes. */
  synchronized int answers(String word) {
    return counts.values().stream().mapToInt(row -> row.getOrDefault(word, 0)).sum();
  }

  synchronized String table() {
    int width = sent.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder table = new StringBuilder();
    sent.forEach(
        (name, number) ->
            table.append(
                String.format(
                    "%-" + width + "s %8d  %s%n",
                    name,
                    number,
                    words(counts.getOrDefault(name, Map.of())))));
    return table.append("classes ").append(sent.size()).append(", sent ").append(sent()).toString();
  }

  private static String words(Map<String, Integer> row) {
    StringBuilder text = new StringBuilder();
    row.forEach((word, number) -> text.append(word).append('×').append(number).append(' '));
    return text.toString().strip();
  }
}
