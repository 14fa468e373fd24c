package dev.convoy.verify;

/**
 * Some of a tensor's values.
 *
 * @param positions flat, row-major
 */
@SuppressWarnings("ArrayRecordComponent") // read once from a file, never written
record Samples(int[] positions, double[] values) {
  /** Members {@code idx} and {@code val} of a tensor of this many elements. */
  static Samples read(JsonTree json, long size) {
    int[] positions = json.get("idx").positions(size);
    double[] values = json.get("val").numbers();
    if (positions.length != values.length) {
      throw json.get("val").wrong("a list as long as idx (" + positions.length + ")");
    }
    return new Samples(positions, values);
  }

  /** All values of a tensor of this many elements. */
  static Samples all(JsonTree list, int size) {
    double[] values = list.numbers();
    if (values.length != size) {
      throw list.wrong("a list of " + size + " numbers");
    }
    int[] positions = new int[size];
    for (int i = 0; i < size; i++) {
      positions[i] = i;
    }
    return new Samples(positions, values);
  }

  double absmax() {
    double max = 0;
    for (double value : values) {
      max = Math.max(max, Math.abs(value));
    }
    return max;
  }

  /**
   * @param from where in {@code actual} the tensor begins
   */
  void check(Comparison comparison, String name, double[] actual, int from, Tolerance tolerance) {
    for (int i = 0; i < values.length; i++) {
      comparison.near(
          name + "[" + positions[i] + "]", values[i], actual[from + positions[i]], tolerance);
    }
  }
}
