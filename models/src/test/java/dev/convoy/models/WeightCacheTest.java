package dev.convoy.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.convoy.models.download.Listener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightCacheTest {
  @TempDir Path folder;

  @Test
  void fetchesOnceAndFindsAfterwards() throws Exception {
    byte[] content = {1, 2, 3};
    String sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    PublishedWeights like = PublishedWeights.ALL.get(0);
    PublishedWeights weights =
        new PublishedWeights(
            "alexnet",
            "IMAGENET1K_V9",
            false,
            "alexnet-" + sha.substring(0, 8) + ".pth",
            like.recipe(),
            50,
            60);
    WeightCache cache = new WeightCache(folder.resolve("a/b"));
    assertEquals(Optional.empty(), cache.find(weights));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/mirror/" + weights.file(),
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    server.start();
    URI mirror = URI.create("http://localhost:" + server.getAddress().getPort() + "/mirror");
    Path fetched;
    try {
      fetched = cache.fetch(weights, mirror, Listener.NONE);
    } finally {
      server.stop(0);
    }
    assertArrayEquals(content, Files.readAllBytes(fetched));
    assertEquals(Optional.of(fetched), cache.find(weights));
    assertEquals(fetched, cache.fetch(weights, mirror, Listener.NONE), "the server is gone");
    assertTrue(cache.isSound(weights));
    Files.write(fetched, new byte[] {1, 2});
    assertFalse(cache.isSound(weights));
    assertTrue(PublishedWeights.ORIGIN.toString().endsWith("/"));
  }
}
