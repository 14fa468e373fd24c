package dev.convoy.vision;

/**
 * How an image is read, and how large it may be.
 *
 * <p>The limits are checked against the header, before anything of that size is allocated.
 *
 * @param applyOrientation turn and mirror the picture as its EXIF orientation says
 * @param maxPixels the largest width × height that is decoded
 * @param maxBytes the largest file or stream that is read
 */
public record ReadOptions(boolean applyOrientation, long maxPixels, long maxBytes) {
  /**
   * Orientation applied; at most 89,478,485 pixels (the size from which Pillow warns of a
   * decompression bomb) and 512 MiB.
   */
  public static final ReadOptions DEFAULT = new ReadOptions(true, 89_478_485, 512L << 20);

  /** Throws {@link ImageException} for a limit below 1. */
  public ReadOptions {
    if (maxPixels < 1 || maxBytes < 1) {
      throw new ImageException(
          "limits must be at least 1: maxPixels is " + maxPixels + ", maxBytes is " + maxBytes);
    }
  }

  /** The pixels as they lie in the file, whatever its EXIF orientation says. */
  public ReadOptions withoutOrientation() {
    return new ReadOptions(false, maxPixels, maxBytes);
  }

  public ReadOptions withMaxPixels(long pixels) {
    return new ReadOptions(applyOrientation, pixels, maxBytes);
  }

  public ReadOptions withMaxBytes(long bytes) {
    return new ReadOptions(applyOrientation, maxPixels, bytes);
  }
}
