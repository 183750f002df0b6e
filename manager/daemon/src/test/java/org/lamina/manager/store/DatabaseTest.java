package org.lamina.manager.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.h2.tools.Restore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerStoreContract;
import org.lamina.manager.core.Intent;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class DatabaseTest {
  @TempDir Path dir;

  private static Container add(Database database, int ctid) {
    return new H2ContainerStore(database)
        .insert(
            ContainerStoreContract.full(ctid),
            null,
            Intent.of(new org.lamina.schema.Ctid(ctid), Intent.Kind.CREATING));
  }

  @Test
  void backup_isConsistent_andRestorable() throws Exception {
    Path zip = dir.resolve("it's a backup.zip");
    Container kept;
    try (Database database = Database.open(dir.resolve("db"))) {
      kept = add(database, 101);
      new H2Backup(database).backup(zip);
      add(database, 102);
    }
    Restore.execute(zip.toString(), dir.resolve("restored").toString(), null);
    try (Database restored = Database.open(dir.resolve("restored"))) {
      assertThat(new H2ContainerStore(restored).all()).containsExactly(kept);
    }
    assertThat(Files.getPosixFilePermissions(zip))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (ZipFile file = new ZipFile(zip.toFile());
        var names = Files.list(dir)) {
      assertThat(file.size()).isPositive();
      assertThat(names.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("db", "restored", "it's a backup.zip");
    }
  }

  @Test
  void backup_replacesNothing_andWantsAnAbsolutePath() throws Exception {
    try (Database database = Database.open(dir.resolve("db"))) {
      Path precious = Files.writeString(dir.resolve("precious"), "mine");
      Path dangling = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("elsewhere"));
      for (Path target :
          List.of(precious, dangling, Path.of("relative.zip"), dir.resolve("no/such/dir.zip"))) {
        assertThatThrownBy(() -> new H2Backup(database).backup(target))
            .isInstanceOfSatisfying(
                LaminaException.class,
                e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER));
      }
      assertThat(precious).hasContent("mine");
      assertThat(dir.resolve("elsewhere")).doesNotExist();
    }
  }

  @Test
  void open_ofADamagedFile_saysWhatToDo() throws Exception {
    Files.createDirectories(dir.resolve("db"));
    Files.writeString(dir.resolve("db/lamina.mv.db"), "this is no database, ".repeat(1000));

    assertThatThrownBy(() -> Database.open(dir.resolve("db")))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.SYSTEM);
              assertThat(e.hint()).hasValueSatisfying(h -> assertThat(h).contains("recover"));
            });
  }

  /** Another JVM commits and halts itself without any shutdown, as kill -9 would end it. */
  @Test
  void commit_survivesTheEndOfTheProcess() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Halting.class.getName(),
                dir.resolve("db").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(42);

    try (Database database = Database.open(dir.resolve("db"))) {
      assertThat(new H2ContainerStore(database).all()).hasSize(1);
      assertThat(new H2ContainerStore(database).intents()).hasSize(1);
    }
  }

  /** The process of the test above. */
  static final class Halting {
    public static void main(String[] args) {
      add(Database.open(Path.of(args[0])), 101);
      Runtime.getRuntime().halt(42);
    }
  }
}
