package dev.convoy.weights;

import static dev.convoy.weights.FormatException.quote;

import dev.convoy.weights.Pickled.Dict;
import dev.convoy.weights.Pickled.None;
import dev.convoy.weights.Pickled.TensorRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The dict of tensors in what a pickle held.
 *
 * @param wrapper the keys under which it was found, joined by dots: {@code state_dict}, or nothing
 */
record StateDict(Map<String, TensorRef> tensors, String wrapper) {
  /** Under what keys training scripts put the state dict, most telling first. */
  private static final List<String> WRAPPERS =
      List.of(
          "state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights");

  private static final int MAX_WRAPPERS = 4;
  private static final String CURE = "save the state dict alone: torch.save(model.state_dict(), …)";

  static StateDict find(Object root) throws FormatException {
    Object at = root;
    String path = "";
    for (int depth = 0; depth <= MAX_WRAPPERS; depth++) {
      if (!(at instanceof Dict dict)) {
        throw new FormatException(
            "the file holds " + Unpickler.kind(at) + " where a dict of tensors is wanted", CURE);
      }
      String wrapper = wrapper(dict);
      if (wrapper.isEmpty()) {
        return new StateDict(tensors(dict), path);
      }
      path = path.isEmpty() ? wrapper : path + "." + wrapper;
      at = dict.entries().getOrDefault(wrapper, None.NONE);
    }
    throw new FormatException(
        "the state dict is wrapped more than " + MAX_WRAPPERS + " deep", CURE);
  }

  private static String wrapper(Dict dict) {
    return WRAPPERS.stream()
        .filter(key -> dict.entries().get(key) instanceof Dict)
        .findFirst()
        .orElse("");
  }

  /** Numbers and text among the tensors (an epoch, a name) are passed over, containers are not. */
  private static Map<String, TensorRef> tensors(Dict dict) throws FormatException {
    Map<String, TensorRef> tensors = new LinkedHashMap<>();
    for (Map.Entry<Object, Object> entry : dict.entries().entrySet()) {
      if (entry.getValue() instanceof TensorRef tensor) {
        if (!(entry.getKey() instanceof String key)) {
          throw new FormatException(
              "a tensor is stored under " + Unpickler.kind(entry.getKey()) + ", not under a name",
              CURE);
        }
        tensors.put(key, tensor);
      } else if (entry.getValue() instanceof Pickled && entry.getValue() != None.NONE) {
        if (!(entry.getKey() instanceof String key) || !key.endsWith("_extra_state")) {
          throw new FormatException(
              "no dict of tensors is found: "
                  + Unpickler.kind(entry.getKey())
                  + " is "
                  + Unpickler.kind(entry.getValue())
                  + " (a wrapper may be called "
                  + String.join(", ", WRAPPERS)
                  + ")",
              CURE);
        }
      }
    }
    if (tensors.isEmpty() && !dict.entries().isEmpty()) {
      throw new FormatException(
          "the file's dict holds no tensor; its keys are "
              + dict.entries().keySet().stream()
                  .limit(8)
                  .map(key -> key instanceof String text ? quote(text) : Unpickler.kind(key))
                  .collect(Collectors.joining(", ")),
          CURE);
    }
    return tensors;
  }
}
