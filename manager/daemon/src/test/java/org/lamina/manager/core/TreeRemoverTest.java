package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRemoverTest {
  @TempDir Path dir;

  @Test
  void remove_ofNothing_doesNothing() throws Exception {
    TreeRemover.remove(dir.resolve("none"));
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void remove_takesFilesDirectoriesAndLinks_butNotWhatLinksPointTo() throws Exception {
    Path outside = Files.createDirectories(dir.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Path tree = Files.createDirectories(dir.resolve("tree/a/b/c"));
    Files.writeString(tree.resolve("file"), "x");
    Files.createSymbolicLink(tree.resolve("dirlink"), outside);
    Files.createSymbolicLink(tree.resolve("filelink"), outside.resolve("precious"));
    Files.createSymbolicLink(tree.resolve("dangling"), Path.of("/nowhere"));
    Files.createSymbolicLink(tree.resolve("loop"), Path.of(".."));
    Files.writeString(tree.resolve("-rf"), "x");
    Files.writeString(tree.resolve("new\nline"), "x");
    Files.writeString(dir.resolve("tree/.hidden"), "x");

    TreeRemover.remove(dir.resolve("tree"));

    assertThat(dir.resolve("tree")).doesNotExist();
    assertThat(outside.resolve("precious")).hasContent("x");
  }

  @Test
  void remove_ofALink_removesTheLink() throws Exception {
    Path outside = Files.createDirectories(dir.resolve("outside/sub"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("outside"));
    TreeRemover.remove(link);
    assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(outside).isDirectory();
  }

  @Test
  void remove_ofNamesThatAreNoText() throws Exception {
    Path tree = Files.createDirectories(dir.resolve("tree"));
    Process shell =
        new ProcessBuilder(
                "/bin/sh", "-c", "cd \"$0\" && mkdir \"$(printf '\\377\\376')\"", "" + tree)
            .start();
    assertThat(shell.waitFor()).isZero();
    TreeRemover.remove(tree);
    assertThat(tree).doesNotExist();
  }

  /** Far beyond PATH_MAX, the descriptor limit and the stack. */
  @Test
  void remove_ofAVeryDeepTree() throws Exception {
    Path tree = Files.createDirectory(dir.resolve("tree"));
    int levels = 3000;
    Process shell =
        new ProcessBuilder(
                "/usr/bin/perl",
                "-e",
                "chdir $ARGV[0] or die; for (1..$ARGV[1]) { mkdir 'dddddddddd' or die;"
                    + " chdir 'dddddddddd' or die; open my $f, '>', 'file' or die }",
                tree.toString(),
                Integer.toString(levels))
            .inheritIO()
            .start();
    assertThat(shell.waitFor()).isZero();

    TreeRemover.remove(tree);
    assertThat(tree).doesNotExist();
  }

  @Test
  void remove_ofAWideTree() throws Exception {
    Path tree = Files.createDirectory(dir.resolve("tree"));
    for (int i = 0; i < 5000; i++) {
      Files.createFile(tree.resolve("f" + i));
      if (i % 50 == 0) {
        Files.createDirectory(
            tree.resolve("d" + i),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    }
    TreeRemover.remove(tree);
    assertThat(tree).doesNotExist();
  }

  @Test
  void thisFileSystem_hasSecureDirectoryStreams() throws Exception {
    try (var stream = Files.newDirectoryStream(dir)) {
      assertThat(stream).isInstanceOf(SecureDirectoryStream.class);
    }
  }
}
