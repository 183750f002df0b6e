package org.lamina.templates.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootTreeTest {
  @TempDir private Path temp;
  private Path root;
  private Path host;
  private RootTree tree;

  @BeforeEach
  void trees() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    host = Files.createDirectory(temp.resolve("host"));
    Files.writeString(host.resolve("shadow"), "precious");
    Files.createDirectory(root.resolve("etc"));
    tree = new RootTree(root);
  }

  @Test
  void writesWithTheModeAskedForAndMakesDirectories() throws IOException {
    tree.write("a/b/c", "text", "rwxr-x---");

    assertThat(root.resolve("a/b/c")).hasContent("text");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("a/b/c"))))
        .isEqualTo("rwxr-x---");
    assertThat(tree.read("a/b/c", 4)).contains("text");
    assertThat(tree.read("a/b/c", 3)).isEmpty();
    assertThat(tree.read("a/missing/c", 3)).isEmpty();
  }

  @Test
  void aFinalLinkIsReplacedNotFollowed() throws IOException {
    Files.createSymbolicLink(root.resolve("etc/shadow"), host.resolve("shadow"));

    assertThat(tree.read("etc/shadow", 100)).isEmpty();
    assertThatThrownBy(() -> tree.rewrite("etc/shadow", "x")).isInstanceOf(IOException.class);
    tree.truncate("etc/shadow");
    tree.write("etc/shadow", "mine", "rw-------");

    assertThat(host.resolve("shadow")).hasContent("precious");
    assertThat(Files.isRegularFile(root.resolve("etc/shadow"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void aLinkOnTheWayIsRefused() throws IOException {
    Files.createSymbolicLink(root.resolve("var"), host);

    assertThatThrownBy(() -> tree.write("var/shadow", "x", "rw-------"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> tree.delete("var/shadow")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> tree.clear("var", Set.of())).isInstanceOf(IOException.class);
    assertThat(host.resolve("shadow")).hasContent("precious");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../host/shadow", "etc/../../host/shadow", "/etc/x", "etc//x", "./x", ""})
  void pathsThatLeaveTheRootAreRefused(String path) {
    assertThatThrownBy(() -> tree.write(path, "x", "rw-------")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> tree.delete(path)).isInstanceOf(IOException.class);
    assertThat(host.resolve("shadow")).hasContent("precious");
  }

  @Test
  void clearingKeepsTheDirectoryAndTheNamedAndFollowsNoLink() throws IOException {
    tree.write("run/lock/x", "x", "rw-------");
    tree.write("run/deep/er/file", "x", "rw-------");
    tree.link("run/link", host.toString());

    tree.clear("run", Set.of("lock"));

    assertThat(root.resolve("run")).isDirectoryContaining("glob:**/lock");
    assertThat(root.resolve("run").toFile().list()).containsExactly("lock");
    assertThat(host.resolve("shadow")).hasContent("precious");
  }

  @Test
  void rewritingKeepsTheMode() throws IOException {
    tree.write("etc/shadow", "long old text", "rw-r-----");
    tree.rewrite("etc/shadow", "new");

    assertThat(root.resolve("etc/shadow")).hasContent("new");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(root.resolve("etc/shadow"))))
        .isEqualTo("rw-r-----");
  }

  @Test
  void removalTakesWholeTreesAndLeavesLinkTargets() throws IOException {
    Path victim = Files.createDirectories(root.resolve("v/a/b/c"));
    Files.createSymbolicLink(victim.resolve("out"), host);
    Files.createFile(root.resolve("v/a/file"));

    TreeRemover.remove(root.resolve("v"));
    TreeRemover.remove(root.resolve("not there"));

    assertThat(root.resolve("v")).doesNotExist();
    assertThat(host.resolve("shadow")).hasContent("precious");
  }

  @Test
  void mountPointsAreReadWithTheirEscapes() {
    assertThat(
            TreeRemover.mountPoints(
                "21 1 0:19 / /proc rw - proc proc rw\n22 1 0:20 / /a\\040b\\134c rw - tmpfs t rw\nx"))
        .containsExactly("/proc", "/a b\\c");
  }

  @Test
  void whatIsMountedIsNotRemoved() {
    assertThatThrownBy(() -> TreeRemover.remove(Path.of("/proc")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("mounted");
  }
}
