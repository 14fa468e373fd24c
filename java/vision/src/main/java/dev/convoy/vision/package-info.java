/**
 * From a photo to a tensor: decoding, resizing and normalising, each equal to what Pillow and
 * torchvision compute, so that published weights see the pixels they were trained on.
 */
@NullMarked
package dev.convoy.vision;

import org.jspecify.annotations.NullMarked;
