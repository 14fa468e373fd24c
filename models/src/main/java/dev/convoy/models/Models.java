package dev.convoy.models;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.plan.Backends;
import dev.convoy.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * All networks of the {@link Catalog} as methods, for code: {@code Models.resnet50().load(path)}.
 *
 * <p>{@link Catalog#find} finds the same ones by text.
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

  public static Architecture vgg11() {
    return Catalog.find("vgg11");
  }

  public static Architecture vgg11Bn() {
    return Catalog.find("vgg11_bn");
  }

  public static Architecture vgg13() {
    return Catalog.find("vgg13");
  }

  public static Architecture vgg13Bn() {
    return Catalog.find("vgg13_bn");
  }

  public static Architecture vgg16() {
    return Catalog.find("vgg16");
  }

  public static Architecture vgg16Bn() {
    return Catalog.find("vgg16_bn");
  }

  public static Architecture vgg19() {
    return Catalog.find("vgg19");
  }

  public static Architecture vgg19Bn() {
    return Catalog.find("vgg19_bn");
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

  /** 32 groups of 4 channels. */
  public static Architecture resnext50() {
    return Catalog.find("resnext50_32x4d");
  }

  /** 32 groups of 8 channels. */
  public static Architecture resnext101() {
    return Catalog.find("resnext101_32x8d");
  }

  /** 64 groups of 4 channels. */
  public static Architecture resnext101x64() {
    return Catalog.find("resnext101_64x4d");
  }

  public static Architecture wideResnet50() {
    return Catalog.find("wide_resnet50_2");
  }

  public static Architecture wideResnet101() {
    return Catalog.find("wide_resnet101_2");
  }

  /** Inception v1. */
  public static Architecture googlenet() {
    return Catalog.find("googlenet");
  }

  /** Without its auxiliary heads, which only training needs. */
  public static Architecture googlenetWithoutAux() {
    return Catalog.find("googlenet_without_aux");
  }

  /** BN-Inception, as the paper's table sums up. */
  public static Architecture inceptionV2() {
    return Catalog.find("inception_v2");
  }

  /** BN-Inception as published for Caffe. */
  public static Architecture inceptionV2Caffe() {
    return Catalog.find("bninception_caffe");
  }

  /** For images of 299×299. */
  public static Architecture inceptionV3() {
    return Catalog.find("inception_v3");
  }

  /** Without its auxiliary head, which only training needs. */
  public static Architecture inceptionV3WithoutAux() {
    return Catalog.find("inception_v3_without_aux");
  }

  public static Architecture densenet121() {
    return Catalog.find("densenet121");
  }

  public static Architecture densenet161() {
    return Catalog.find("densenet161");
  }

  public static Architecture densenet169() {
    return Catalog.find("densenet169");
  }

  public static Architecture densenet201() {
    return Catalog.find("densenet201");
  }

  public static Architecture squeezenet10() {
    return Catalog.find("squeezenet1_0");
  }

  public static Architecture squeezenet11() {
    return Catalog.find("squeezenet1_1");
  }

  public static Architecture mobilenetV1() {
    return Catalog.find("mobilenet_v1");
  }

  /** As most published weights were trained. */
  public static Architecture mobilenetV1Relu6() {
    return Catalog.find("mobilenet_v1_relu6");
  }

  /** 0.75 wide. */
  public static Architecture mobilenetV1ThreeQuarters() {
    return Catalog.find("mobilenet_v1_a075");
  }

  /** 0.5 wide. */
  public static Architecture mobilenetV1Half() {
    return Catalog.find("mobilenet_v1_a050");
  }

  /** 0.25 wide. */
  public static Architecture mobilenetV1Quarter() {
    return Catalog.find("mobilenet_v1_a025");
  }

  /** 0.75 wide, with ReLU6. */
  public static Architecture mobilenetV1ThreeQuartersRelu6() {
    return Catalog.find("mobilenet_v1_a075_relu6");
  }

  /** 0.5 wide, with ReLU6. */
  public static Architecture mobilenetV1HalfRelu6() {
    return Catalog.find("mobilenet_v1_a050_relu6");
  }

  /** 0.25 wide, with ReLU6. */
  public static Architecture mobilenetV1QuarterRelu6() {
    return Catalog.find("mobilenet_v1_a025_relu6");
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

  /** 0.5 wide. */
  public static Architecture shufflenetV2Half() {
    return Catalog.find("shufflenet_v2_x0_5");
  }

  public static Architecture shufflenetV2() {
    return Catalog.find("shufflenet_v2_x1_0");
  }

  /** 1.5 wide. */
  public static Architecture shufflenetV2OneAndAHalf() {
    return Catalog.find("shufflenet_v2_x1_5");
  }

  /** Twice as wide. */
  public static Architecture shufflenetV2Double() {
    return Catalog.find("shufflenet_v2_x2_0");
  }

  /** 0.5 wide. */
  public static Architecture mnasnetHalf() {
    return Catalog.find("mnasnet0_5");
  }

  /** 0.75 wide. */
  public static Architecture mnasnetThreeQuarters() {
    return Catalog.find("mnasnet0_75");
  }

  public static Architecture mnasnet() {
    return Catalog.find("mnasnet1_0");
  }

  /** 1.3 wide. */
  public static Architecture mnasnetWide() {
    return Catalog.find("mnasnet1_3");
  }

  public static Architecture regnetX400mf() {
    return Catalog.find("regnet_x_400mf");
  }

  public static Architecture regnetX800mf() {
    return Catalog.find("regnet_x_800mf");
  }

  public static Architecture regnetX1600mf() {
    return Catalog.find("regnet_x_1_6gf");
  }

  public static Architecture regnetX3200mf() {
    return Catalog.find("regnet_x_3_2gf");
  }

  public static Architecture regnetX8gf() {
    return Catalog.find("regnet_x_8gf");
  }

  public static Architecture regnetX16gf() {
    return Catalog.find("regnet_x_16gf");
  }

  public static Architecture regnetX32gf() {
    return Catalog.find("regnet_x_32gf");
  }

  public static Architecture regnetY400mf() {
    return Catalog.find("regnet_y_400mf");
  }

  public static Architecture regnetY800mf() {
    return Catalog.find("regnet_y_800mf");
  }

  public static Architecture regnetY1600mf() {
    return Catalog.find("regnet_y_1_6gf");
  }

  public static Architecture regnetY3200mf() {
    return Catalog.find("regnet_y_3_2gf");
  }

  public static Architecture regnetY8gf() {
    return Catalog.find("regnet_y_8gf");
  }

  public static Architecture regnetY16gf() {
    return Catalog.find("regnet_y_16gf");
  }

  public static Architecture regnetY32gf() {
    return Catalog.find("regnet_y_32gf");
  }

  /** For images of 384×384. */
  public static Architecture regnetY128gf() {
    return Catalog.find("regnet_y_128gf");
  }

  /** For images of 384×384. */
  public static Architecture efficientnetV2S() {
    return Catalog.find("efficientnet_v2_s");
  }

  /** For images of 480×480. */
  public static Architecture efficientnetV2M() {
    return Catalog.find("efficientnet_v2_m");
  }

  /** For images of 480×480. */
  public static Architecture efficientnetV2L() {
    return Catalog.find("efficientnet_v2_l");
  }

  public static Architecture convnextTiny() {
    return Catalog.find("convnext_tiny");
  }

  public static Architecture convnextSmall() {
    return Catalog.find("convnext_small");
  }

  public static Architecture convnextBase() {
    return Catalog.find("convnext_base");
  }

  public static Architecture convnextLarge() {
    return Catalog.find("convnext_large");
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
