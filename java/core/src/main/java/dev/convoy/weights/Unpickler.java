package dev.convoy.weights;

import static dev.convoy.weights.FormatException.quote;

import dev.convoy.weights.Pickled.Dict;
import dev.convoy.weights.Pickled.Global;
import dev.convoy.weights.Pickled.None;
import dev.convoy.weights.Pickled.Opaque;
import dev.convoy.weights.Pickled.Sequence;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pickle machine, protocols 0 to 5, that can build tensors and plain containers and nothing else.
 *
 * <p>Python's own machine imports and calls whatever a pickle names. This one knows the names in
 * {@link TorchGlobals} and calls nothing but its own code for them; any other name ends the load.
 * It has no recursion, so no pickle is too deep for it, and it takes at most {@link #MAX_STEPS}
 * steps, each of which adds at most one small object.
 *
 * @see <a href="https://docs.python.org/3/library/pickletools.html">pickletools, which describes
 *     every opcode</a>
 */
final class Unpickler {
  /** A state dict takes about forty steps a tensor. */
  static final int MAX_STEPS = 2_000_000;

  private static final int MAX_INTEGER_BYTES = 16;

  private final PickleInput in;
  private final TorchGlobals globals;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();

  Unpickler(PickleInput in, TorchGlobals globals) {
    this.in = in;
    this.globals = globals;
  }

  /** Runs up to and including the STOP, and returns the value on top. */
  Object load() throws IOException {
    for (int step = 0; step < MAX_STEPS; step++) {
      int opcode = in.readByte();
      if (opcode == '.') {
        return pop();
      }
      if (!text(opcode) && !value(opcode) && !container(opcode) && !object(opcode)) {
        throw FormatException.damaged(
            "the pickle has the opcode 0x%02x at byte %d, which no weights need"
                .formatted(opcode, in.position() - 1));
      }
    }
    throw new FormatException(
        "the pickle takes more than " + MAX_STEPS + " steps",
        "save only the state dict: torch.save(model.state_dict(), …)");
  }

  /** Protocol 0: a line of text. */
  private boolean text(int opcode) throws IOException {
    switch (opcode) {
      case 'I' -> {
        String line = in.readLine();
        push(line.equals("00") ? false : line.equals("01") ? true : decimal(line));
      }
      case 'L' -> {
        String line = in.readLine();
        push(decimal(line.endsWith("L") ? line.substring(0, line.length() - 1) : line));
      }
      case 'F' -> {
        String line = in.readLine();
        try {
          push(Double.parseDouble(line));
        } catch (NumberFormatException e) {
          throw FormatException.damaged("the pickle's float " + quote(line) + " is none");
        }
      }
      case 'S' -> push(unquoted(in.readLine()));
      case 'V' -> push(in.readLine());
      case 'g' -> push(remembered(index(in.readLine())));
      case 'p' -> memo.put(index(in.readLine()), top());
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Binary numbers, strings and the memo. */
  private boolean value(int opcode) throws IOException {
    switch (opcode) {
      case 'N' -> push(None.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) in.readInt());
      case 'K' -> push(in.readUnsigned(1));
      case 'M' -> push(in.readUnsigned(2));
      case 'G' -> push(in.readDouble());
      case 0x8a -> push(integer(in.readUnsigned(1)));
      case 0x8b -> push(integer(in.readInt()));
      case 'X' -> push(in.readUtf8(in.readUnsigned(4)));
      case 0x8c -> push(in.readUtf8(in.readUnsigned(1)));
      case 0x8d -> push(in.readUtf8(in.readUnsigned(8)));
      // A str of Python 2; keys of checkpoints of that time.
      case 'U' -> push(in.readUtf8(in.readUnsigned(1)));
      case 'T' -> push(in.readUtf8(in.readInt()));
      case 'B' -> skipped(in.readUnsigned(4));
      case 'C' -> skipped(in.readUnsigned(1));
      case 0x8e, 0x96 -> skipped(in.readUnsigned(8));
      case 'h' -> push(remembered(in.readUnsigned(1)));
      case 'j' -> push(remembered(in.readUnsigned(4)));
      case 'q' -> memo.put(in.readUnsigned(1), top());
      case 'r' -> memo.put(in.readUnsigned(4), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Lists, tuples, sets, dicts and the stack itself. */
  private boolean container(int opcode) throws IOException {
    switch (opcode) {
      case '(' -> marks.add(stack.size());
      case '0' -> {
        if (!marks.isEmpty() && stack.size() == floor()) {
          popMark();
        } else {
          pop();
        }
      }
      case '1' -> popMark();
      case '2' -> push(top());
      case ')' -> push(Sequence.tuple(List.of()));
      case 't' -> push(Sequence.tuple(popMark()));
      case 0x85 -> push(Sequence.tuple(pop(1)));
      case 0x86 -> push(Sequence.tuple(pop(2)));
      case 0x87 -> push(Sequence.tuple(pop(3)));
      case ']', 0x8f -> push(Sequence.list(List.of()));
      case 'l' -> push(Sequence.list(popMark()));
      case 0x91 -> push(Sequence.tuple(popMark()));
      case 'a' -> append(pop(1));
      case 'e', 0x90 -> append(popMark());
      case '}' -> push(new Dict());
      case 'd' -> {
        List<Object> items = popMark();
        push(new Dict());
        put(items);
      }
      case 's' -> put(pop(2));
      case 'u' -> put(popMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  /** What makes objects: the part that is dangerous in Python. */
  private boolean object(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> {
        int protocol = in.readByte();
        if (protocol > 5) {
          throw FormatException.damaged("the pickle says protocol " + protocol + ", 5 is the last");
        }
      }
      case 0x95 -> in.readUnsigned(8); // a frame's length; the reading is buffered anyway
      case 'c' -> {
        String module = in.readLine();
        push(globals.allow(module, in.readLine()));
      }
      case 0x93 -> {
        List<Object> names = pop(2);
        if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
          throw FormatException.damaged("the pickle names a Python object by something not text");
        }
        push(globals.allow(module, name));
      }
      // Classes on the list have no state that __new__ and __call__ would treat differently.
      case 'R', 0x81 -> {
        List<Object> call = pop(2);
        if (!(call.get(0) instanceof Global callee)
            || !(call.get(1) instanceof Sequence arguments)
            || !arguments.isTuple()) {
          throw FormatException.damaged(
              "the pickle calls " + kind(call.get(0)) + " with " + kind(call.get(1)));
        }
        push(globals.call(callee, arguments.items()));
      }
      case 'b' -> {
        pop();
        // Attributes hung on an OrderedDict (a state dict's _metadata) or a tensor.
        if (!(top() instanceof Dict) && !(top() instanceof Pickled.TensorRef)) {
          throw FormatException.damaged("the pickle sets the state of " + kind(top()));
        }
      }
      case 'Q' -> push(globals.persistent(pop()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }

  private Object top() throws FormatException {
    return needed(1).get(0);
  }

  private Object pop() throws FormatException {
    return pop(1).get(0);
  }

  private List<Object> pop(int count) throws FormatException {
    List<Object> view = needed(count);
    List<Object> popped = List.copyOf(view);
    view.clear();
    return popped;
  }

  private List<Object> popMark() throws FormatException {
    if (marks.isEmpty()) {
      throw FormatException.damaged("the pickle has no mark at byte " + in.position());
    }
    List<Object> view = stack.subList(marks.remove(marks.size() - 1), stack.size());
    List<Object> popped = List.copyOf(view);
    view.clear();
    return popped;
  }

  private List<Object> needed(int count) throws FormatException {
    if (stack.size() - floor() < count) {
      throw FormatException.damaged(
          "the pickle takes " + count + " values from a shorter stack at byte " + in.position());
    }
    return stack.subList(stack.size() - count, stack.size());
  }

  private void append(List<Object> items) throws FormatException {
    if (!(top() instanceof Sequence list) || list.isTuple()) {
      throw FormatException.damaged("the pickle appends to " + kind(top()));
    }
    list.items().addAll(items);
  }

  private void put(List<Object> keysAndValues) throws FormatException {
    if (!(top() instanceof Dict dict) || keysAndValues.size() % 2 != 0) {
      throw FormatException.damaged(
          "the pickle puts " + keysAndValues.size() + " keys and values into " + kind(top()));
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      dict.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private Object remembered(long index) throws FormatException {
    Object value = memo.get(index);
    if (value == null) {
      throw FormatException.damaged("the pickle's memo has no entry " + index);
    }
    return value;
  }

  private void skipped(long bytes) throws IOException {
    in.skip(bytes);
    push(new Opaque("bytes"));
  }

  private Object integer(long bytes) throws IOException {
    if (bytes < 0 || bytes > MAX_INTEGER_BYTES) {
      throw FormatException.damaged(
          "the pickle has an integer of " + bytes + " bytes, at most 16 make sense");
    }
    byte[] littleEndian = in.readBytes(bytes);
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    return small(bytes == 0 ? BigInteger.ZERO : new BigInteger(bigEndian));
  }

  private static Object decimal(String text) throws FormatException {
    try {
      if (text.length() <= 40) {
        return small(new BigInteger(text));
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw FormatException.damaged("the pickle's integer " + quote(text) + " is none");
  }

  private static Object small(BigInteger value) {
    if (value.bitLength() < 64) {
      return value.longValue();
    }
    return value;
  }

  private static long index(String text) throws FormatException {
    return decimal(text) instanceof Long index ? index : -1;
  }

  private static String unquoted(String literal) throws FormatException {
    int n = literal.length();
    char quote = n < 2 ? 0 : literal.charAt(0);
    if ((quote != '\'' && quote != '"') || literal.charAt(n - 1) != quote) {
      throw FormatException.damaged("the pickle's string " + quote(literal) + " has no quotes");
    }
    return literal.substring(1, n - 1);
  }

  /** The sort of a value, never its contents, which may contain themselves. */
  static String kind(Object value) {
    if (value instanceof Global global) {
      return global.toString();
    }
    if (value instanceof Sequence sequence) {
      return (sequence.isTuple() ? "a tuple of " : "a list of ") + sequence.items().size();
    }
    if (value instanceof Dict dict) {
      return "a dict of " + dict.entries().size();
    }
    if (value instanceof String text) {
      return quote(text);
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    return value instanceof Opaque opaque
        ? opaque.what()
        : value instanceof None
            ? "None"
            : value instanceof Pickled.Storage ? "a storage" : "a tensor";
  }
}
