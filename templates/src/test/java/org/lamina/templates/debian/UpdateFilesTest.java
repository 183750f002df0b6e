package org.lamina.templates.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.build.BuildContainer.Given;
import org.lamina.templates.build.UpdateWork;
import org.lamina.templates.tree.LayerView;

class UpdateFilesTest {
  @TempDir private Path temp;
  private Path apt;
  private Path scratch;
  private Path root;

  @BeforeEach
  void directories() throws IOException {
    apt = Files.createDirectories(temp.resolve("apt/sources.list.d")).getParent();
    scratch = Files.createDirectory(temp.resolve("scratch"));
    root = Files.createDirectories(temp.resolve("root/etc/apt/sources.list.d"));
  }

  private UpdateFiles write(String dump) throws IOException {
    TemplateDefinition definition =
        new TemplateDefinition(
            "t",
            "s",
            "debian",
            "bookworm",
            List.of("bookworm"),
            List.of("main"),
            List.of("apt"),
            "systemd",
            List.of(),
            "minbase",
            List.of(),
            List.of("bookworm-security"));
    Path fs = temp.resolve("root");
    UpdateWork work =
        new UpdateWork(
            definition,
            List.of(fs),
            temp.resolve("upper"),
            scratch,
            apt,
            UpdateRequest.script("#!/bin/sh\ntrue\n"));
    return UpdateFiles.write(work, new LayerView(List.of(fs)), dump, "preferences\n");
  }

  @Test
  void passwordsReachTheDownloadOnly() throws IOException {
    Files.writeString(
        apt.resolve("sources.list"),
        """
        deb http://user:geheim@mirror.example/debian bookworm main
        deb http://mirror.example/debian-security bookworm-security main
        """);
    Files.writeString(apt.resolve("auth.conf"), "machine x login y password geheim\n");
    Path certificate = Files.writeString(temp.resolve("client.pem"), "x");

    UpdateFiles files =
        write(
            """
            Acquire::http::Proxy "http://user:geheim@proxy:3128";
            Acquire::Retries "7";
            Acquire::https::SslCert "%s";
            Acquire::AllowInsecureRepositories "1";
            """
                .formatted(certificate));

    String given = all(scratch.resolve("given"));
    assertThat(given)
        .doesNotContain("geheim")
        .doesNotContain("client.pem")
        .contains("Acquire::Retries \"7\";")
        .contains("Acquire::AllowInsecureRepositories \"false\";")
        .contains("URIs: http://mirror.example/debian\n")
        .contains("Suites: bookworm\n")
        .contains("Suites: bookworm-security\n");
    assertThat(all(scratch.resolve("secret")))
        .contains("http://user:geheim@mirror.example/debian")
        .contains("http://user:geheim@proxy:3128")
        .containsPattern("SslCert \"/run/lamina/host-[0-9]\";")
        .containsPattern("Dir::Etc::netrc \"/run/lamina/host-[0-9]\";");
    assertThat(files.forAll()).extracting(Given::name).containsExactly("given");
    assertThat(files.forDownload())
        .extracting(Given::path)
        .contains(certificate, apt.resolve("auth.conf"), scratch.resolve("secret"));
    assertThat(files.forDownload()).noneMatch(Given::writable);
    assertThat(Files.isExecutable(scratch.resolve("given/script"))).isTrue();
    assertThat(Files.isExecutable(scratch.resolve("given/fetch.sh"))).isFalse();
  }

  @Test
  void aHostWithoutDebianUsesWhatTheTemplateNames() throws IOException {
    Files.writeString(
        root.resolve("debian.sources"),
        """
        Types: deb
        URIs: http://own.example/debian
        Suites: bookworm
        Components: main
        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
        """);

    UpdateFiles files = write("");

    assertThat(files.suites())
        .extracting(MirrorPlan.Suite::suite)
        .containsExactly("bookworm", "bookworm-security");
    assertThat(Files.readString(scratch.resolve("given/debian.sources")))
        .contains("URIs: http://own.example/debian\n")
        .contains("URIs: http://deb.debian.org/debian-security\nSuites: bookworm-security\n")
        .contains("Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n");
  }

  private static String all(Path directory) throws IOException {
    StringBuilder out = new StringBuilder();
    try (var files = Files.walk(directory)) {
      for (Path file :
          files.filter(Files::isRegularFile).filter(f -> !f.toString().endsWith(".gpg")).toList()) {
        out.append(Files.readString(file));
      }
    }
    return out.toString();
  }

  @Test
  void whatBelongsToTheUpdateLeavesTheLayer() throws IOException {
    Path upper = Files.createDirectory(temp.resolve("upper"));
    Path below = temp.resolve("root");
    for (String path : List.of("etc/machine-id", "var/log/kept.log")) {
      put(below, path, "");
    }
    for (String path :
        List.of(
            "etc/machine-id",
            "etc/resolv.conf",
            "etc/passwd-",
            "etc/ssh/ssh_host_ed25519_key",
            "etc/ssh/sshd_config",
            "tmp/x",
            "run/y",
            "var/tmp/z",
            "var/log/kept.log",
            "var/log/dpkg.log",
            "var/log/apt/history.log",
            "var/log/fresh/fresh.log",
            "var/lib/dpkg/status",
            "var/lib/dpkg/status-old",
            "var/lib/apt/lists/l",
            "var/cache/apt/pkgcache.bin",
            "var/cache/ldconfig/aux-cache")) {
      put(upper, path, "x");
    }

    UpdateLeftovers.clean(upper, new LayerView(List.of(below)));

    List<String> left;
    try (var walk = Files.walk(upper)) {
      left =
          walk.filter(Files::isRegularFile)
              .map(p -> upper.relativize(p).toString())
              .sorted()
              .toList();
    }
    assertThat(left)
        .containsExactly("etc/ssh/sshd_config", "var/lib/dpkg/status", "var/log/fresh/fresh.log");
    assertThat(upper.resolve("var/log/fresh/fresh.log")).isEmptyFile();
  }

  @Test
  void aLinkInTheLayerLeadsNowhere() throws IOException {
    Path upper = Files.createDirectory(temp.resolve("upper"));
    Path outside = Files.createDirectories(temp.resolve("outside/log"));
    put(outside, "precious.log", "x");
    Files.createSymbolicLink(upper.resolve("var"), outside.getParent());
    assertThatThrownBy(
            () -> UpdateLeftovers.clean(upper, new LayerView(List.of(temp.resolve("root")))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a directory");
    assertThat(outside.resolve("precious.log")).hasContent("x");
  }

  private static void put(Path root, String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }
}
