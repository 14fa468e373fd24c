package dev.convoy.vision;

/**
 * What a PNG file's chunks say (ISO/IEC 15948).
 *
 * @param width pixels, as an unsigned 32-bit value
 * @param height likewise
 * @param clipsGrey 16-bit grey without alpha, which Pillow clips at 255
 * @param orientation EXIF's, 1…8
 */
record PngHeader(long width, long height, boolean clipsGrey, int orientation) {
  static PngHeader parse(ImageBytes file) {
    if (!file.has(12, "IHDR")) {
      throw file.error("is damaged: its first chunk is not IHDR; copy or download it again");
    }
    return new PngHeader(
        file.i32Big(16) & 0xffffffffL,
        file.i32Big(20) & 0xffffffffL,
        file.u8(24) == 16 && file.u8(25) == 0,
        orientation(file));
  }

  private static int orientation(ImageBytes file) {
    long at = 8;
    while (at <= file.length() - 12) {
      int start = (int) at + 8;
      long length = file.i32Big((int) at) & 0xffffffffL;
      if (length <= file.length() - start && file.has(start - 4, "eXIf")) {
        return Orientation.parse(file, start, start + (int) length);
      }
      at += length + 12;
    }
    return Orientation.UPRIGHT;
  }
}
