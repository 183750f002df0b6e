package org.lamina.acceptance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The test distribution of the rpm family and packages that the host's rpmbuild makes. */
final class QuickRpm implements QuickFamily {
  private static final String SPEC =
      """
      Name: %s
      Version: %s
      Release: 1
      Summary: a test
      License: none
      BuildArch: noarch
      %%description
      %%install
      cd %%{buildroot}
      """;

  /**
   * Reads a spec and prints the package that it makes, so that a shell elsewhere can install it.
   */
  private static final String BUILD =
      """
      work=$(mktemp -d)
      trap 'rm -rf "$work"' EXIT
      cat >"$work/made.spec"
      rpmbuild -bb --quiet --define "_topdir $work" --define '_rpmfilename made.rpm' \
        --define '_binary_payload w3.zstdio' "$work/made.spec" >&2
      base64 "$work/RPMS/made.rpm"
      """;

  @Override
  public String template() {
    return RpmDistribution.NAME;
  }

  @Override
  public void build(LaminaHost host) {
    RpmDistribution.make().build(host).ok();
  }

  @Override
  public String patched(int number) {
    return installed(
        SPEC.formatted("patched", "1." + number)
            + """
            mkdir -p etc/patched usr/lib/patched
            echo 'conf %1$d' >etc/patched/main.conf
            echo 'library %1$d' >usr/lib/patched/library
            %%files
            %%dir /etc/patched
            %%config(noreplace) /etc/patched/main.conf
            /usr/lib/patched
            """
                .formatted(number));
  }

  @Override
  public String own() {
    return installed(
        SPEC.formatted("own", "7")
            + """
            mkdir -p usr/share/own
            echo mine >usr/share/own/file
            %files
            /usr/share/own
            """);
  }

  /** Shell code that installs the package of a spec. */
  private static String installed(String spec) {
    RunningCommand build = RunningCommand.start(List.of("/bin/sh", "-ec", BUILD), Map.of());
    build.feed(spec.getBytes(StandardCharsets.UTF_8));
    return """
    base64 -d >/tmp/made.rpm <<'END'
    %sEND
    rpm -U --nosignature /tmp/made.rpm
    rm /tmp/made.rpm
    """
        .formatted(build.finish(Duration.ofMinutes(1)).ok().stdout());
  }

  /** By their files, so that the database's index is looked at too. */
  @Override
  public String query() {
    return """
    rpm -qf --qf '%{NAME} %{VERSION} installed\\n' /usr/share/own/file /usr/lib/patched/library
    """;
  }

  @Override
  public String audit() {
    return """
    rpm -Va --nofiles
    rpm -V patched own
    """;
  }
}
