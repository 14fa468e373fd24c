package dev.convoy.vision;

/** How an image of any size becomes one of a given size. */
public sealed interface Fit {
  /** Width of the result in pixels. */
  int width();

  /** Height of the result in pixels. */
  int height();

  /**
   * Resizes so that the shorter side is {@code shortSide} and the aspect ratio is kept, then cuts
   * the centre out: torchvision's {@code Resize} and {@code CenterCrop}.
   *
   * <p>The long side is {@code floor(shortSide × long / short)}; the crop starts at half the
   * surplus, rounded half to even; a side shorter than the crop is padded with zeros, the odd pixel
   * behind.
   */
  record ShortSideCrop(int shortSide, int width, int height, Filter filter) implements Fit {
    public ShortSideCrop {
      Size.check("crop", width, height);
      Size.check("shorter side", shortSide, 1);
    }

    @Override
    public String toString() {
      return "resize the shorter side to %d (%s), crop %dx%d at the centre"
          .formatted(shortSide, filter, width, height);
    }
  }

  /** Resizes to exactly this size, whatever the aspect ratio. */
  record Stretch(int width, int height, Filter filter) implements Fit {
    public Stretch {
      Size.check("size", width, height);
    }

    @Override
    public String toString() {
      return "resize to %dx%d (%s)".formatted(width, height, filter);
    }
  }

  /**
   * Resizes to the largest size that fits, aspect ratio kept, and centres the result on a plain
   * ground; sides are rounded half to even, the odd pixel of the border is behind: as YOLO's
   * detectors are fed.
   *
   * @param ground the value 0…255 of the border, in all channels
   */
  record Letterbox(int width, int height, int ground, Filter filter) implements Fit {
    public Letterbox {
      Size.check("letterbox", width, height);
      if (ground < 0 || ground > 255) {
        throw new ImageException(
            "the ground of a letterbox is a value from 0 to 255, not " + ground);
      }
    }

    @Override
    public String toString() {
      return "letterbox to %dx%d on %d (%s)".formatted(width, height, ground, filter);
    }
  }
}
