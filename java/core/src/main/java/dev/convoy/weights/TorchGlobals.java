package dev.convoy.weights;

import static dev.convoy.weights.FormatException.quote;

import dev.convoy.weights.Pickled.Dict;
import dev.convoy.weights.Pickled.Global;
import dev.convoy.weights.Pickled.None;
import dev.convoy.weights.Pickled.Opaque;
import dev.convoy.weights.Pickled.Sequence;
import dev.convoy.weights.Pickled.Storage;
import dev.convoy.weights.Pickled.TensorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Python names that a checkpoint may mention, and what calling them gives here. The list is
 * closed: a name that is not on it ends the load before anything is made of it.
 *
 * <p>Collects the storages that the pickle mentions on the way.
 */
final class TorchGlobals {
  private static final Set<String> PLAIN =
      Set.of(
          "collections.OrderedDict",
          "builtins.set",
          "__builtin__.set",
          "builtins.frozenset",
          "__builtin__.frozenset",
          "_codecs.encode",
          "torch.Size",
          "torch.device",
          "torch.Tensor",
          "torch.nn.parameter.Parameter",
          "torch.storage.UntypedStorage",
          "torch.UntypedStorage",
          "torch.serialization._get_layout",
          "torch._tensor._rebuild_from_type_v2",
          "torch._utils._rebuild_tensor",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_tensor_v3",
          "torch._utils._rebuild_parameter",
          "torch._utils._rebuild_parameter_with_state");

  private static final Set<String> STORAGE_MODULES = Set.of("torch", "torch.cuda", "torch.storage");

  private final Map<String, Storage> storages = new LinkedHashMap<>();

  /** Every storage that was mentioned, by its key; a view of one is not here, the one itself is. */
  Map<String, Storage> storages() {
    return storages;
  }

  /** The name as a value, or an exception that says why it is refused. */
  Global allow(String module, String name) throws FormatException {
    Global global = new Global(module, name);
    if (PLAIN.contains(global.toString())
        || storageType(global).isPresent()
        || dtype(global).isPresent()) {
      return global;
    }
    String asks = "the pickle asks for the Python object " + quote(global.toString());
    if ((name.endsWith("Storage") && STORAGE_MODULES.contains(module))
        || name.startsWith("_rebuild_")
        || (module.equals("torch") && name.matches("q?u?int\\d+(x\\d)?|float\\w+|complex\\w+"))) {
      throw new FormatException(
          asks + ", a sort of tensor that is not supported",
          "save dense tensors of one of the types " + ElementType.all());
    }
    if (module.startsWith("torch.nn.")
        || (module.startsWith("__") && !module.contains("builtin"))) {
      throw new FormatException(
          asks + ": it holds a whole model, whose code would have to be run to load it",
          "load it in Python and save only the weights: torch.save(model.state_dict(), …)");
    }
    throw new FormatException(
        asks + ", which is neither a tensor nor a plain container; nothing was executed",
        "if you trust its source, load it in Python and save only the weights:"
            + " torch.save(model.state_dict(), …)");
  }

  /** What Python's {@code callee(*arguments)} would give. */
  Object call(Global callee, List<Object> arguments) throws FormatException {
    Arguments given = new Arguments(callee, arguments);
    if (callee.toString().equals("torch._tensor._rebuild_from_type_v2")) {
      // (function, type, arguments, state): a tensor with attributes, which are dropped.
      if (!(given.at(0) instanceof Global function)
          || function.name().equals("_rebuild_from_type_v2")) {
        throw given.wrong(0, "a function that builds a tensor");
      }
      return build(new Arguments(function, given.tuple(2)));
    }
    return build(given);
  }

  private static Object build(Arguments given) throws FormatException {
    return switch (given.callee().name()) {
      case "OrderedDict" -> {
        given.count(0);
        yield new Dict();
      }
      case "set", "frozenset" -> Sequence.list(given.sequence(0).items());
      case "encode", "device", "_get_layout" -> new Opaque(given.callee().name());
      case "Size" -> Sequence.tuple(given.sequence(0).items());
      // (storage, offset, size, stride)
      case "_rebuild_tensor" -> {
        given.count(4);
        yield tensor(given, given.storage(0).type());
      }
      // (storage, offset, size, stride, requires_grad, hooks[, metadata])
      case "_rebuild_tensor_v2" -> tensor(given, given.storage(0).type());
      // (storage, offset, size, stride, requires_grad, hooks, dtype[, metadata])
      case "_rebuild_tensor_v3" -> {
        Optional<ElementType> type =
            given.at(6) instanceof Global named ? dtype(named) : Optional.empty();
        if (type.isEmpty()) {
          throw given.wrong(6, "a dtype");
        }
        yield tensor(given, type.get());
      }
      // (tensor, requires_grad, hooks[, state])
      case "_rebuild_parameter", "_rebuild_parameter_with_state" -> {
        if (!(given.at(0) instanceof TensorRef tensor)) {
          throw given.wrong(0, "a tensor");
        }
        yield tensor;
      }
      default ->
          throw FormatException.damaged(
              "the pickle calls " + given.callee() + ", which is no call");
    };
  }

