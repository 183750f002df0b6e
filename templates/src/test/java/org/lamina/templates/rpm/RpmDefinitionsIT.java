package org.lamina.templates.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.Progress;
import org.lamina.templates.RpmArchive;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.build.BuildRequest;
import org.lamina.templates.definition.DefinitionCatalog;

/**
 * The shipped definitions without their mirrors: dnf resolves what each asks for in stub
 * repositories of the same layout, by each kind of address. Needs root.
 */
class RpmDefinitionsIT {
  private static TestDistribution distribution;
  private static Map<String, TemplateDefinition> shipped;

  @TempDir private Path temp;

  @BeforeAll
  static void read() throws Exception {
    distribution = TestDistribution.make();
    shipped = DefinitionCatalog.read(List.of(Path.of("src/main/definitions"))).definitions();
  }

  /** Fetches with dnf what a definition asks for; returns how many packages came. */
  private int fetch(TemplateDefinition definition, RpmArchive archive) throws Exception {
    TemplateDefinition changed =
        new TemplateDefinition(
            definition.name(),
            definition.summary(),
            definition.family(),
            definition.release(),
            List.of(),
            List.of(),
            definition.packages(),
            definition.init(),
            definition.swappableTrees(),
            definition.variant(),
            definition.maskedUnits(),
            List.of(),
            archive,
            definition.cgroups());
    Path scratch = Files.createTempDirectory(temp, "scratch");
    BuildRequest request =
        new BuildRequest(changed, temp.resolve("root"), scratch, Path.of("/none"));
    GuestPackages packages =
        new GuestPackages(
            request, "cannot build", HostTools.in(scratch), new RpmProgress(Progress.SILENT));
    packages.fetch(RepositoryPlan.of(changed));
    return packages.count();
  }

  private static RpmArchive.Key key() {
    Path file = distribution.place().resolve("key.asc");
    return new RpmArchive.Key(file.toString(), List.of(TestDistribution.fingerprint(file)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "almalinux-9",
        "centos-7",
        "centos-stream-9",
        "centos-stream-10",
        "oraclelinux-9",
        "rockylinux-9"
      })
  void everyDefinitionResolvesOnAMirrorOfItsLayout(String name) throws Exception {
    TemplateDefinition definition = shipped.get(name);
    RpmArchive archive = definition.rpm();
    assertThat(archive).isNotNull();
    Path mirror = Files.createDirectory(temp.resolve("mirror"));
    for (RpmArchive.Repository repository : archive.repositories()) {
      Path place = mirror.resolve(RepositoryPlan.filled(repository.path(), definition.release()));
      Files.createDirectories(place.getParent());
      Files.createSymbolicLink(place, distribution.place().resolve("stubs"));
    }
    RpmArchive local =
        new RpmArchive(archive.repositories(), List.of(key()), "file://" + mirror + "/");
    assertThat(fetch(definition, local)).isEqualTo(definition.packages().size());
  }

  @Test
  void mirrorListsAndMetalinksLeadToTheRepository() throws Exception {
    Path stubs = distribution.place().resolve("stubs");
    Map<String, byte[]> documents = new ConcurrentHashMap<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          byte[] body = documents.get(path);
          if (body == null && path.startsWith("/repo/")) {
            Path file = stubs.resolve(path.substring("/repo/".length())).normalize();
            body =
                file.startsWith(stubs) && Files.isRegularFile(file)
                    ? Files.readAllBytes(file)
                    : null;
          }
          exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            if (body != null) {
              out.write(body);
            }
          }
        });
    server.start();
    try {
      String base = "http://127.0.0.1:" + server.getAddress().getPort();
      documents.put("/list/9/x86_64", (base + "/repo\n").getBytes(StandardCharsets.US_ASCII));
      documents.put(
          "/metalink", metalink(base, Files.readAllBytes(stubs.resolve("repodata/repomd.xml"))));
      TemplateDefinition definition = shipped.get("almalinux-9");
      for (RpmArchive.Repository one :
          List.of(
              new RpmArchive.Repository(
                  "list", "x", RpmArchive.Kind.MIRRORLIST, base + "/list/$releasever/$basearch"),
              new RpmArchive.Repository(
                  "meta",
                  "x",
                  RpmArchive.Kind.METALINK,
                  base + "/metalink?repo=x&arch=$basearch"))) {
        assertThat(fetch(definition, new RpmArchive(List.of(one), List.of(key()), null)))
            .as(one.id())
            .isEqualTo(definition.packages().size());
      }
    } finally {
      server.stop(0);
    }
  }

  private static byte[] metalink(String base, byte[] repomd)
      throws IOException, NoSuchAlgorithmException {
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(repomd));
    return """
    <?xml version="1.0" encoding="utf-8"?>
    <metalink version="3.0" xmlns="http://www.metalinker.org/" type="dynamic">
     <files><file name="repomd.xml"><size>%d</size>
      <verification><hash type="sha256">%s</hash></verification>
      <resources maxconnections="1">
       <url protocol="http" type="http" location="US" preference="100">%s/repo/repodata/repomd.xml</url>
      </resources></file></files>
    </metalink>
    """
        .formatted(repomd.length, hash, base)
        .getBytes(StandardCharsets.UTF_8);
  }
}
