package dev.convoy.models;

import static dev.convoy.models.Labels.DIGITS;
import static dev.convoy.models.Labels.IMAGENET;

import dev.convoy.ConvoyException;
import dev.convoy.tensor.Shape;
import dev.convoy.vision.Filter;
import dev.convoy.vision.Normalisation;
import dev.convoy.vision.Preprocessing;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Every architecture by name. To add one: a line here, and its family's file. */
public final class Catalog {
  private static final Preprocessing RECIPE_224 = Preprocessing.imagenet(256, 224, Filter.BILINEAR);

  /** Weights that were brought from TensorFlow read samples of -1 to 1. */
  private static final Preprocessing SIGNED_256 = RECIPE_224.with(Normalisation.SIGNED);

  private static final Preprocessing SIGNED_342 =
      Preprocessing.imagenet(342, 299, Filter.BILINEAR).with(Normalisation.SIGNED);

  private static final Preprocessing SIGNED_480 =
      Preprocessing.imagenet(480, 480, Filter.BICUBIC).with(Normalisation.SIGNED);

  private static final List<Architecture> ALL =
      List.of(
          new Architecture(
              "lenet5",
              "LeNet-5, 1998",
              Shape.chw(1, 32, 32),
              DIGITS,
              Preprocessing.mnist(),
              LeNet::lenet5),
          imagenet("alexnet", "AlexNet (torchvision), 2014", AlexNet::alexnet),
          new Architecture(
              "alexnet_original",
              "AlexNet with local response normalisation, 2012",
              Shape.chw(3, 227, 227),
              IMAGENET,
              Preprocessing.imagenet(256, 227, Filter.BILINEAR),
              AlexNet::original),
          imagenet("vgg11", "VGG-11, 2014", Vgg::vgg11),
          imagenet("vgg11_bn", "VGG-11 with batch norm", Vgg::vgg11Bn),
          imagenet("vgg13", "VGG-13, 2014", Vgg::vgg13),
          imagenet("vgg13_bn", "VGG-13 with batch norm", Vgg::vgg13Bn),
          imagenet("vgg16", "VGG-16, 2014", Vgg::vgg16),
          imagenet("vgg16_bn", "VGG-16 with batch norm", Vgg::vgg16Bn),
          imagenet("vgg19", "VGG-19, 2014", Vgg::vgg19),
          imagenet("vgg19_bn", "VGG-19 with batch norm", Vgg::vgg19Bn),
          imagenet("resnet18", "ResNet-18, 2015", ResNet::resnet18),
          imagenet("resnet34", "ResNet-34, 2015", ResNet::resnet34),
          imagenet("resnet50", "ResNet-50 v1.5, 2015", ResNet::resnet50),
          imagenet("resnet101", "ResNet-101 v1.5, 2015", ResNet::resnet101),
          imagenet("resnet152", "ResNet-152 v1.5, 2015", ResNet::resnet152),
          imagenet("resnext50_32x4d", "ResNeXt-50 32x4d, 2016", ResNet::resnext50x32x4d),
          imagenet("resnext101_32x8d", "ResNeXt-101 32x8d, 2016", ResNet::resnext101x32x8d),
          imagenet(
              "resnext101_64x4d",
              "ResNeXt-101 64x4d",
              bilinear(232, 224),
              ResNet::resnext101x64x4d),
          imagenet("wide_resnet50_2", "Wide ResNet-50-2, 2016", ResNet::wideResnet50x2),
          imagenet("wide_resnet101_2", "Wide ResNet-101-2, 2016", ResNet::wideResnet101x2),
          imagenet("googlenet", "GoogLeNet (Inception v1), 2014", SIGNED_256, GoogLeNet::googlenet),
          imagenet(
              "googlenet_without_aux",
              "GoogLeNet without its auxiliary heads",
              SIGNED_256,
              GoogLeNet::withoutAuxiliaryHeads),
          imagenet("inception_v2", "BN-Inception (Inception v2), 2015", InceptionV2::inceptionV2),
          imagenet("bninception_caffe", "BN-Inception as published for Caffe", InceptionV2::caffe),
          imagenet("inception_v3", "Inception v3, 2015", SIGNED_342, InceptionV3::inceptionV3),
          imagenet(
              "inception_v3_without_aux",
              "Inception v3 without its auxiliary head",
              SIGNED_342,
              InceptionV3::withoutAuxiliaryHead),
          imagenet("densenet121", "DenseNet-121, 2016", DenseNet::densenet121),
          imagenet("densenet161", "DenseNet-161, 2016", DenseNet::densenet161),
          imagenet("densenet169", "DenseNet-169, 2016", DenseNet::densenet169),
          imagenet("densenet201", "DenseNet-201, 2016", DenseNet::densenet201),
          imagenet("squeezenet1_0", "SqueezeNet 1.0, 2016", SqueezeNet::squeezenet10),
          imagenet("squeezenet1_1", "SqueezeNet 1.1, 2016", SqueezeNet::squeezenet11),
          imagenet("mobilenet_v1", "MobileNet v1, 2017", MobileNetV1::mobilenetV1),
          imagenet("mobilenet_v1_relu6", "MobileNet v1 with ReLU6", MobileNetV1::relu6),
          imagenet("mobilenet_v1_a075", "MobileNet v1, 0.75 wide", MobileNetV1::threeQuarters),
          imagenet("mobilenet_v1_a050", "MobileNet v1, 0.5 wide", MobileNetV1::half),
          imagenet("mobilenet_v1_a025", "MobileNet v1, 0.25 wide", MobileNetV1::quarter),
          imagenet(
              "mobilenet_v1_a075_relu6",
              "MobileNet v1, 0.75 wide, with ReLU6",
              MobileNetV1::threeQuartersRelu6),
          imagenet(
              "mobilenet_v1_a050_relu6",
              "MobileNet v1, 0.5 wide, with ReLU6",
              MobileNetV1::halfRelu6),
          imagenet(
              "mobilenet_v1_a025_relu6",
              "MobileNet v1, 0.25 wide, with ReLU6",
              MobileNetV1::quarterRelu6),
          imagenet("mobilenet_v2", "MobileNet v2, 2018", MobileNetV2::mobilenetV2),
          imagenet("mobilenet_v3_small", "MobileNet v3-Small, 2019", MobileNetV3::small),
          imagenet("mobilenet_v3_large", "MobileNet v3-Large, 2019", MobileNetV3::large),
          imagenet("mnasnet0_5", "MNASNet-B1, 0.5 wide, 2018", MnasNet::mnasnet05),
          imagenet("mnasnet0_75", "MNASNet-B1, 0.75 wide", bilinear(232, 224), MnasNet::mnasnet075),
          imagenet("mnasnet1_0", "MNASNet-B1, 2018", MnasNet::mnasnet10),
          imagenet("mnasnet1_3", "MNASNet-B1, 1.3 wide", bilinear(232, 224), MnasNet::mnasnet13),
          imagenet("shufflenet_v2_x0_5", "ShuffleNet v2, 0.5 wide, 2018", ShuffleNetV2::x05),
          imagenet("shufflenet_v2_x1_0", "ShuffleNet v2, 2018", ShuffleNetV2::x10),
          imagenet(
              "shufflenet_v2_x1_5",
              "ShuffleNet v2, 1.5 wide",
              bilinear(232, 224),
              ShuffleNetV2::x15),
          imagenet(
              "shufflenet_v2_x2_0", "ShuffleNet v2, 2 wide", bilinear(232, 224), ShuffleNetV2::x20),
          imagenet("regnet_x_400mf", "RegNet-X 400MF, 2020", RegNet.X_400MF),
          imagenet("regnet_x_800mf", "RegNet-X 800MF", RegNet.X_800MF),
          imagenet("regnet_x_1_6gf", "RegNet-X 1.6GF", RegNet.X_1_6GF),
          imagenet("regnet_x_3_2gf", "RegNet-X 3.2GF", RegNet.X_3_2GF),
          imagenet("regnet_x_8gf", "RegNet-X 8GF", RegNet.X_8GF),
          imagenet("regnet_x_16gf", "RegNet-X 16GF", RegNet.X_16GF),
          imagenet("regnet_x_32gf", "RegNet-X 32GF", RegNet.X_32GF),
          imagenet("regnet_y_400mf", "RegNet-Y 400MF, 2020", RegNet.Y_400MF),
          imagenet("regnet_y_800mf", "RegNet-Y 800MF", RegNet.Y_800MF),
          imagenet("regnet_y_1_6gf", "RegNet-Y 1.6GF", RegNet.Y_1_6GF),
          imagenet("regnet_y_3_2gf", "RegNet-Y 3.2GF", RegNet.Y_3_2GF),
          imagenet("regnet_y_8gf", "RegNet-Y 8GF", RegNet.Y_8GF),
          imagenet("regnet_y_16gf", "RegNet-Y 16GF", RegNet.Y_16GF),
          imagenet("regnet_y_32gf", "RegNet-Y 32GF", RegNet.Y_32GF),
          imagenet("regnet_y_128gf", "RegNet-Y 128GF", bicubic(384, 384), RegNet.Y_128GF),
          imagenet("efficientnet_b0", "EfficientNet-B0, 2019", bicubic(256, 224), EfficientNet::b0),
          imagenet("efficientnet_b1", "EfficientNet-B1", bicubic(256, 240), EfficientNet::b1),
          imagenet("efficientnet_b2", "EfficientNet-B2", bicubic(288, 288), EfficientNet::b2),
          imagenet("efficientnet_b3", "EfficientNet-B3", bicubic(320, 300), EfficientNet::b3),
          imagenet("efficientnet_b4", "EfficientNet-B4", bicubic(384, 380), EfficientNet::b4),
          imagenet("efficientnet_b5", "EfficientNet-B5", bicubic(456, 456), EfficientNet::b5),
          imagenet("efficientnet_b6", "EfficientNet-B6", bicubic(528, 528), EfficientNet::b6),
          imagenet("efficientnet_b7", "EfficientNet-B7", bicubic(600, 600), EfficientNet::b7),
          imagenet(
              "efficientnet_v2_s",
              "EfficientNet v2-S, 2021",
              Preprocessing.imagenet(384, 384, Filter.BILINEAR),
              EfficientNet::v2s),
          imagenet("efficientnet_v2_m", "EfficientNet v2-M", bilinear(480, 480), EfficientNet::v2m),
          imagenet("efficientnet_v2_l", "EfficientNet v2-L", SIGNED_480, EfficientNet::v2l),
          imagenet("convnext_tiny", "ConvNeXt-Tiny, 2022", bilinear(236, 224), ConvNeXt::tiny),
          imagenet("convnext_small", "ConvNeXt-Small", bilinear(230, 224), ConvNeXt::small),
          imagenet("convnext_base", "ConvNeXt-Base", bilinear(232, 224), ConvNeXt::base),
          imagenet("convnext_large", "ConvNeXt-Large", bilinear(232, 224), ConvNeXt::large));

