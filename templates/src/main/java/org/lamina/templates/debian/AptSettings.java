package org.lamina.templates.debian;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host's apt settings that a build must share to reach its archive: proxies, time-outs,
 * certificates, validity dates. mmdebstrap points apt at the new root's configuration, so without
 * this the host's would be ignored.
 */
final class AptSettings {
  /** Whom this host trusts to name its mirrors. */
  static final Path AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");

  private static final Pattern LINE =
      Pattern.compile("(Acquire::[A-Za-z0-9:./_-]+) \"([^\"\\\\]*)\";");
  private static final Pattern SHARED =
      Pattern.compile(
          "Acquire::(?i:"
              + "https?(::.*)?|ftp(::.*)?|tor(::.*)?|connect(::.*)?"
              + "|Retries(::.*)?|Queue-Mode|ForceIPv[46]|EnableSrvRecords"
              + "|Check-Valid-Until|Check-Date|(Min|Max)-ValidTime(::.*)?|Max-FutureTime(::.*)?"
              + "|By-Hash(::.*)?|Send-URI-Encoded)");

  /** Signature checks cannot be turned off by what the host has configured. */
  private static final List<String> CHECKED =
      List.of(
          "Acquire::AllowInsecureRepositories \"false\";",
          "Acquire::AllowWeakRepositories \"false\";",
          "Acquire::AllowDowngradeToInsecureRepositories \"false\";",
          "APT::Get::AllowUnauthenticated \"false\";");

  private AptSettings() {}

  /**
   * @param dump output of {@code apt-config dump}
   * @return lines of an apt configuration file
   */
  static List<String> shared(String dump) {
    List<String> out = new ArrayList<>();
    for (String line : dump.lines().toList()) {
      Matcher m = LINE.matcher(line);
      if (m.matches() && !m.group(2).isEmpty() && SHARED.matcher(m.group(1)).matches()) {
        out.add(line);
      }
    }
    out.addAll(CHECKED);
    return out;
  }

  /**
   * Where apt finds the host's passwords for mirrors that ask for one; they are read while the
   * build runs and never copied.
   *
   * @param apt the host's apt directory
   */
  static List<String> credentials(Path apt) {
    List<String> out = new ArrayList<>();
    Path directory = apt.toAbsolutePath();
    if (directory.toString().matches("[A-Za-z0-9/._+-]+")) {
      if (Files.isRegularFile(directory.resolve("auth.conf"))) {
        out.add("Dir::Etc::netrc \"" + directory.resolve("auth.conf") + "\";");
      }
      if (Files.isDirectory(directory.resolve("auth.conf.d"))) {
        out.add("Dir::Etc::netrcparts \"" + directory.resolve("auth.conf.d") + "\";");
      }
    }
    return out;
  }
}
