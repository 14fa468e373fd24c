package dev.convoy.reference;

import dev.convoy.graph.Parameter;
import dev.convoy.graph.ParameterSource;

/** What numbers are rounded to. */
enum Precision {
  FLOAT32(Float.BYTES) {
    @Override
    Reals zeros(int count) {
      return new Float32(new float[count]);
    }

    @Override
    Reals parameter(Parameter parameter, ParameterSource source) {
      return new Float32(parameter.value(source).values());
    }

    @Override
    double round(double x) {
      return (float) x;
    }

    @Override
    double fma(double a, double b, double c) {
      return Math.fma((float) a, (float) b, (float) c);
    }
  },

  FLOAT64(Double.BYTES) {
    @Override
    Reals zeros(int count) {
      return new Float64(new double[count]);
    }

    /** Stored numbers are exact as float; computed ones are not rounded to it. */
    @Override
    Reals parameter(Parameter parameter, ParameterSource source) {
      return parameter instanceof Parameter.Stored
          ? new Float32(parameter.value(source).values())
          : new Float64(parameter.wide(source));
    }

    @Override
    double round(double x) {
      return x;
    }

    @Override
    double fma(double a, double b, double c) {
      return Math.fma(a, b, c);
    }
  };

  private final int bytes;

  Precision(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one number. */
  int bytes() {
    return bytes;
  }

  abstract Reals zeros(int count);

  /** A parameter's values, not to be written to. */
  abstract Reals parameter(Parameter parameter, ParameterSource source);

  abstract double round(double x);

  /** {@code a * b + c} of three numbers of this precision, rounded once. */
  abstract double fma(double a, double b, double c);
}