  private Catalog() {}

  private static Architecture imagenet(String name, String title, Architecture.Builder builder) {
    return imagenet(name, title, RECIPE_224, builder);
  }

  private static Architecture imagenet(
      String name, String title, Preprocessing recipe, Architecture.Builder builder) {
    return new Architecture(name, title, recipe.outputShape(), IMAGENET, recipe, builder);
  }

  private static Preprocessing bilinear(int resize, int crop) {
    return Preprocessing.imagenet(resize, crop, Filter.BILINEAR);
  }

  private static Preprocessing bicubic(int resize, int crop) {
    return Preprocessing.imagenet(resize, crop, Filter.BICUBIC);
  }

  /** All of them, family by family. */
  public static List<Architecture> all() {
    return ALL;
  }

  /**
   * The architecture of this name, in any case, with or without {@code -} and {@code _}.
   *
   * @throws ConvoyException naming those that exist, or those that the name may mean
   */
  public static Architecture find(String name) {
    String written = name.toLowerCase(Locale.ROOT).replaceAll("[- ]", "_");
    List<Architecture> alike =
        ALL.stream().filter(a -> plain(a.name()).equals(plain(written))).toList();
    // regnet_x_1_6gf and regnet_x_16gf are alike.
    return alike.stream()
        .filter(a -> alike.size() == 1 || a.name().equals(written))
        .findFirst()
        .orElseThrow(
            () ->
                new ConvoyException(
                    alike.isEmpty()
                        ? "there is no model '%s'; there are %s".formatted(name, names(ALL, ", "))
                        : "the model '%s' may be %s".formatted(name, names(alike, " or "))));
  }

  private static String plain(String name) {
    return name.replace("_", "");
  }

  private static String names(List<Architecture> architectures, String separator) {
    return architectures.stream().map(Architecture::name).collect(Collectors.joining(separator));
  }
}
