package dev.convoy.models;

import dev.convoy.ConvoyException;
import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Dropout;
import dev.convoy.graph.Flatten;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Identity;
import dev.convoy.graph.Linear;
import dev.convoy.graph.Node;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Softmax;
import java.util.function.Predicate;

/**
 * The end of a network whose scores are one linear layer of the means of its last maps. Such a
 * score is a sum over the pixels of those maps.
 *
 * @param maps the node whose maps are averaged
 * @param classifier the linear layer, whose result is the scores before any softmax
 */
record PooledEnding(Node maps, Node classifier) {
  /**
   * @throws ConvoyException if the network ends in another way, naming the layer that is different
   */
  static PooledEnding of(Graph graph) {
    Node end = graph.node(graph.outputs().get(0));
    Node classifier = behind(graph, end, PooledEnding::leavesScoresAlone);
    if (!(classifier.op() instanceof Linear linear && linear.activation().isIdentity())) {
      throw refusal(classifier, "a linear layer");
    }
    Node vector = graph.node(classifier.inputs().get(0));
    Node pool = behind(graph, vector, PooledEnding::leavesNumbersAlone);
    if (!(pool.op() instanceof AdaptivePool2d global
        && global.kind() == Pooling.AVERAGE
        && global.height() == 1
        && global.width() == 1)) {
      throw refusal(pool, "global average pooling before '" + classifier.name() + "'");
    }
    return new PooledEnding(graph.node(pool.inputs().get(0)), classifier);
  }

  private static Node behind(Graph graph, Node node, Predicate<Node> passed) {
    Node found = node;
    while (passed.test(found)) {
      found = graph.node(found.inputs().get(0));
    }
    return found;
  }

  private static boolean leavesScoresAlone(Node node) {
    return node.op() instanceof Softmax || leavesNumbersAlone(node);
  }

  private static boolean leavesNumbersAlone(Node node) {
    return node.op() instanceof Flatten
        || node.op() instanceof Dropout
        || node.op() instanceof Identity;
  }

  private static ConvoyException refusal(Node found, String expected) {
    return new ConvoyException(
        "class activation maps need a network that ends in global average pooling and one linear layer;"
            + " instead of %s this one has '%s' (%s, %s). Networks of the families ResNet, GoogLeNet, DenseNet,"
                .formatted(expected, found.name(), found.op(), found.shape())
            + " MobileNet v1 and v2 and EfficientNet do");
  }
}
