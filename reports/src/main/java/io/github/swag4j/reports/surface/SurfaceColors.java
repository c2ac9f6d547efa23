package io.github.swag4j.reports.surface;

import java.awt.Color;

/**
 * Colours of a surface: the sequence viridis, from yellow for the lowest to dark violet for the
 * highest. Its lightness falls evenly, so that it reads in grey and with every common deficiency of
 * colour vision. The same on light and dark pages: a colour stands for a number.
 *
 * @see <a href="https://bids.github.io/colormap/">Smith and van der Walt 2015, viridis (CC0)</a>
 */
final class SurfaceColors {
  private static final int[] ANCHORS = {
    0xfde725, 0xb5de2b, 0x6ece58, 0x35b779, 0x1f9e89, 0x26828e, 0x31688e, 0x3e4989, 0x482878,
    0x440154
  };

  private SurfaceColors() {}

  /** The colour of a class of several, 0 for the lowest. */
  static Color of(int index, int classes) {
    double at = classes == 1 ? 0 : (double) index / (classes - 1) * (ANCHORS.length - 1);
    int low = Math.min((int) at, ANCHORS.length - 2);
    double share = at - low;
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = ANCHORS[low] >> shift & 0xff;
      int b = ANCHORS[low + 1] >> shift & 0xff;
      rgb |= (int) Math.round(a + share * (b - a)) << shift;
    }
    return new Color(rgb);
  }
}
