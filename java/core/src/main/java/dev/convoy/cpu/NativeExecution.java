package dev.convoy.cpu;

import dev.convoy.backend.Execution;
import dev.convoy.backend.RunException;
import dev.convoy.cpu.internal.DirectBuffer;
import dev.convoy.cpu.internal.Native;
import dev.convoy.graph.Graph;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Native memory for one run at a time. Runs copy into and out of the arena through buffers that are
 * made once, so that they allocate nothing. A second thread gets an exception, not a crash.
 */
final class NativeExecution implements Execution {
  private final NativeExecutable executable;
  private final Native.convoy_execution execution;
  private final FloatBuffer[] inputs;
  private final FloatBuffer[] outputs;
  private final int[] inputSizes;
  private final int[] outputSizes;
  private final double[] seconds;
  private final long bytes;
  private final AtomicBoolean busy = new AtomicBoolean();
  private boolean closed;

  NativeExecution(NativeExecutable executable, Native.convoy_execution execution) {
    this.executable = executable;
    this.execution = execution;
    Graph graph = executable.graph();
    this.inputs = buffers(graph, graph.inputs());
    this.outputs = buffers(graph, graph.outputs());
    this.inputSizes = sizes(graph, graph.inputs());
    this.outputSizes = sizes(graph, graph.outputs());
    this.seconds = new double[executable.steps()];
    this.bytes = Native.convoy_execution_bytes(execution);
  }

  private FloatBuffer[] buffers(Graph graph, List<Integer> ids) {
    return ids.stream()
        .map(
            id -> {
              long floats = graph.node(id).shape().size() * executable.signature().maxBatch();
              return DirectBuffer.of(Native.convoy_execution_value(execution, id), floats);
            })
        .toArray(FloatBuffer[]::new);
  }

  private static int[] sizes(Graph graph, List<Integer> ids) {
    return ids.stream().mapToInt(id -> graph.node(id).shape().intSize()).toArray();
  }

  @Override
  public void run(int batch, float[][] from, float[][] to) {
    begin(batch, from, to);
    try {
      take(batch, from);
      NativeCall.check(Native.convoy_execution_run(execution, batch));
      finish(batch, to);
    } finally {
      busy.set(false);
    }
  }

  @Override
  public void profile(int batch, float[][] from, float[][] to, long[] nanos) {
    if (nanos.length != seconds.length) {
      throw new RunException("profile needs " + seconds.length + " numbers, got " + nanos.length);
    }
    begin(batch, from, to);
    try {
      take(batch, from);
      NativeCall.check(Native.convoy_execution_profile(execution, batch, seconds, seconds.length));
      for (int step = 0; step < seconds.length; step++) {
        nanos[step] = (long) (seconds[step] * 1e9);
      }
      finish(batch, to);
    } finally {
      busy.set(false);
    }
  }

  private void begin(int batch, float[][] from, float[][] to) {
    executable.signature().check(batch, from, to);
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "this execution is running in another thread: open one for each");
    }
    if (closed) {
      busy.set(false);
      throw new IllegalStateException("the execution was closed: it cannot be used any more");
    }
  }

  private void take(int batch, float[][] from) {
    for (int i = 0; i < inputs.length; i++) {
      inputs[i].clear().put(from[i], 0, batch * inputSizes[i]);
    }
  }

  private void finish(int batch, float[][] to) {
    for (int i = 0; i < outputs.length; i++) {
      outputs[i].clear().get(to[i], 0, batch * outputSizes[i]);
    }
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "this execution is running in another thread: it cannot be closed now");
    }
    try {
      if (!closed) {
        closed = true;
        Native.convoy_execution_destroy(execution);
        executable.executionClosed();
      }
    } finally {
      busy.set(false);
    }
  }
}
