package dev.convoy.bench;

import dev.convoy.graph.Conv2d;
import dev.convoy.nn.Net;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of MobileNet v2: 1 × 1 to {@code wide} channels, 3 × 3 on each channel, 1 × 1 to {@code
 * out} channels, with ReLU6 behind the first two, and its input added where that fits.
 *
 * @param size rows and columns of the input
 * @param stride of the 3 × 3
 * @see <a href="https://arxiv.org/abs/1801.04381">Sandler et al.: MobileNetV2</a>
 */
record InvertedResidual(int in, int wide, int out, int size, int stride) {
  private static final Pattern WORD =
      Pattern.compile("(\\d{1,5})-(\\d{1,5})-(\\d{1,5})@(\\d{1,4})(?:s([12]))?");

  /** Whether a word such as {@code 16-96-32@112s2} is meant as a block. */
  static boolean matches(String word) {
    return WORD.matcher(word).matches();
  }

  /** The block that {@code IN-WIDE-OUT@SIZE} means, with {@code s2} behind it for stride 2. */
  static InvertedResidual parse(String word) {
    Matcher numbers = WORD.matcher(word);
    if (!numbers.matches()) {
      throw new BenchException("a block is IN-WIDE-OUT@SIZE, such as 16-96-32@112s2, not " + word);
    }
    return new InvertedResidual(
        Integer.parseInt(numbers.group(1)),
        Integer.parseInt(numbers.group(2)),
        Integer.parseInt(numbers.group(3)),
        Integer.parseInt(numbers.group(4)),
        numbers.group(5) == null ? 1 : Integer.parseInt(numbers.group(5)));
  }

  /** The block alone. */
  Network network() {
    return Network.of(Shape.chw(in, size, size), net -> net.scope(LayerRunner.LAYER, this::append));
  }

  private Net append(Net net) {
    Conv2d depthwise = Conv2d.of(wide, 3).stride(stride).padding(1).groups(wide);
    Net block =
        net.conv("expand", wide, 1)
            .relu6()
            .conv("depthwise", depthwise)
            .relu6()
            .conv("project", out, 1);
    return stride == 1 && in == out ? block.add(net) : block;
  }
}
