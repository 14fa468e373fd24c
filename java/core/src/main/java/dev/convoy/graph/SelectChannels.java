package dev.convoy.graph;

import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Channels of a map or vector, in any order: a slice, or the shuffle behind grouped convolutions.
 *
 * @param channels for each channel of the result the input's
 */
public record SelectChannels(List<Integer> channels) implements Op {
  public SelectChannels {
    channels = List.copyOf(channels);
    if (channels.isEmpty() || channels.stream().anyMatch(c -> c < 0)) {
      throw new ShapeException("expected at least one channel, none negative, got " + channels);
    }
  }

  /** Channels {@code from} to {@code end - 1}. */
  public static SelectChannels range(int from, int end) {
    return new SelectChannels(IntStream.range(from, end).boxed().toList());
  }

  /**
   * Of all channels, the first of each group, then the second of each, and so on (<a
   * href="https://arxiv.org/abs/1707.01083">Zhang, Zhou, Lin, Sun: ShuffleNet</a>, section 3.1).
   */
  public static SelectChannels shuffle(int channels, int groups) {
    if (groups < 1 || channels % groups != 0) {
      throw new ShapeException(
          "%d channels cannot be shuffled in %d groups".formatted(channels, groups));
    }
    int size = channels / groups;
    return new SelectChannels(
        IntStream.range(0, channels).map(c -> c % groups * size + c / groups).boxed().toList());
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = Op.only(inputs);
    for (int channel : channels) {
      if (channel >= in.channels()) {
        throw new ShapeException("%s has no channel %d".formatted(in, channel));
      }
    }
    int[] dims = in.toArray();
    dims[0] = channels.size();
    return Shape.of(dims);
  }

  /** {@code select-channels 0 4 1 5 …}; a slice as {@code select-channels 4..7}. */
  @Override
  public String toString() {
    int first = channels.get(0);
    int last = first + channels.size() - 1;
    if (channels.equals(IntStream.rangeClosed(first, last).boxed().toList())) {
      return "select-channels " + first + ".." + last;
    }
    return "select-channels "
        + channels.stream().limit(8).map(c -> "" + c).collect(Collectors.joining(" "))
        + (channels.size() > 8 ? " …" : "");
  }
}
