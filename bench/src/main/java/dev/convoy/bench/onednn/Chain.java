package dev.convoy.bench.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Primitives to execute one behind the other, and the memory of the values between them: buffers
 * that are free again are used again, so that they stay in cache. Not thread-safe.
 */
final class Chain implements AutoCloseable {
  /** Memory that several values share one after the other. */
  static final class Buffer {
    private long floats;
    private boolean free;
  }

  /** A tensor between two primitives. */
  record Value(memory.desc format, memory data, Buffer buffer) {}

  /** A primitive, and the layer that it is a part of. */
  private record Step(String layer, primitive action, IntMemoryMap arguments) {}

  private final engine processor;
  private final stream queue;
  private final List<Step> steps = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();
  private final List<Value> values = new ArrayList<>();
  private final List<Pointer> owned = new ArrayList<>();

  Chain(engine processor) {
    this.processor = processor;
    this.queue = own(new stream(processor));
  }

  /** Frees it when the chain is closed. */
  <T extends Pointer> T own(T pointer) {
    owned.add(pointer);
    return pointer;
  }

  /** A new value in the smallest free buffer that holds it, else the largest, which then grows. */
  Value value(memory.desc format) {
    long floats = (format.get_size() + Float.BYTES - 1) / Float.BYTES;
    @Nullable Buffer best = null;
    for (Buffer buffer : buffers) {
      if (buffer.free && (best == null || better(buffer, best, floats))) {
        best = buffer;
      }
    }
    if (best == null) {
      best = new Buffer();
      buffers.add(best);
    }
    best.free = false;
    best.floats = Math.max(best.floats, floats);
    return value(format, best);
  }

  private static boolean better(Buffer a, Buffer b, long floats) {
    boolean holds = a.floats >= floats;
    return holds == (b.floats >= floats) ? holds == (a.floats < b.floats) : holds;
  }

  /** A value in the memory of another that is not needed any more. */
  Value value(memory.desc format, Buffer buffer) {
    buffer.free = false;
    Value value = new Value(format, own(new memory(format, processor, (Pointer) null)), buffer);
    values.add(value);
    return value;
  }

  /** The value is not read by later steps. */
  void release(Value value) {
    value.buffer.free = true;
  }

  /** Appends a primitive. */
  void add(String layer, primitive action, Map<Integer, memory> arguments) {
    IntMemoryMap map = own(new IntMemoryMap());
    arguments.forEach(map::put);
    steps.add(new Step(layer, own(action), map));
  }

  /** The value in this format: itself, or a reordered copy. */
  Value in(memory.desc format, Value value, String layer) {
    return value.format.equals(format) ? value : copy(format, value, layer);
  }

  /** A copy in this format. */
  Value copy(memory.desc format, Value value, String layer) {
    Value copy = value(format);
    reorder.primitive_desc how =
        own(new reorder.primitive_desc(processor, value.format, processor, copy.format));
    add(
        layer + " reorder",
        new reorder(how),
        Map.of(dnnl.DNNL_ARG_SRC, value.data, dnnl.DNNL_ARG_DST, copy.data));
    return copy;
  }

  /** A parameter in the format that a primitive wants, reordered once and for all. */
  memory parameter(float[] numbers, memory.desc plain, memory.desc wanted) {
    memory result = own(new memory(wanted, processor));
    try (FloatPointer floats = new FloatPointer(numbers);
        memory given = new memory(plain, processor, floats);
        reorder copy = new reorder(given, result)) {
      copy.execute(queue, given, result);
      queue._wait();
    }
    return result;
  }

  /** Allocates the buffers; no more steps are added. */
  void seal() {
    for (Buffer buffer : buffers) {
      memory.desc format =
          own(
              new memory.desc(
                  new long[] {buffer.floats}, memory.data_type.f32, memory.format_tag.a));
      memory data = own(new memory(format, processor));
      Pointer start = data.get_data_handle();
      values.stream().filter(v -> v.buffer == buffer).forEach(v -> v.data.set_data_handle(start));
    }
  }

  void write(Value value, float[] numbers) {
    floats(value).put(numbers);
  }

  void read(Value value, float[] numbers) {
    floats(value).get(numbers);
  }

  private static FloatPointer floats(Value value) {
    return new FloatPointer(value.data.get_data_handle());
  }

  void run() {
    for (Step step : steps) {
      step.action.execute(queue, step.arguments);
    }
    queue._wait();
  }

  /** Runs, and returns what the layers whose names begin so took, in nanoseconds. */
  long profile(String prefix) {
    long nanos = 0;
    for (Step step : steps) {
      long start = System.nanoTime();
      step.action.execute(queue, step.arguments);
      if (step.layer.startsWith(prefix)) {
        nanos += System.nanoTime() - start;
      }
    }
    queue._wait();
    return nanos;
  }

  @Override
  public void close() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      owned.get(i).close();
    }
    owned.clear();
  }
}
