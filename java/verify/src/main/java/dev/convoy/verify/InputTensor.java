package dev.convoy.verify;

import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import java.util.Locale;

/** The batch that a network is fed, made from its name. */
record InputTensor(String name, Kind kind, Shape shape) {
  /** More than any network is checked with: a damaged shape must not fill the memory. */
  private static final long MAX_IMAGE = 1L << 22;

  /** How the values come about. */
  enum Kind {
    /** In [-1, 1). */
    SIGNED,
    /** In [0, 1). */
    UNIT,
    /** Constant blocks of 8×8 pixels in [0, 1). */
    BLOCKS8
  }

  static InputTensor read(JsonTree json) {
    Kind kind =
        switch (json.get("kind").text()) {
          case "signed" -> Kind.SIGNED;
          case "unit" -> Kind.UNIT;
          case "blocks8" -> Kind.BLOCKS8;
          default -> throw json.get("kind").wrong("signed, unit or blocks8");
        };
    Shape shape = json.get("shape").shape();
    if (shape.rank() < 2) {
      throw json.get("shape").wrong("a batch of images");
    }
    if (shape.size() / shape.dim(0) > MAX_IMAGE) {
      throw json.get("shape").wrong("a batch of images of at most " + MAX_IMAGE + " values");
    }
    return new InputTensor(json.get("name").text(), kind, shape);
  }

  int batch() {
    return shape.dim(0);
  }

  float[] values() {
    return switch (kind) {
      case SIGNED -> GoldenNumbers.signed(name, shape.intSize());
      case UNIT -> GoldenNumbers.unit(name, shape.intSize());
      case BLOCKS8 -> GoldenNumbers.blocks8(name, shape);
    };
  }

  /** The shape, and before it what is not as usual: {@code 2x3x224x224}, {@code unit 1x3x9x9}. */
  @Override
  public String toString() {
    return (name.equals("input") ? "" : name + " ")
        + (kind == Kind.SIGNED ? "" : kind.name().toLowerCase(Locale.ROOT) + " ")
        + shape;
  }
}
