package dev.convoy.vision;

/**
 * What the markers of a JPEG file say (ITU-T T.81, annex B), with the colour space that libjpeg
 * would assume.
 *
 * @param components 1 for grey, 3 for YCbCr or RGB, 4 for CMYK or YCCK
 * @param luminanceChrominance the samples are YCbCr or YCCK, not RGB or CMYK
 * @param tallChroma which components have full width and half height (4:4:0)
 * @param orientation EXIF's, 1…8
 * @param ended an end-of-image marker was found
 */
@SuppressWarnings("ArrayRecordComponent")
record JpegHeader(
    int width,
    int height,
    int components,
    boolean luminanceChrominance,
    boolean[] tallChroma,
    int orientation,
    boolean ended) {
  /** A scan takes time over the whole image but may take no bytes: more are an attack. */
  private static final int MAX_SCANS = 500;

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;

  static JpegHeader parse(ImageBytes file) {
    return new Scan(file).run();
  }

  /** One walk over the markers, up to the end of the image. */
  private static final class Scan {
    private final ImageBytes file;
    private int frame = -1;
    private int frameMarker;
    private int scans;
    private boolean jfif;
    private int adobeTransform = -1;
    private int orientation;
    private boolean ended;

    Scan(ImageBytes file) {
      this.file = file;
    }

    JpegHeader run() {
      int at = 2;
      while (true) {
        at = nextMarker(at);
        if (at < 0) {
          break;
        }
        int marker = file.u8(at - 1);
        if (marker == EOI) {
          ended = true;
          break;
        }
        if (marker == SOI || marker == 0x01 || isRestart(marker)) {
          continue;
        }
        if (scans > 0 && at > file.length() - 2) {
          break;
        }
        int length = file.u16Big(at);
        if (length < 2) {
          throw file.error(
              "is damaged: segment %02x at byte %d says it has %d bytes"
                  .formatted(marker, at, length));
        }
        segment(marker, at + 2, at + length);
        at += length;
      }
      return header();
    }

    /** Skips to the next marker as libjpeg does; its end, or -1 where there is none. */
    private int nextMarker(int from) {
      byte[] bytes = file.bytes();
      for (int i = from; i < bytes.length - 1; i++) {
        if (bytes[i] == (byte) 0xff && bytes[i + 1] != 0 && bytes[i + 1] != (byte) 0xff) {
          return i + 2;
        }
      }
      return -1;
    }

    private void segment(int marker, int start, int end) {
      if (marker == SOS) {
        if (++scans > MAX_SCANS) {
          throw file.error("has more than " + MAX_SCANS + " scans; save it again");
        }
      } else if (scans > 0) {
        return;
      } else if (isFrame(marker)) {
        if (frame >= 0) {
          throw file.error("is damaged: it has two frame headers");
        }
        frame = start;
        frameMarker = marker;
      } else if (marker == APP0) {
        jfif |= end - start >= 14 && file.has(start, "JFIF\0");
      } else if (marker == APP14) {
        if (end - start >= 12 && file.has(start, "Adobe")) {
          adobeTransform = file.u8(start + 11);
        }
      } else if (marker == APP1 && orientation == 0 && file.has(start, "Exif\0\0")) {
        orientation = Orientation.parse(file, start + 6, end);
      }
    }

    private JpegHeader header() {
      if (frame < 0) {
        throw file.error(
            "is truncated: its %d bytes hold no frame header; copy or download it again"
                .formatted(file.length()));
      }
      checkProcess();
      int components = file.u8(frame + 5);
      if (components != 1 && components != 3 && components != 4) {
        throw file.error("has " + components + " colour components; save it as grey, RGB or CMYK");
      }
      if (scans == 0) {
        throw file.error("is truncated: it ends before its first scan; download it again");
      }
      int[] across = new int[components];
      int[] down = new int[components];
      int maxAcross = 0;
      int maxDown = 0;
      for (int c = 0; c < components; c++) {
        int sampling = file.u8(frame + 7 + c * 3);
        across[c] = sampling >> 4;
        down[c] = sampling & 15;
        maxAcross = Math.max(maxAcross, across[c]);
        maxDown = Math.max(maxDown, down[c]);
      }
      boolean[] tall = new boolean[components];
      for (int c = 0; c < components; c++) {
        tall[c] = across[c] == maxAcross && down[c] * 2 == maxDown;
      }
      return new JpegHeader(
          file.u16Big(frame + 3),
          file.u16Big(frame + 1),
          components,
          isLuminanceChrominance(components),
          tall,
          Math.max(orientation, Orientation.UPRIGHT),
          ended);
    }

    private void checkProcess() {
      if (frameMarker > 0xc2) {
        throw file.error(
            "uses JPEG process SOF%d (lossless, hierarchical or arithmetic); save it as baseline or"
                    .formatted(frameMarker & 15)
                + " progressive");
      }
      int precision = file.u8(frame);
      if (precision != 8) {
        throw file.error("has " + precision + "-bit samples; save it with 8");
      }
    }

    /** libjpeg's {@code default_decompress_parms}. */
    private boolean isLuminanceChrominance(int components) {
      if (components == 4) {
        return adobeTransform > 0;
      }
      if (components == 1 || jfif) {
        return components == 3;
      }
      if (adobeTransform >= 0) {
        return adobeTransform != 0;
      }
      return file.u8(frame + 6) != 'R' || file.u8(frame + 9) != 'G' || file.u8(frame + 12) != 'B';
    }

    private static boolean isRestart(int marker) {
      return marker >= 0xd0 && marker <= 0xd7;
    }

    /** SOF0…SOF15, without the tables that share their range (DHT, JPG, DAC). */
    private static boolean isFrame(int marker) {
      return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }
  }
}
