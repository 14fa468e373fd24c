package dev.convoy.models;

import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * DenseNet's dense layers as PyTorch named them before version 0.4.1 forbade dots in a module's
 * name: {@code norm.1} for {@code norm1}. All of torchvision's published files have these keys.
 */
final class OldDenseNetKeys implements KeyNaming {
  private static final Pattern OLD =
      Pattern.compile("(.*denselayer\\d+\\.(?:norm|conv))\\.([12]\\..*)");

  @Override
  public Optional<UnaryOperator<String>> torchvision(Architecture architecture, Set<String> keys) {
    return keys.stream().anyMatch(key -> OLD.matcher(key).matches())
        ? Optional.of(key -> OLD.matcher(key).replaceFirst("$1$2"))
        : Optional.empty();
  }
}
