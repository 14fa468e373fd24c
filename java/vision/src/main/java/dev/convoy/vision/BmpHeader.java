package dev.convoy.vision;

/**
 * What a BMP file's headers say: the 12-byte one of OS/2 or the 40-byte one of Windows with its
 * later, longer forms.
 *
 * @param offset where the pixels start
 * @param bits per pixel
 * @param compression 0 none, 1 RLE8, 2 RLE4, 3 bit fields
 */
record BmpHeader(long width, long height, long offset, int bits, int compression) {
  static BmpHeader parse(ImageBytes file) {
    long offset = file.i32Little(10) & 0xffffffffL;
    int size = file.i32Little(14);
    if (size == 12) {
      return new BmpHeader(file.u16Little(18), file.u16Little(20), offset, file.u16Little(24), 0);
    }
    if (size < 40 || size > 124) {
      throw file.error(
          "is damaged: a BMP header of " + size + " bytes is none of the known; save it again");
    }
    int compression = file.i32Little(30);
    if (compression < 0 || compression > 3) {
      throw file.error("is a BMP of compression " + compression + "; save it without, or as PNG");
    }
    // A negative height means that the top row comes first.
    return new BmpHeader(
        file.i32Little(18),
        Math.abs((long) file.i32Little(22)),
        offset,
        file.u16Little(28),
        compression);
  }

  /** Throws {@link ImageException} where the file ends before its pixels do. */
  void checkComplete(ImageBytes file) {
    if (compression == 1 || compression == 2) {
      checkRuns(file);
      return;
    }
    long stride = (width * bits + 31) / 32 * 4;
    if (offset + stride * height > file.length()) {
      throw file.error(
          "is truncated: %dx%d pixels of %d bits from byte %d on need %d bytes, it has %d"
              .formatted(width, height, bits, offset, offset + stride * height, file.length()));
    }
  }

  /** Walks the run-length code; the JDK's reader would leave what is missing black. */
  private void checkRuns(ImageBytes file) {
    long at = offset;
    long x = 0;
    long y = 0;
    while (y < height - 1 || (y == height - 1 && x < width)) {
      if (at > file.length() - 2) {
        throw file.error(
            "is truncated: its run-length code ends in row %d of %d; copy or download it again"
                .formatted(y, height));
      }
      int count = file.u8((int) at);
      int code = file.u8((int) at + 1);
      at += 2;
      if (count > 0) {
        x += count;
      } else if (code == 0) {
        x = 0;
        y++;
      } else if (code == 1) {
        return;
      } else if (code == 2) {
        x += file.u8((int) at);
        y += file.u8((int) at + 1);
        at += 2;
      } else {
        x += code;
        int bytes = compression == 1 ? code : (code + 1) / 2;
        at += bytes + bytes % 2;
      }
    }
  }
}
