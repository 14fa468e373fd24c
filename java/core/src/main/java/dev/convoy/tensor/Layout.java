package dev.convoy.tensor;

/** How the elements of one image's value lie in memory. */
public enum Layout {
  /** Row-major C, H, W (or F): what callers see. */
  PLAIN,
  /**
   * {@code [ceil(C/16)][H][W][16]}: sixteen channels of one pixel are neighbours, so that they fill
   * an AVX-512 register or two of AVX2. Lanes beyond C are zero, always.
   */
  BLOCKED16;

  /** Channels in a block of {@link #BLOCKED16}. */
  public static final int BLOCK = 16;

  /** Floats that one image of this shape takes in this layout. */
  public long floats(Shape shape) {
    if (this == PLAIN) {
      return shape.size();
    }
    long blocks = (shape.channels() + BLOCK - 1L) / BLOCK;
    return blocks * BLOCK * (shape.size() / shape.channels());
  }
}
