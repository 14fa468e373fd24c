package dev.convoy.models;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.plan.Backends;
import dev.convoy.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The networks by name, for code: {@code Models.resnet50().load(path)}.
 *
 * <p>{@link Catalog} finds the same ones by text.
 */
public final class Models {
  private Models() {}

  public static Architecture lenet5() {
    return Catalog.find("lenet5");
  }

  /** torchvision's; see {@link #alexnetOriginal} for the paper's. */
  public static Architecture alexnet() {
    return Catalog.find("alexnet");
  }

  public static Architecture alexnetOriginal() {
    return Catalog.find("alexnet_original");
  }

  public static Architecture vgg16() {
    return Catalog.find("vgg16");
  }

  public static Architecture vgg19() {
    return Catalog.find("vgg19");
  }

  public static Architecture resnet18() {
    return Catalog.find("resnet18");
  }

  public static Architecture resnet34() {
    return Catalog.find("resnet34");
  }

  public static Architecture resnet50() {
    return Catalog.find("resnet50");
  }

  public static Architecture resnet101() {
    return Catalog.find("resnet101");
  }

  public static Architecture resnet152() {
    return Catalog.find("resnet152");
  }

  /** LeNet-5 with the weights that come with this library: 99.36 % of MNIST's test digits. */
  public static Classifier digits() {
    return digits(Backends.best(), CompileOptions.DEFAULT);
  }

  public static Classifier digits(Backend backend, CompileOptions options) {
    return lenet5()
        .classifier(embedded("lenet5-mnist.safetensors"), lenet5().recipe(), backend, options);
  }

  private static Weights embedded(String resource) {
    try (InputStream in = Models.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the models jar lacks " + resource);
      }
      return Weights.read(in, resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
