package dev.convoy.models;

import static dev.convoy.models.Labels.DIGITS;
import static dev.convoy.models.Labels.IMAGENET;

import dev.convoy.ConvoyException;
import dev.convoy.tensor.Shape;
import dev.convoy.vision.Filter;
import dev.convoy.vision.Preprocessing;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Every architecture by name. To add one: a line here, and its family's file. */
public final class Catalog {
  private static final Shape RGB_224 = Shape.chw(3, 224, 224);
  private static final Preprocessing RECIPE_224 = Preprocessing.imagenet(256, 224, Filter.BILINEAR);

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
          imagenet("resnet152", "ResNet-152 v1.5, 2015", ResNet::resnet152));

  private Catalog() {}

  private static Architecture imagenet(String name, String title, Architecture.Builder builder) {
    return new Architecture(name, title, RGB_224, IMAGENET, RECIPE_224, builder);
  }

  /** All of them, in the order of their years and sizes. */
  public static List<Architecture> all() {
    return ALL;
  }

  /**
   * The architecture of this name, in any case, with or without {@code -} and {@code _}.
   *
   * @throws ConvoyException naming those that exist
   */
  public static Architecture find(String name) {
    return ALL.stream()
        .filter(a -> plain(a.name()).equals(plain(name)))
        .findFirst()
        .orElseThrow(
            () ->
                new ConvoyException(
                    "there is no model '"
                        + name
                        + "'; there are "
                        + ALL.stream().map(Architecture::name).collect(Collectors.joining(", "))));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }
}
