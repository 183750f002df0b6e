package org.lamina.manager.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.h2.jdbcx.JdbcConnectionPool;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one database file of a host, opened by one process: no server, no console, no TCP. Every
 * commit is written to the file before it returns, so that it survives the end of the process;
 * {@link #durably} forces it to the disk as well. Thread safe.
 */
public final class Database implements AutoCloseable {
  private static final int CONNECTIONS = 8;

  /**
   * How long a command waits for one of them, in seconds. A hundred starts on a disk that is busy
   * with all their programs have waited longer than the half minute that is usual.
   */
  private static final int PATIENCE_SECONDS = 300;

  /** Every connection of a database that closed itself fails once before it is made anew. */
  private static final int ATTEMPTS = CONNECTIONS + 2;

  /** Kilobytes of H2's page cache; the whole database of a large host is smaller. */
  private static final int CACHE_KB = 8192;

  /** Statements that a connection keeps parsed: H2's own 8 are fewer than one command uses. */
  private static final int STATEMENTS = 64;

  private final JdbcConnectionPool pool;
  private final JdbcClient client;
  private final TransactionTemplate transactions;
  private final Ballast ballast;
  private final SharedSync sync = new SharedSync(() -> executeOnce("CHECKPOINT SYNC"));
  private volatile boolean closing;

  private Database(String url, Ballast ballast) {
    this.ballast = ballast;
    this.pool = JdbcConnectionPool.create(url, "lamina", "");
    pool.setMaxConnections(CONNECTIONS);
    pool.setLoginTimeout(PATIENCE_SECONDS);
    this.client = JdbcClient.create(pool);
    this.transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
  }

  /**
   * Opens, or makes, the database in a directory and brings its tables up to date.
   *
   * @throws LaminaException SYSTEM naming the file, with what an operator can do
   */
  public static Database open(Path directory) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw cannotOpen(directory, e);
    }
    Path file = directory.toAbsolutePath().resolve("lamina");
    return open(
        "jdbc:h2:file:"
            + file
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1;TRACE_LEVEL_FILE=0"
            + ";CACHE_SIZE="
            + CACHE_KB
            + ";QUERY_CACHE_SIZE="
            + STATEMENTS,
        Ballast.in(directory),
        directory);
  }

  /** A database that is gone when it is closed, for tests. */
  static Database inMemory(String name) {
    return open("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1", Ballast.none(), Path.of("/"));
  }

  private static Database open(String url, Ballast ballast, Path where) {
    Database database = new Database(url, ballast);
    try {
      database.migrateWithRoom();
      return database;
    } catch (FlywayException | DataAccessException e) {
      database.close();
      throw cannotOpen(where, e);
    }
  }

  private static LaminaException cannotOpen(Path where, Exception e) {
    return new LaminaException(
        ExitCode.SYSTEM,
        "cannot open the database in " + where + ": " + StoreErrors.reason(e),
        "If it is damaged, put a backup in its place, or move it away and run: lamina recover",
        e);
  }

  /** Opening writes, even when there is nothing to migrate. */
  private void migrateWithRoom() {
    try {
      migrate();
    } catch (FlywayException | DataAccessException e) {
      if (!StoreErrors.isStoreLost(e)) {
        throw e;
      }
      ballast.release();
      migrate();
    }
  }

  private void migrate() {
    Flyway.configure()
        .dataSource(pool)
        .locations("classpath:db/migration")
        .loggers("slf4j")
        .load()
        .migrate();
  }

  JdbcClient client() {
    return client;
  }

  /**
   * Called before the database takes in what can wait for room.
   *
   * @throws LaminaException DISK_FULL
   */
  void requireRoom() {
    ballast.requireRoom();
  }

  /**
   * Runs the work as one transaction on one connection. Work that reads several things belongs in
   * one, too: a query started while another's rows are read would otherwise wait for a second
   * connection, and enough of those wait for each other for ever.
   *
   * <p>The work is run again if the disk was full, which closes the database under everybody's
   * hands until there is room again.
   */
  <T> T atomically(Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return Objects.requireNonNull(transactions.execute(status -> work.get()));
      } catch (DataAccessException | TransactionException e) {
        makeRoom(e, attempt);
      }
    }
  }

  /** Runs the work as one transaction that survives power loss when this returns. */
  <T> T durably(Supplier<T> work) {
    T result = atomically(work);
    for (int attempt = 1; ; attempt++) {
      try {
        sync.await();
        return result;
      } catch (SQLException e) {
        makeRoom(e, attempt);
      }
    }
  }

  /** Makes another attempt worth while, or throws what the failure means. */
  private void makeRoom(Exception e, int attempt) {
    if (closing || attempt == ATTEMPTS || !StoreErrors.isStoreLost(e)) {
      throw StoreErrors.translate(e);
    }
    ballast.release();
  }

  void execute(String sql) {
    try {
      executeOnce(sql);
    } catch (SQLException e) {
      throw StoreErrors.translate(e);
    }
  }

  private void executeOnce(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Writes everything out and lets the file go. */
  @Override
  public void close() {
    closing = true;
    try {
      execute("SHUTDOWN");
    } catch (LaminaException e) {
      // it was closed before
    } finally {
      pool.dispose();
    }
  }
}
