package dev.convoy.reference;

import dev.convoy.ConvoyException;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Parameter;
import dev.convoy.graph.ParameterSource;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Parameters and inputs that anybody can recompute from their names: what golden files (version 1)
 * are made with instead of weights. Every value is exact or one float operation from exact, so all
 * languages get the same bits. Immutable.
 *
 * <p>An instance is the parameters of one network: a value is a function of the parameter's key,
 * its shape and a gain.
 */
public final class GoldenNumbers implements ParameterSource {
  private static final int BLOCK = 8;

  private final Map<String, Parameter.Stored> stored;
  private final double gain;
  private final Map<String, Double> gains;

  private GoldenNumbers(
      Map<String, Parameter.Stored> stored, double gain, Map<String, Double> gains) {
    this.stored = stored;
    this.gain = gain;
    this.gains = Map.copyOf(gains);
  }

  /**
   * The stored parameters of a graph.
   *
   * @param gain of filters and linear weights
   * @param gains for keys that begin with a prefix, instead; the longest prefix wins
   */
  public static GoldenNumbers of(Graph graph, double gain, Map<String, Double> gains) {
    return new GoldenNumbers(graph.storedParameters(), gain, gains);
  }

  @Override
  public Tensor tensor(String key) {
    Parameter.Stored parameter = stored.get(key);
    if (parameter == null) {
      throw new ConvoyException("the network stores no parameter '" + key + "'");
    }
    double keyGain = gain;
    int longest = -1;
    for (Map.Entry<String, Double> entry : gains.entrySet()) {
      String prefix = entry.getKey();
      if (key.startsWith(prefix) && prefix.length() > longest) {
        longest = prefix.length();
        keyGain = entry.getValue();
      }
    }
    return parameter(key, parameter.shape(), keyGain);
  }

  /**
   * One parameter by the rules for its key: biases and running means near 0, scales and variances
   * near 1, filters uniform within {@code gain * sqrt(3 / fan_in)}.
   *
   * @throws ConvoyException if no rule fits the key
   */
  public static Tensor parameter(String key, Shape shape, double gain) {
    float[] values = signed(key, shape.intSize());
    String role = key.substring(key.lastIndexOf('.') + 1);
    boolean norm = role.equals("weight") && shape.rank() == 1;
    if (key.endsWith("num_batches_tracked")) {
      return Tensor.zeros(shape);
    } else if (key.endsWith("dfl.conv.weight")) {
      for (int i = 0; i < values.length; i++) {
        values[i] = i;
      }
    } else if (role.equals("running_mean") || role.equals("bias")) {
      affine(values, 0, 0.1f);
    } else if (role.equals("running_var") || norm || role.equals("layer_scale")) {
      affine(values, 1, 0.5f);
    } else if (role.equals("weight") && shape.rank() >= 2) {
      affine(values, 0, bound(shape, gain));
    } else {
      throw new ConvoyException(
          "no rule of the golden files fits parameter '" + key + "' of shape " + shape);
    }
    return new Tensor(shape, values);
  }

  /** The largest magnitude of filters or linear weights of this shape. */
  public static float bound(Shape shape, double gain) {
    long fanIn = shape.size() / shape.dim(0);
    return (float) (gain * Math.sqrt(3.0 / fanIn));
  }

  /** {@code base + factor * u}, each product and sum a float operation. */
  private static void affine(float[] values, float base, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] = base + factor * values[i];
    }
  }

  /** Near one: {@code 1 + 0.5 u}, as parameters of normalisation layers are. */
  public static float[] aroundOne(String name, int count) {
    float[] values = signed(name, count);
    affine(values, 1, 0.5f);
    return values;
  }

  /** Numbers in [−1, 1). */
  public static float[] signed(String name, int count) {
    long hash = fnv1a64(name);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (bits24(hash, i) - (1 << 23)) * 0x1p-23f;
    }
    return values;
  }

  /** Numbers in [0, 1). */
  public static float[] unit(String name, int count) {
    long hash = fnv1a64(name);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = bits24(hash, i) * 0x1p-24f;
    }
    return values;
  }

  /**
   * Images of constant blocks of 8×8 pixels in [0, 1).
   *
   * @param shape of any rank from 2 on; the last two dimensions are height and width
   */
  public static float[] blocks8(String name, Shape shape) {
    long hash = fnv1a64(name);
    int height = shape.dim(shape.rank() - 2);
    int width = shape.dim(shape.rank() - 1);
    int blocksDown = (height - 1) / BLOCK + 1;
    int blocksAcross = (width - 1) / BLOCK + 1;
    float[] values = new float[shape.intSize()];
    for (int i = 0; i < values.length; i++) {
      int x = i % width;
      int y = i / width % height;
      long plane = i / (width * height);
      long block = (plane * blocksDown + y / BLOCK) * blocksAcross + x / BLOCK;
      values[i] = bits24(hash, block) * 0x1p-24f;
    }
    return values;
  }

  /** The integers in [0, 2²⁴) that everything above is made of. */
  public static int[] bits24(String name, int count) {
    long hash = fnv1a64(name);
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = bits24(hash, i);
    }
    return values;
  }

  private static int bits24(long hash, long i) {
    return (int) (mix(hash + (i + 1) * 0x9E3779B97F4A7C15L) >>> 40);
  }

  /**
   * The 64-bit FNV-1a hash of a name's UTF-8 bytes.
   *
   * @see <a href="http://www.isthe.com/chongo/tech/comp/fnv/">Fowler, Noll, Vo</a>
   */
  public static long fnv1a64(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  /**
   * SplitMix64's finaliser.
   *
   * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood: Fast splittable
   *     pseudorandom number generators</a>
   */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
