package dev.convoy.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
  @TempDir Path root;

  @BeforeEach
  void fill() throws IOException {
    for (String name :
        List.of(
            "b.PNG",
            "a.jpg",
            "notes.txt",
            ".hidden.png",
            "deep/c.jpeg",
            "deep/er/d.bmp",
            ".git/e.png",
            "odd[1].png")) {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  private ImageFiles find(boolean recursive, String... arguments) {
    return ImageFiles.find(
        java.util.Arrays.stream(arguments).map(a -> root + "/" + a).toList(), recursive);
  }

  private List<String> names(ImageFiles found) {
    assertEquals(List.of(), found.problems());
    return found.files().stream().map(file -> root.relativize(file).toString()).toList();
  }

  @Test
  void foldersGiveTheirImagesSorted() {
    assertEquals(List.of("a.jpg", "b.PNG", "odd[1].png"), names(find(false, "")));
    assertEquals(
        List.of("a.jpg", "b.PNG", "deep/c.jpeg", "deep/er/d.bmp", "odd[1].png"),
        names(find(true, "")));
  }

  @Test
  void filesAreTakenAsTheyAreInTheOrderGiven() {
    assertEquals(
        List.of("notes.txt", ".hidden.png", "odd[1].png", "a.jpg"),
        names(find(false, "notes.txt", ".hidden.png", "odd[1].png", "a.jpg")));
  }

  @Test
  void patternsMatchAsShellsDo() {
    assertEquals(List.of("a.jpg"), names(find(false, "?.jpg")));
    assertEquals(List.of("deep/c.jpeg"), names(find(false, "*/*.jp*g")));
    assertEquals(List.of("a.jpg", "b.PNG"), names(find(false, "{a,b}.*")));
    assertEquals(List.of("deep/c.jpeg", "deep/er/d.bmp"), names(find(false, "deep/**.{jpeg,bmp}")));
    assertEquals(List.of(".hidden.png"), names(find(false, ".h*.png")));
  }

  @Test
  void relativePatternsStartInTheWorkingDirectory() {
    ImageFiles found = ImageFiles.find(List.of("pom.x?l"), false);
    assertEquals(List.of(Path.of("pom.xml")), found.files());
  }

  @Test
  void linksThatGoRoundInCirclesEnd() throws IOException {
    Files.createSymbolicLink(root.resolve("deep/loop"), root);
    assertEquals(5, names(find(true, "")).size());
  }

  @Test
  void whatIsNotThereIsAProblemAndTheRestGoesOn() throws IOException {
    Files.createDirectory(root.resolve("empty"));
    ImageFiles found = find(false, "no.png", "*.gif", "a.jpg", "empty", "[x.png");
    assertEquals(List.of(root.resolve("a.jpg")), found.files());
    assertEquals(4, found.problems().size(), found.problems().toString());
    assertTrue(found.problems().get(0).endsWith("no.png: there is no such file or folder"));
    assertTrue(found.problems().get(1).endsWith("*.gif: no file matches this pattern"));
    assertTrue(found.problems().get(2).contains("empty: no images in this folder (-r"));
    assertTrue(found.problems().get(3).contains("no valid pattern"));
    assertEquals(1, ImageFiles.find(List.of("a\0b"), false).problems().size());
  }
}
