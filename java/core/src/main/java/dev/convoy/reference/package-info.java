/**
 * The oracle: every operation as plain loops, in an order of additions that is written down here
 * and nowhere else.
 *
 * <p>{@link dev.convoy.reference.ReferenceBackend#float32()} rounds after every operation named
 * below; its results are what {@link dev.convoy.backend.Mode#EXACT} means on every backend. {@link
 * dev.convoy.reference.ReferenceBackend#float64()} does the same in double precision, parameters
 * widened: the judge of both.
 *
 * <h2>The order</h2>
 *
 * One number of the result at a time; {@code fma} is a fused multiply-add, rounded once.
 *
 * <ul>
 *   <li><b>Convolution.</b> {@code acc} starts as {@code bias + 0.0}, which turns −0 into +0 (0
 *       without a bias). Then, for each block of 16 input channels (counted within the group, the
 *       last one may be shorter), for each kernel row, for each kernel column, for each channel of
 *       the block, all ascending: {@code acc = fma(weight, x, acc)}. Pixels of the padding are x =
 *       0 and take part. Then the residual is added, then the activation is applied.
 *   <li><b>Linear.</b> {@code acc} starts as for a convolution; {@code acc = fma(weight[k], x[k],
 *       acc)} for ascending k; then the activation.
 *   <li><b>Maximum.</b> {@code acc} is the window's first real pixel in row-major order; for each
 *       further one, {@code acc = x > acc or x is NaN ? x : acc}. So the first of equal values
 *       stays (that tells +0 from −0), and NaN wins. The minimum mirrors it. A window without a
 *       real pixel (dilation can make one) gives −∞, for the minimum +∞.
 *   <li><b>Average.</b> {@code acc} starts as 0; the window's real pixels are added in row-major
 *       order; one division by the count.
 *   <li><b>Batch norm.</b> {@code fma(x, scale, shift)}, both from {@link
 *       dev.convoy.graph.BatchNormScale}, rounded once.
 *   <li><b>Add.</b> {@code a + b}, then the activation.
 *   <li><b>Local response norm.</b> The squares are summed by {@code acc = fma(x, x, acc)} from 0
 *       over the channels of the window that exist, ascending; {@code x / pow(k + alpha / size *
 *       acc, beta)} is computed in double and rounded once.
 *   <li><b>Softmax.</b> In double: {@code e = exp(x - max)}, the sum of e over ascending channels,
 *       {@code e / sum} or {@code (x - max) - log(sum)}; rounded once.
 *   <li><b>Bilinear resize.</b> Positions as {@link dev.convoy.graph.Resize2d} says, in double, in
 *       the order {@code (dst + 0.5) * in / out - 0.5}; {@code t} is the position's fraction and
 *       {@code lerp(a, b, t) = a + (b - a) * t}. First along x in the upper and the lower row, then
 *       along y between the two, all in double without fused operations; rounded once.
 *   <li><b>Activations</b> made of comparisons, additions, products and quotients (ReLU, ReLU6,
 *       leaky ReLU, hard sigmoid, hard swish as x times the hard sigmoid) round after each of them:
 *       {@link dev.convoy.reference.ActivationFunction}. The others are computed in double with
 *       {@link java.lang.StrictMath} and rounded once.
 * </ul>
 *
 * Float additions, products, quotients and square roots computed in double and rounded once are
 * correctly rounded (53 ≥ 2·24 + 2 bits), so they equal float arithmetic bit for bit; only {@code
 * fma} needs the float instruction.
 */
@NullMarked
package dev.convoy.reference;

import org.jspecify.annotations.NullMarked;
