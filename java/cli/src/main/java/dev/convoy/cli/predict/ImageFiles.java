package dev.convoy.cli.predict;

import dev.convoy.FileFailure;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;

/**
 * The files that a command line names: files as they are, the images in folders, and what glob
 * patterns match that the shell left alone. In the order of the arguments, within one argument
 * sorted by name; hidden files only where they are named.
 *
 * @param files regular files
 * @param problems what could not be found or read, each with its reason
 */
record ImageFiles(List<Path> files, List<String> problems) {
  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "bmp", "dib");

  ImageFiles {
    files = List.copyOf(files);
    problems = List.copyOf(problems);
  }

  /**
   * @param recursive whether folders are searched with their sub-folders
   */
  static ImageFiles find(List<String> arguments, boolean recursive) {
    Search search = new Search();
    for (String argument : arguments) {
      try {
        search.add(argument, recursive);
      } catch (InvalidPathException e) {
        search.problems.add(argument + ": this is no file name: " + e.getReason());
      } catch (IOException e) {
        search.problems.add(argument + ": " + FileFailure.reading(e));
      }
    }
    return new ImageFiles(search.files, search.problems);
  }

  /** The search as it goes on. */
  private static final class Search {
    private final List<Path> files = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private void add(String argument, boolean recursive) throws IOException {
      Path path = Path.of(argument);
      if (Files.isDirectory(path)) {
        addFolder(path, recursive);
      } else if (Files.isRegularFile(path)) {
        files.add(path);
      } else if (Files.exists(path)) {
        problems.add(argument + ": this is neither a file nor a folder");
      } else if (isPattern(argument)) {
        addMatches(argument);
      } else {
        problems.add(argument + ": there is no such file or folder");
      }
    }

    private void addFolder(Path folder, boolean recursive) throws IOException {
      int before = files.size();
      walk(folder, recursive ? Integer.MAX_VALUE : 1, false, ImageFiles::hasImageName);
      if (files.size() == before) {
        problems.add(
            folder
                + (recursive
                    ? ": no images in this folder"
                    : ": no images in this folder (-r searches sub-folders too)"));
      }
    }

    private void addMatches(String pattern) throws IOException {
      String[] parts = pattern.split("/", -1);
      int fixed = 0;
      while (!isPattern(parts[fixed])) {
        fixed++;
      }
      String prefix = String.join("/", List.of(parts).subList(0, fixed));
      String rest = String.join("/", List.of(parts).subList(fixed, parts.length));
      Path base = Path.of(fixed == 0 ? "" : prefix + "/");
      PathMatcher matcher;
      try {
        matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
      } catch (PatternSyntaxException e) {
        problems.add(pattern + ": no such file, and no valid pattern: " + e.getDescription());
        return;
      }
      int before = files.size();
      if (Files.isDirectory(base)) {
        int depth = rest.contains("**") ? Integer.MAX_VALUE : parts.length - fixed;
        boolean hidden = rest.startsWith(".") || rest.contains("/.");
        walk(base, depth, hidden, file -> matcher.matches(base.relativize(file)));
      }
      if (files.size() == before) {
        problems.add(pattern + ": no file matches this pattern");
      }
    }

    private void walk(Path root, int depth, boolean hidden, Predicate<Path> wanted)
        throws IOException {
      List<Path> found = new ArrayList<>();
      Files.walkFileTree(
          root,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          depth,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return folder.equals(root) || visible(folder)
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && visible(file) && wanted.test(file)) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              if (!(e instanceof FileSystemLoopException)) {
                problems.add(file + ": " + FileFailure.reading(e));
              }
              return FileVisitResult.CONTINUE;
            }

            private boolean visible(Path path) {
              return hidden || !path.getFileName().toString().startsWith(".");
            }
          });
      Collections.sort(found);
      files.addAll(found);
    }
  }

  private static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  private static boolean hasImageName(Path file) {
    String name = file.getFileName().toString();
    return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }
}
