package dev.convoy.verify;

/** Mean, population standard deviation and largest magnitude. */
record Moments(double mean, double std, double absmax) {
  static Moments of(double[] values) {
    double sum = 0;
    double absmax = 0;
    for (double value : values) {
      sum += value;
      absmax = Math.max(absmax, Math.abs(value));
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return new Moments(mean, Math.sqrt(squares / values.length), absmax);
  }
}
