package dev.convoy.models;

import dev.convoy.graph.BatchNorm;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.nn.Network;
import dev.convoy.weights.WeightsException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * timm's keys of the networks that it builds from depthwise blocks: {@code conv_stem}, {@code
 * blocks.STAGE.INDEX.PART}, {@code conv_head}, {@code classifier}. Its ResNets and DenseNets have
 * torchvision's keys.
 *
 * @see <a href="https://github.com/huggingface/pytorch-image-models">timm</a>
 */
final class TimmKeys implements KeyNaming {
  /**
   * What timm trains with, where torchvision's MobileNet v3 and EfficientNet-B5 to B7 have 1e-3.
   */
  private static final double EPS = 1e-5;

  private static final String EXCITATION = "se";
  private static final Pattern BLOCK_KEY =
      Pattern.compile("blocks\\.(\\d{1,4})\\.(\\d{1,4})\\.(.+)");

  /** The units of a block in torchvision's order: a convolution and its norm, or an excitation. */
  private record Kind(List<List<String>> units) {
    /** Expand, filter each map, project. */
    static final Kind INVERTED = of("conv_pw bn1", "conv_dw bn2", EXCITATION, "conv_pwl bn3");

    /** Filter each map, project. */
    static final Kind SEPARABLE = of("conv_dw bn1", EXCITATION, "conv_pw bn2");

    /** One convolution: the last block of MobileNet v3. */
    static final Kind PLAIN = of("conv bn1");

    private static Kind of(String... units) {
      return new Kind(Arrays.stream(units).map(unit -> List.of(unit.split(" ", -1))).toList());
    }

    /** What a block with these parts is. */
    static Kind of(Set<String> parts) {
      return parts.contains("conv_pwl") ? INVERTED : parts.contains("conv_dw") ? SEPARABLE : PLAIN;
    }
  }

  /** Where torchvision has what. {@code %d} is the number of the last stage or block, plus one. */
  private enum Family {
    MOBILENET_V1("mobilenet_v1", "", "", "classifier"),
    MOBILENET_V2("mobilenet_v2", "features.%d.0", "features.%d.1", "classifier.1"),
    MOBILENET_V3("mobilenet_v3", "classifier.0", "", "classifier.3"),
    EFFICIENTNET("efficientnet_b", "features.%d.0", "features.%d.1", "classifier.1");

    private final String prefix;
    private final String headConv;
    private final String headNorm;
    private final String classifier;

    Family(String prefix, String headConv, String headNorm, String classifier) {
      this.prefix = prefix;
      this.headConv = headConv;
      this.headNorm = headNorm;
      this.classifier = classifier;
    }

    static Optional<Family> of(Architecture architecture) {
      return Arrays.stream(values())
          .filter(family -> architecture.name().startsWith(family.prefix))
          .findFirst();
    }
  }

