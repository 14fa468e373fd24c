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

  /** Inception v1. */
  public static Architecture googlenet() {
    return Catalog.find("googlenet");
  }

  /** BN-Inception, as the paper's table sums up. */
  public static Architecture inceptionV2() {
    return Catalog.find("inception_v2");
  }

  /** For images of 299×299. */
  public static Architecture inceptionV3() {
    return Catalog.find("inception_v3");
  }

  public static Architecture densenet121() {
    return Catalog.find("densenet121");
  }

  public static Architecture densenet169() {
    return Catalog.find("densenet169");
  }

  public static Architecture densenet201() {
    return Catalog.find("densenet201");
  }

  public static Architecture squeezenet11() {
    return Catalog.find("squeezenet1_1");
  }

  public static Architecture mobilenetV1() {
    return Catalog.find("mobilenet_v1");
  }

  public static Architecture mobilenetV2() {
    return Catalog.find("mobilenet_v2");
  }

  public static Architecture mobilenetV3Small() {
    return Catalog.find("mobilenet_v3_small");
  }

  public static Architecture mobilenetV3Large() {
    return Catalog.find("mobilenet_v3_large");
  }

  public static Architecture shufflenetV2() {
    return Catalog.find("shufflenet_v2_x1_0");
  }

  public static Architecture mnasnet() {
    return Catalog.find("mnasnet1_0");
  }

  public static Architecture regnetY400mf() {
    return Catalog.find("regnet_y_400mf");
  }

  /** For images of 384×384. */
  public static Architecture efficientnetV2S() {
    return Catalog.find("efficientnet_v2_s");
  }

  public static Architecture convnextTiny() {
    return Catalog.find("convnext_tiny");
  }

  public static Architecture resnext50() {
    return Catalog.find("resnext50_32x4d");
  }

  public static Architecture wideResnet50() {
    return Catalog.find("wide_resnet50_2");
  }

  /**
   * EfficientNet-B0 to B7, each with a resolution of its own.
   *
   * @throws dev.convoy.ConvoyException if there is no such size
   */
  public static Architecture efficientnet(int size) {
    return Catalog.find("efficientnet_b" + size);
  }

  /** LeNet-5 with the weights that come with this library: 99.36 % of MNIST's test digits. */
  public static Classifier digits() {
    return digits(Backends.best(), CompileOptions.DEFAULT);
  }

  public static Classifier digits(Backend backend, CompileOptions options) {
    return lenet5().pretrained(digitWeights(), lenet5().recipe()).classifier(backend, options);
  }

  /** The weights of {@link #digits}. */
  public static Weights digitWeights() {
    return embedded("lenet5-mnist.safetensors");
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
