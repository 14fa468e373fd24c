package dev.convoy.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * The checkpoint keys of a published network with their shapes.
 *
 * @param lines {@code name d0,d1,…}, sorted by name
 */
record KeysCase(String id, String model, List<String> lines) implements GoldenCase {
  @Override
  public CaseResult compare(Subject subject) {
    List<String> actual =
        NetworkFacts.keyList(GoldenNetwork.architecture(model).network().graph().storedParameters())
            .lines()
            .toList();
    List<String> missing = new ArrayList<>(lines);
    missing.removeAll(actual);
    List<String> unexpected = new ArrayList<>(actual);
    unexpected.removeAll(lines);
    Comparison comparison = new Comparison();
    if (!missing.isEmpty() || !unexpected.isEmpty()) {
      comparison.fail("missing " + missing + ", unexpected " + unexpected);
    }
    comparison.same("keys", lines, actual);
    return comparison.result(id);
  }
}
