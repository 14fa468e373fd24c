package dev.convoy.vision;

/**
 * EXIF's eight orientations: how the stored pixels must be turned and mirrored to be seen upright.
 */
final class Orientation {
  static final int UPRIGHT = 1;
  private static final int TAG = 0x0112;
  private static final int ENTRY_BYTES = 12;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private Orientation() {}

  /**
   * The orientation in a TIFF structure, as EXIF embeds it in the bytes from {@code start} to
   * {@code end}; {@link #UPRIGHT} where there is none or the structure is broken, since a picture
   * is worth more than its metadata.
   */
  static int parse(ImageBytes file, int start, int end) {
    if (end > file.length() || end - start < 8) {
      return UPRIGHT;
    }
    boolean little = file.has(start, "II");
    if (!little && !file.has(start, "MM")) {
      return UPRIGHT;
    }
    long directory = i32(file, start + 4, little) & 0xffffffffL;
    if (directory > end - start - 2) {
      return UPRIGHT;
    }
    int at = start + (int) directory;
    int entries = u16(file, at, little);
    at += 2;
    for (int i = 0; i < entries && at <= end - ENTRY_BYTES; i++, at += ENTRY_BYTES) {
      if (u16(file, at, little) == TAG) {
        int type = u16(file, at + 2, little);
        int value =
            type == SHORT
                ? u16(file, at + 8, little)
                : type == LONG ? i32(file, at + 8, little) : UPRIGHT;
        return value >= 1 && value <= 8 ? value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  private static int u16(ImageBytes file, int at, boolean little) {
    return little ? file.u16Little(at) : file.u16Big(at);
  }

  private static int i32(ImageBytes file, int at, boolean little) {
    return little ? file.i32Little(at) : file.i32Big(at);
  }

  /** The image as it is meant to be seen; itself if it already is. */
  static Image apply(Image image, int orientation) {
    if (orientation == UPRIGHT) {
      return image;
    }
    int w = image.width();
    int h = image.height();
    boolean turned = orientation >= 5;
    int outWidth = turned ? h : w;
    // Stored pixel (x, y) goes to index origin + x * stepX + y * stepY of the result.
    boolean right = orientation == 2 || orientation == 3;
    boolean down = orientation == 3 || orientation == 4;
    int stepX;
    int stepY;
    int origin;
    if (turned) {
      boolean xUp = orientation == 7 || orientation == 8;
      boolean yLeft = orientation == 6 || orientation == 7;
      stepX = xUp ? -outWidth : outWidth;
      stepY = yLeft ? -1 : 1;
      origin = (xUp ? (w - 1) * outWidth : 0) + (yLeft ? h - 1 : 0);
    } else {
      stepX = right ? -1 : 1;
      stepY = down ? -outWidth : outWidth;
      origin = (right ? w - 1 : 0) + (down ? (h - 1) * outWidth : 0);
    }
    byte[] in = image.pixels();
    byte[] out = new byte[in.length];
    int p = 0;
    for (int y = 0; y < h; y++) {
      int q = (origin + y * stepY) * 3;
      for (int x = 0; x < w; x++, p += 3, q += stepX * 3) {
        out[q] = in[p];
        out[q + 1] = in[p + 1];
        out[q + 2] = in[p + 2];
      }
    }
    return new Image(outWidth, turned ? w : h, out);
  }
}
