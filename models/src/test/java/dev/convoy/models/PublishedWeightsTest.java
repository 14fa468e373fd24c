package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.convoy.ConvoyException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishedWeightsTest {
  @Test
  void areFoundByName() {
    Architecture resnet = Models.resnet50();
    assertEquals("resnet50-0676ba61.pth", PublishedWeights.named(resnet, "IMAGENET1K_V1").file());
    assertEquals("resnet50-11ad3fa6.pth", PublishedWeights.named(resnet, "imagenet1k_v2").file());
    assertEquals(
        PublishedWeights.named(resnet, "IMAGENET1K_V2"), PublishedWeights.named(resnet, "default"));
    assertTrue(PublishedWeights.isName("IMAGENET1K_V2"));
    assertFalse(PublishedWeights.isName("resnet50-0676ba61.pth"));
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    ConvoyException unknown =
        assertThrows(
            ConvoyException.class, () -> PublishedWeights.named(Models.vgg16(), "IMAGENET1K_V2"));
    assertEquals(
        "there are no published weights 'IMAGENET1K_V2' of vgg16; there are DEFAULT, IMAGENET1K_V1",
        unknown.getMessage());
  }

  @Test
  void aNetworksOwnRecipeIsThatOfPublishedWeights() {
    for (Architecture architecture : Catalog.all()) {
      List<PublishedWeights> published = PublishedWeights.of(architecture);
      assertTrue(
          published.isEmpty()
              || published.stream().anyMatch(w -> w.recipe().equals(architecture.recipe())),
          architecture::name);
    }
  }

  @Test
  void everyOneHasADefaultAHashAndAccuracies() {
    for (PublishedWeights weights : PublishedWeights.ALL) {
      assertTrue(weights.sha256Prefix().matches("[0-9a-f]{8}|[0-9a-f]{10}"), weights.file());
      assertTrue(
          weights.top1() > 50 && weights.top1() < weights.top5() && weights.top5() < 100,
          weights.file());
      Architecture architecture = Catalog.find(weights.architecture());
      assertTrue(PublishedWeights.named(architecture, "DEFAULT").isDefault());
      assertEquals(architecture.labels(), weights.labels());
    }
  }
}
