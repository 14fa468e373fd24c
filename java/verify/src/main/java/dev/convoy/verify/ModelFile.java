package dev.convoy.verify;

import java.util.ArrayList;
import java.util.List;

/** The cases of a model file: facts, then checkpoints and logits for every input. */
final class ModelFile {
  private ModelFile() {}

  static List<GoldenCase> read(JsonTree root) {
    GoldenNetwork network = GoldenNetwork.read(root);
    List<GoldenCase> cases = new ArrayList<>();
    cases.add(FactsCase.read(network.model() + "/facts", root));
    for (JsonTree json : root.get("cases").list()) {
      InputTensor input = InputTensor.read(json.get("input"));
      String id = network.model() + "/" + input;
      if (json.has("logits_shape", "items")) {
        classifier(json, id, network, input, cases);
      } else {
        cases.add(new UnsupportedCase(id, "no way to check results that are not a classifier's"));
      }
    }
    return cases;
  }

  private static void classifier(
      JsonTree json, String id, GoldenNetwork network, InputTensor input, List<GoldenCase> cases) {
    LogitsDigest logits = LogitsDigest.read(json);
    if (logits.shape().dim(0) != input.batch()) {
      throw json.get("logits_shape").wrong("of batch " + input.batch());
    }
    List<Checkpoint> checkpoints =
        json.get("checkpoints").list().stream().map(Checkpoint::read).toList();
    cases.add(
        new CheckpointsCase(id + "/checkpoints", network, input, logits.classes(), checkpoints));
    cases.add(new LogitsCase(id + "/logits", network, input, logits));
    if (json.has("aux")) {
      List<Checkpoint> heads = json.get("aux").list().stream().map(Checkpoint::read).toList();
      cases.add(new CheckpointsCase(id + "/aux", network, input, logits.classes(), heads));
    }
  }
}
