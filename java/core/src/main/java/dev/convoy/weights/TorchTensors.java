package dev.convoy.weights;

import static dev.convoy.weights.FormatException.quote;

import dev.convoy.weights.Pickled.Storage;
import dev.convoy.weights.Pickled.TensorRef;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the tensors of a state dict and the bytes of a container together. */
final class TorchTensors {
  private TorchTensors() {}

  /** Where a container keeps a storage: exactly {@link Storage#bytes()} bytes. */
  interface Container {
    @Nullable ByteRange find(Storage storage) throws FormatException;
  }

  static Map<String, TensorView> locate(StateDict state, Container container, ByteOrder order)
      throws FormatException {
    Map<String, TensorView> located = new LinkedHashMap<>();
    for (Map.Entry<String, TensorRef> entry : state.tensors().entrySet()) {
      TensorRef tensor = entry.getValue();
      String what = "tensor " + quote(entry.getKey());
      Storage storage = tensor.storage();
      ByteRange data = container.find(storage);
      if (data == null) {
        throw FormatException.damaged(what + ": the file has no storage " + quote(storage.key()));
      }
      Storage.Part part = storage.part();
      if (part != null) {
        int size = storage.type().bytes();
        data = data.slice(part.offset() * size, part.count() * size);
      }
      located.put(
          entry.getKey(),
          TensorView.checked(
              what, tensor.type(), data, order, tensor.offset(), tensor.dims(), tensor.strides()));
    }
    return located;
  }
}
