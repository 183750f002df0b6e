package org.lamina.manager.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.DatabaseBackup;
import org.lamina.schema.AtomicFile;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Online backups by H2's own BACKUP statement, published by a link that replaces nothing. */
public final class H2Backup implements DatabaseBackup {
  private final Database database;

  public H2Backup(Database database) {
    this.database = database;
  }

  @Override
  public void backup(Path target) {
    Path directory = target.getParent();
    if (!target.isAbsolute() || directory == null || !Files.isDirectory(directory)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, target + " is not an absolute path in an existing directory");
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new LaminaException(ExitCode.BAD_PARAMETER, target + " exists already");
    }
    Path work = null;
    try {
      // a directory of our own: nobody else can put a link where the database writes
      work = Files.createTempDirectory(directory, ".lamina-backup-");
      Path zip = work.resolve("backup.zip");
      database.execute("BACKUP TO '" + zip.toString().replace("'", "''") + "'");
      Files.setPosixFilePermissions(zip, PosixFilePermissions.fromString("rw-------"));
      try (FileChannel channel = FileChannel.open(zip, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.createLink(target, zip);
      AtomicFile.syncDirectory(directory);
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SAVE_FAILED, "cannot write the backup " + target + ": " + e, null, e);
    } finally {
      discard(work);
    }
  }

  private static void discard(@Nullable Path work) {
    if (work == null) {
      return;
    }
    try {
      Files.deleteIfExists(work.resolve("backup.zip"));
      Files.delete(work);
    } catch (IOException e) {
      throw new LaminaException(ExitCode.SAVE_FAILED, "cannot remove " + work, null, e);
    }
  }
}
