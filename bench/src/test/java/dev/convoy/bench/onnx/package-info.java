@NullMarked
package dev.convoy.bench.onnx;

import org.jspecify.annotations.NullMarked;