  /** A block's position: torchvision numbers EfficientNet's as timm does, all others through. */
  private record Place(int stage, int index) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return stage == other.stage
          ? Integer.compare(index, other.index)
          : Integer.compare(stage, other.stage);
    }
  }

  private record Block(int number, Kind kind, List<List<String>> units) {}

  @Override
  public Optional<UnaryOperator<String>> torchvision(Architecture architecture, Set<String> keys) {
    return Family.of(architecture)
        .filter(family -> keys.contains("conv_stem.weight"))
        .map(
            family -> {
              Map<Place, Block> blocks = blocks(keys);
              return key -> renamed(key, family, blocks);
            });
  }

  @Override
  public Network trained(Architecture architecture, Network network) {
    if (architecture.name().startsWith(Family.MOBILENET_V1.prefix)
        && !architecture.name().endsWith("relu6")) {
      throw new WeightsException(
          "timm's MobileNet v1 has ReLU6 where "
              + architecture
              + " has ReLU: load these weights as "
              + architecture
              + "_relu6");
    }
    Graph graph = network.graph();
    return new Network(
        new Graph(graph.nodes().stream().map(TimmKeys::withEps).toList(), graph.outputs()));
  }

  private static Node withEps(Node node) {
    return node.op() instanceof BatchNorm
        ? new Node(
            node.name(),
            new BatchNorm(EPS),
            node.inputs(),
            node.parameters(),
            node.shape(),
            node.layout())
        : node;
  }

  /** The blocks in order, from the parts that the keys name. */
  private static Map<Place, Block> blocks(Set<String> keys) {
    Map<Place, Set<String>> parts = new TreeMap<>();
    for (String key : keys) {
      Matcher block = BLOCK_KEY.matcher(key);
      if (block.matches()) {
        String part = block.group(3).split("\\.", 2)[0];
        parts.computeIfAbsent(place(block), place -> new HashSet<>()).add(part);
      }
    }
    Map<Place, Block> blocks = new TreeMap<>();
    parts.forEach(
        (place, present) -> {
          Kind kind = Kind.of(present);
          List<List<String>> units =
              kind.units.stream().filter(unit -> present.contains(unit.get(0))).toList();
          blocks.put(place, new Block(blocks.size() + 1, kind, units));
        });
    return blocks;
  }

  private static Place place(Matcher block) {
    return new Place(Integer.parseInt(block.group(1)), Integer.parseInt(block.group(2)));
  }

  private static String renamed(String key, Family family, Map<Place, Block> blocks) {
    Matcher inBlock = BLOCK_KEY.matcher(key);
    if (inBlock.matches()) {
      Place place = place(inBlock);
      Block block = blocks.get(place);
      return block == null ? key : inBlock(inBlock.group(3), key, family, place, block);
    }
    int dot = key.lastIndexOf('.');
    String layer = dot < 0 ? key : key.substring(0, dot);
    int behind =
        family == Family.EFFICIENTNET
            ? blocks.keySet().stream().mapToInt(Place::stage).max().orElse(0) + 2
            : blocks.size() + 1;
    String name =
        switch (layer) {
          case "conv_stem" -> "features.0.0";
          case "bn1" -> "features.0.1";
          case "conv_head" -> family.headConv;
          case "bn2" -> family.headNorm;
          case "classifier" -> family.classifier;
          default -> "";
        };
    return name.isEmpty() ? key : name.formatted(behind) + key.substring(dot);
  }

  /** {@code rest} is PART.PARAMETER or se.PART.PARAMETER. */
  private static String inBlock(String rest, String key, Family family, Place place, Block block) {
    String[] words = rest.split("\\.", -1);
    for (int unit = 0; unit < block.units.size(); unit++) {
      int half = block.units.get(unit).indexOf(words[0]);
      if (half >= 0) {
        String layer =
            words[0].equals(EXCITATION) && words.length == 3
                ? unit + (words[1].equals("conv_reduce") ? ".fc1" : ".fc2")
                : layer(family, block, unit, half);
        String scope = "features." + scope(family, place, block) + ".";
        return scope + layer + "." + words[words.length - 1];
      }
    }
    return key;
  }

  private static String scope(Family family, Place place, Block block) {
    return switch (family) {
      case MOBILENET_V1 -> "" + block.number;
      case MOBILENET_V2 -> block.number + ".conv";
      case MOBILENET_V3 ->
          block.kind.equals(Kind.PLAIN) ? "" + block.number : block.number + ".block";
      case EFFICIENTNET -> (place.stage + 1) + "." + place.index + ".block";
    };
  }

  /**
   * A convolution (half 0) or norm (half 1) of a unit. A unit is a scope of its own, but not in
   * MobileNet v1, which counts activations too, and not at the linear end of MobileNet v2's blocks.
   */
  private static String layer(Family family, Block block, int unit, int half) {
    boolean last = unit == block.units.size() - 1;
    if (family == Family.MOBILENET_V1) {
      return "" + (3 * unit + half);
    }
    if (block.kind.equals(Kind.PLAIN)) {
      return "" + half;
    }
    return family == Family.MOBILENET_V2 && last ? "" + (unit + half) : unit + "." + half;
  }
}
