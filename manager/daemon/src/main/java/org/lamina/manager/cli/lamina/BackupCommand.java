package org.lamina.manager.cli.lamina;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.lamina.agent.sys.Fd;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.core.DatabaseBackup;
import org.lamina.manager.core.HostConfig;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * {@code lamina backup}. The client creates the file with the caller's rights; the database's copy
 * is made beside the database first and written through that descriptor.
 */
final class BackupCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("backup"),
          "FILE",
          "copy the database to a new zip file while it is in use",
          new OptionTable().flag("file and size as JSON", "-j", "--json"),
          """
          FILE must not exist yet. Containers' files are not in it; see lamina recover.

          Example:
            lamina backup /root/lamina-db.zip
          """,
          Completion.FILE);

  private final DatabaseBackup database;
  private final HostConfig config;

  BackupCommand(DatabaseBackup database, HostConfig config) {
    this.database = database;
    this.config = config;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(1, SPEC.title());
    if (parsed.operands().isEmpty()) {
      throw new LaminaException(
          ExitCode.USAGE, "lamina backup: no file is given", "Write: lamina backup FILE");
    }
    String shown = Printable.shorten(parsed.operands().getFirst(), 200);
    Path copy = config.databaseDir().resolve("backup-" + UUID.randomUUID() + ".zip");
    long bytes;
    try (Fd target = call.caller().takeFile()) {
      database.backup(copy);
      try (OutputStream out =
          Files.newOutputStream(Path.of(target.procPath()), StandardOpenOption.WRITE)) {
        bytes = Files.copy(copy, out);
      }
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SAVE_FAILED, "cannot write " + shown + ": " + e.getMessage(), null, e);
    } finally {
      copy.toFile().delete();
    }
    if (parsed.has("-j")) {
      Map<String, Object> saved = new LinkedHashMap<>();
      saved.put("file", parsed.operands().getFirst());
      saved.put("bytes", bytes);
      call.out().outLine(Json.array(List.of(saved)));
      return ExitCode.OK.code();
    }
    call.out().outLine("The database was saved to " + shown);
    return ExitCode.OK.code();
  }
}
