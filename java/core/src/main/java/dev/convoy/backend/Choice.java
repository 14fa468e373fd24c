package dev.convoy.backend;

import java.util.List;

/**
 * What a backend does for one node, and why.
 *
 * @param node its name
 * @param operation the node's operation and shape as text
 * @param algorithm the chosen one, such as {@code im2col-gemm 14x32 avx512}
 * @param candidate the name by which a plan that is saved asks for it again, such as {@code
 *     im2col-gemm}; empty where there is no choice
 * @param refused candidates that stood before it in the list, each with its reason
 * @param macs multiply-accumulates of one image, as direct convolution counts them
 * @param bytes activations read and written for one image, plus weights
 * @param images of a batch that pass at a time before the nodes of the same segment go on to the
 *     next
 * @param rows of the last node's value that the nodes of a group compute at a time before they go
 *     on to the next rows of an image; 0: whole images
 */
public record Choice(
    String node,
    String operation,
    String algorithm,
    String candidate,
    List<String> refused,
    long macs,
    long bytes,
    int images,
    int rows) {
  public Choice {
    refused = List.copyOf(refused);
  }
}
