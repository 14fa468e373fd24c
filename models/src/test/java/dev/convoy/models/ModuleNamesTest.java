package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.convoy.backend.CompileOptions;
import dev.convoy.nn.Network;
import dev.convoy.plan.Backends;
import dev.convoy.plan.Model;
import dev.convoy.reference.GoldenNumbers;
import dev.convoy.reference.ReferenceBackend;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import dev.convoy.weights.Weights;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What torchvision's modules give is found under their names. Left out are {@code relu} of ResNet's
 * blocks, which is one module in several places and finds the first, stochastic depth, and what
 * ConvNeXt permutes.
 */
class ModuleNamesTest {
  @ParameterizedTest
  @CsvSource({
    "alexnet, features.1, 64x55x55",
    "alexnet, features.4, 192x27x27",
    "alexnet, features.7, 384x13x13",
    "alexnet, features.9, 256x13x13",
    "alexnet, features.11, 256x13x13",
    "alexnet, features, 256x6x6",
    "alexnet, avgpool, 256x6x6",
    "alexnet, classifier.0, 9216",
    "alexnet, classifier.2, 4096",
    "alexnet, classifier.3, 4096",
    "alexnet, classifier.5, 4096",
    "alexnet, classifier.6, 1000",
    "vgg16, features.29, 512x14x14",
    "vgg16, avgpool, 512x7x7",
    "vgg16, classifier.1, 4096",
    "vgg16, classifier.2, 4096",
    "vgg16, classifier.4, 4096",
    "vgg16, classifier.5, 4096",
    "vgg16_bn, features.42, 512x14x14",
    "resnet50, relu, 64x112x112",
    "resnet50, maxpool, 64x56x56",
    "resnet50, layer1.0.downsample, 256x56x56",
    "resnet50, layer1.0, 256x56x56",
    "resnet50, layer4, 2048x7x7",
    "resnet50, avgpool, 2048x1x1",
    "resnet50, fc, 1000",
    "googlenet, inception3a.branch2.0, 96x28x28",
    "googlenet, inception3a.branch4.0, 192x28x28",
    "googlenet, inception3a.branch4, 32x28x28",
    "googlenet, maxpool4, 832x7x7",
    "googlenet, aux1.dropout, 1024",
    "googlenet, aux2, 1000",
    "googlenet, dropout, 1024",
    "inception_v3, Mixed_5b.branch_pool, 32x35x35",
    "inception_v3, Mixed_6b.branch7x7dbl_4, 128x17x17",
    "inception_v3, Mixed_7b.branch3x3_2a, 384x8x8",
    "inception_v3, AuxLogits, 1000",
    "inception_v3, dropout, 2048",
    "densenet121, features.relu0, 64x112x112",
    "densenet121, features.denseblock1.denselayer2.relu1, 96x56x56",
    "densenet121, features.denseblock1.denselayer2.relu2, 128x56x56",
    "densenet121, features.denseblock1.denselayer2, 32x56x56",
    "densenet121, features.denseblock1, 256x56x56",
    "densenet121, features.transition1.relu, 256x56x56",
    "densenet121, features, 1024x7x7",
    "squeezenet1_0, features.1, 96x109x109",
    "squeezenet1_1, features.3.squeeze_activation, 16x55x55",
    "squeezenet1_1, features.3.expand1x1_activation, 64x55x55",
    "squeezenet1_1, features.3.expand3x3_activation, 64x55x55",
    "squeezenet1_1, features.3, 128x55x55",
    "squeezenet1_1, classifier.0, 512x13x13",
    "squeezenet1_1, classifier.2, 1000x13x13",
    "squeezenet1_1, classifier.3, 1000x1x1",
    "squeezenet1_1, classifier, 1000x1x1",
    "mobilenet_v1, features.0.2, 32x112x112",
    "mobilenet_v1, features.1.2, 32x112x112",
    "mobilenet_v1, features.1.5, 64x112x112",
    "mobilenet_v2, features.0.2, 32x112x112",
    "mobilenet_v2, features.2.conv.0.2, 96x112x112",
    "mobilenet_v2, features.2.conv.1.2, 96x56x56",
    "mobilenet_v2, features.2.conv.3, 24x56x56",
    "mobilenet_v2, features.18.2, 1280x7x7",
    "mobilenet_v2, classifier.0, 1280",
    "mobilenet_v3_large, features.4.block.1.2, 72x28x28",
    "mobilenet_v3_large, features.4.block.2.avgpool, 72x1x1",
    "mobilenet_v3_large, features.4.block.2.activation, 24x1x1",
    "mobilenet_v3_large, features.4.block.2.scale_activation, 72x1x1",
    "mobilenet_v3_large, features.4.block.2, 72x28x28",
    "mobilenet_v3_large, features.16.2, 960x7x7",
    "mobilenet_v3_large, classifier.1, 1280",
    "mobilenet_v3_large, classifier.2, 1280",
    "mnasnet1_0, layers.2, 32x112x112",
    "mnasnet1_0, layers.5, 32x112x112",
    "mnasnet1_0, layers.7, 16x112x112",
    "mnasnet1_0, layers.8.0.layers.2, 48x112x112",
    "mnasnet1_0, layers.8.0.layers.5, 48x56x56",
    "mnasnet1_0, layers.8, 24x56x56",
    "mnasnet1_0, layers.16, 1280x7x7",
    "mnasnet1_0, layers, 1280x7x7",
    "mnasnet1_0, classifier.0, 1280",
    "shufflenet_v2_x1_0, conv1.2, 24x112x112",
    "shufflenet_v2_x1_0, stage2.0.branch1.4, 58x28x28",
    "shufflenet_v2_x1_0, stage2.0.branch2.2, 58x56x56",
    "shufflenet_v2_x1_0, stage2.0.branch2.7, 58x28x28",
    "shufflenet_v2_x1_0, stage2.0, 116x28x28",
    "shufflenet_v2_x1_0, conv5.2, 1024x7x7",
    "regnet_y_400mf, stem.2, 32x112x112",
    "regnet_y_400mf, trunk_output.block1.block1-0.proj, 48x56x56",
    "regnet_y_400mf, trunk_output.block1.block1-0.f.a.2, 48x112x112",
    "regnet_y_400mf, trunk_output.block1.block1-0.f.se.activation, 8x1x1",
    "regnet_y_400mf, trunk_output.block1.block1-0.f.se.scale_activation, 48x1x1",
    "regnet_y_400mf, trunk_output.block1.block1-0.f, 48x56x56",
    "regnet_y_400mf, trunk_output.block1.block1-0.activation, 48x56x56",
    "regnet_y_400mf, trunk_output, 440x7x7",
    "efficientnet_b0, features.0.2, 32x112x112",
    "efficientnet_b0, features.2.0.block.1.2, 96x56x56",
    "efficientnet_b0, features.2.0.block.2.activation, 4x1x1",
    "efficientnet_b0, features.2.0.block.2.scale_activation, 96x1x1",
    "efficientnet_b0, features.2.1, 24x56x56",
    "efficientnet_b0, features.8.2, 1280x7x7",
    "efficientnet_b0, classifier.0, 1280",
    "efficientnet_v2_s, features.2.0.block.0.2, 96x96x96",
    "convnext_tiny, features.0.1, 96x56x56",
    "convnext_tiny, features.1.0.block.4, 384x56x56",
    "convnext_tiny, features.2, 192x28x28",
    "convnext_tiny, classifier.0, 768x1x1",
    "convnext_tiny, classifier.1, 768",
  })
  void aModuleIsFoundByItsName(String network, String module, String shape) {
    assertEquals(shape, Catalog.find(network).network().at(module).output().toString());
  }

