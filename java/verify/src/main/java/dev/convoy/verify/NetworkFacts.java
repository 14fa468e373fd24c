package dev.convoy.verify;

import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Graph;
import dev.convoy.graph.LayerNorm;
import dev.convoy.graph.Op;
import dev.convoy.graph.Parameter;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is known of a network without running it. A part that a file leaves out is empty.
 *
 * @param parameters trainable numbers
 * @param buffers numbers of running statistics
 * @param macs multiply-accumulates of convolutions and linear layers for one image of {@code
 *     macsInput}
 * @param keysHash SHA-256 of the checkpoint's key list
 * @param normEps every eps of the normalisation layers
 */
record NetworkFacts(
    long parameters,
    Optional<Long> buffers,
    Optional<Long> macs,
    Optional<Shape> macsInput,
    long keys,
    String keysHash,
    Optional<Set<Double>> normEps) {

  static NetworkFacts read(JsonTree json) {
    return new NetworkFacts(
        json.get("params").count(),
        json.find("buffers").map(JsonTree::count),
        json.find("macs").map(JsonTree::count),
        json.find("macs_input").map(JsonTree::shape),
        json.get("n_keys").count(),
        json.get("keys_sha256").text(),
        json.find("norm_eps")
            .map(eps -> Arrays.stream(eps.numbers()).boxed().collect(Collectors.toSet())));
  }

  void check(Comparison comparison, Network network) {
    Map<String, Parameter.Stored> stored = network.graph().storedParameters();
    comparison.same("parameters", parameters, network.parameters());
    buffers.ifPresent(n -> comparison.same("buffers", n, network.statistics()));
    macs.ifPresent(n -> comparison.same("macs", n, network.macs()));
    comparison.same("keys", keys, (long) stored.size());
    comparison.same("SHA-256 of the keys", keysHash, sha256(keyList(stored)));
    Set<Double> eps = normEps(network.graph());
    if (!eps.isEmpty()) {
      normEps.ifPresent(expected -> comparison.same("eps of the norms", expected, eps));
    }
  }

  private static Set<Double> normEps(Graph graph) {
    return graph.nodes().stream()
        .flatMap(node -> normEps(node.op()).stream())
        .collect(Collectors.toSet());
  }

  private static Optional<Double> normEps(Op op) {
    return op instanceof BatchNorm batch
        ? Optional.of(batch.eps())
        : op instanceof LayerNorm layer ? Optional.of(layer.eps()) : Optional.empty();
  }

  /** A line {@code name d0,d1,…} for every stored tensor, sorted by name. */
  static String keyList(Map<String, Parameter.Stored> stored) {
    StringBuilder list = new StringBuilder();
    new TreeMap<>(stored)
        .forEach(
            (key, parameter) -> list.append(key).append(' ').append(dims(parameter)).append('\n'));
    return list.toString();
  }

  private static String dims(Parameter parameter) {
    return Arrays.stream(parameter.shape().toArray())
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(","));
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
