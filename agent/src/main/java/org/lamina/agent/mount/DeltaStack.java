package org.lamina.agent.mount;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A container's own layers of one tree. The first pair of upper and work directories lies in the
 * tree's delta directory itself; every live exchange of the tree freezes the pair in use and puts a
 * fresh one, in a directory named by the next number, on top.
 *
 * @param upper where writes go
 * @param work overlayfs' scratch directory beside it
 * @param frozen earlier uppers, uppermost first; never written again
 */
public record DeltaStack(Path upper, Path work, List<Path> frozen) {
  /**
   * @param delta the container's delta directory
   * @param tree {@code root} or a swappable tree's name
   */
  public static DeltaStack of(Path delta, String tree) {
    Path base = delta.resolve(tree);
    List<Path> pairs = new ArrayList<>();
    pairs.add(base);
    numbers(base).forEach(number -> pairs.add(base.resolve(number.toString())));
    Path top = pairs.removeLast();
    return new DeltaStack(
        top.resolve("upper"),
        top.resolve("work"),
        pairs.reversed().stream().map(pair -> pair.resolve("upper")).toList());
  }

  /** Where the pair of the next live exchange goes; it does not exist yet. */
  public static Path nextPair(Path delta, String tree) {
    Path base = delta.resolve(tree);
    TreeSet<Integer> numbers = numbers(base);
    return base.resolve(Integer.toString(numbers.isEmpty() ? 1 : numbers.last() + 1));
  }

  private static TreeSet<Integer> numbers(Path base) {
    TreeSet<Integer> numbers = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(base, "[1-9]*")) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.matches("[1-9][0-9]{0,5}")) {
          numbers.add(Integer.parseInt(name));
        }
      }
    } catch (NoSuchFileException e) {
      return numbers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return numbers;
  }
}