  /** As results, layers that are mostly fused or left out are computed all the same. */
  @ParameterizedTest
  @CsvSource({
    "mnasnet0_5, layers.2",
    "mnasnet0_5, layers.8.0.layers.5",
    "squeezenet1_1, features.3.expand1x1_activation",
    "squeezenet1_1, classifier.0",
    "squeezenet1_1, classifier.2",
    "squeezenet1_1, classifier",
    "densenet121, features.denseblock1.denselayer2.relu1",
    "mobilenet_v3_small, features.1.block.1.activation",
    "mobilenet_v3_small, features.1.block.1.scale_activation",
    "mobilenet_v3_small, classifier.1",
    "mobilenet_v3_small, classifier.2",
  })
  void aModuleIsComputedAlone(String name, String module) {
    Network network = Catalog.find(name).network(Shape.chw(3, 64, 64)).at(module);
    Weights weights = RandomWeights.of(network);
    Tensor image =
        new Tensor(network.input(), GoldenNumbers.signed("image", network.input().intSize()));
    try (Model expected =
            Model.of(network, weights, ReferenceBackend.float32(), CompileOptions.DEFAULT);
        Model model = Model.of(network, weights, Backends.best(), CompileOptions.DEFAULT)) {
      assertArrayEquals(expected.run(image).values(), model.run(image).values(), 1e-3f);
    }
  }
}