  private static TensorRef tensor(Arguments given, ElementType type) throws FormatException {
    return new TensorRef(
        given.storage(0), type, given.integer(1), given.integers(2), given.integers(3));
  }

  /**
   * What a persistent id stands for: {@code ('storage', class, key, location, count)}, in legacy
   * files with {@code None} or {@code (view key, offset, count)} behind.
   */
  Object persistent(Object id) throws FormatException {
    if (id instanceof Sequence tuple
        && tuple.items().size() >= 2
        && "module".equals(tuple.items().get(0))) {
      throw new FormatException(
          "the pickle holds a whole model with its source code",
          "load it in Python and save only the weights: torch.save(model.state_dict(), …)");
    }
    if (!(id instanceof Sequence tuple)
        || !tuple.isTuple()
        || tuple.items().size() < 5
        || tuple.items().size() > 6
        || !"storage".equals(tuple.items().get(0))
        || !(tuple.items().get(1) instanceof Global storageClass)
        || !(tuple.items().get(2) instanceof String key)
        || !(tuple.items().get(4) instanceof Long count)) {
      throw FormatException.damaged(
          "the pickle's storage must be ('storage', class, key, location, count), not "
              + Unpickler.kind(id));
    }
    ElementType type =
        storageType(storageClass)
            .orElseThrow(
                () -> FormatException.damaged("storage " + quote(key) + " has no storage class"));
    if (count < 0 || count > Long.MAX_VALUE / type.bytes()) {
      throw FormatException.damaged("storage " + quote(key) + " has " + count + " elements");
    }
    Storage whole = new Storage(key, type, count, null);
    Storage known = storages.putIfAbsent(key, whole);
    if (known != null && !known.equals(whole)) {
      throw FormatException.damaged(
          "storage "
              + quote(key)
              + " is both "
              + known.count()
              + " of "
              + known.type().dtype()
              + " and "
              + count
              + " of "
              + type.dtype());
    }
    Object view = tuple.items().size() == 6 ? tuple.items().get(5) : None.NONE;
    return view == None.NONE ? whole : new Storage(key, type, count, part(whole, view));
  }

  private static Storage.@Nullable Part part(Storage whole, Object view) throws FormatException {
    if (view instanceof Sequence parts
        && parts.items().size() == 3
        && parts.items().get(1) instanceof Long offset
        && parts.items().get(2) instanceof Long count
        && offset >= 0
        && count >= 0
        && offset <= whole.count()
        && count <= whole.count() - offset) {
      return new Storage.Part(offset, count);
    }
    throw FormatException.damaged(
        "the view of storage "
            + quote(whole.key())
            + " must be (key, offset, count) inside its "
            + whole.count()
            + " elements");
  }

  private static Optional<ElementType> storageType(Global global) {
    if (!STORAGE_MODULES.contains(global.module())) {
      return Optional.empty();
    }
    return global.name().equals("UntypedStorage")
        ? Optional.of(ElementType.U8)
        : ElementType.ofStorage(global.name());
  }

  private static Optional<ElementType> dtype(Global global) {
    return global.module().equals("torch") ? ElementType.ofDtype(global.name()) : Optional.empty();
  }

  /** The arguments of a call, taken with their types checked. */
  private record Arguments(Global callee, List<Object> values) {
    void count(int expected) throws FormatException {
      if (values.size() != expected) {
        throw FormatException.damaged(
            callee + " takes " + expected + " arguments, " + values.size() + " were given");
      }
    }

    Object at(int index) throws FormatException {
      if (index >= values.size()) {
        throw FormatException.damaged(
            callee + " needs more than the " + values.size() + " arguments given");
      }
      return values.get(index);
    }

    Sequence sequence(int index) throws FormatException {
      if (at(index) instanceof Sequence sequence) {
        return sequence;
      }
      throw wrong(index, "a tuple or list");
    }

    List<Object> tuple(int index) throws FormatException {
      return sequence(index).items();
    }

    Storage storage(int index) throws FormatException {
      if (at(index) instanceof Storage storage) {
        return storage;
      }
      throw wrong(index, "a storage");
    }

    long integer(int index) throws FormatException {
      if (at(index) instanceof Long value) {
        return value;
      }
      throw wrong(index, "an integer");
    }

    List<Long> integers(int index) throws FormatException {
      List<Long> integers = new ArrayList<>();
      for (Object item : tuple(index)) {
        if (!(item instanceof Long value)) {
          throw wrong(index, "a tuple of integers");
        }
        integers.add(value);
      }
      return List.copyOf(integers);
    }

    FormatException wrong(int index, String expected) throws FormatException {
      return FormatException.damaged(
          "%s needs %s as argument %d, not %s"
              .formatted(callee, expected, index + 1, Unpickler.kind(at(index))));
    }
  }
}
