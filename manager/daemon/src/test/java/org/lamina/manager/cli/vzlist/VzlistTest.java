package org.lamina.manager.cli.vzlist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.manager.cli.FakeContainers;
import org.lamina.manager.cli.Samples;
import org.lamina.manager.cli.Screen;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Ctid;
import org.lamina.schema.IdRange;
import org.lamina.schema.Labels;
import org.lamina.schema.Limits;
import tools.jackson.databind.json.JsonMapper;

class VzlistTest {
  private final FakeContainers containers = new FakeContainers();
  private final Vzlist vzlist = new Vzlist(containers, Clock.fixed(Samples.NOW, ZoneOffset.UTC));
  private final Screen screen = new Screen();

  @BeforeEach
  void four() {
    containers.views.add(
        Samples.view(
            Samples.container(
                101,
                "web",
                "web1.example.com",
                new Limits(ByteSize.parse("512M", 1), ByteSize.parse("1G", 1), 50.0, 1000, 200L)),
            ContainerView.Status.RUNNING));
    containers.views.add(Samples.stopped(102, null, "db1.example.com"));
    containers.views.add(
        Samples.view(
            Samples.container(103, "a-name-that-is-far-too-long", null, Limits.NONE),
            ContainerView.Status.MOUNTED));
    containers.views.add(odd());
  }

  private static ContainerView odd() {
    return Samples.view(
        Container.of(
                new Ctid(2147483644),
                new java.util.UUID(1, 2),
                "debian-12",
                3,
                IdRange.PRIVILEGED,
                Samples.NOW)
            .name("odd")
            .hostname("h\u001b[31m\n\"'\\")
            .description("quote \" back \\ line\nbreak \u0007 ü")
            .sample("basic")
            .onboot(true)
            .bootOrder(10)
            .disabled(true)
            .stopTimeoutSeconds(30)
            .limits(new Limits(null, ByteSize.UNLIMITED, 12.5, null, Long.MAX_VALUE))
            .build(),
        ContainerView.Status.RUNNING);
  }

  @Test
  void usage_isReadForTheColumnsThatShowIt() {
    AtomicInteger reads = new AtomicInteger();
    ContainerView v = containers.views.getFirst();
    containers.views.set(
        0,
        new ContainerView(
            v.container(),
            v.status(),
            v.root(),
            v.privateArea(),
            v.processes(),
            () -> {
              reads.incrementAndGet();
              return Optional.ofNullable(v.usage());
            },
            v.startedAt(),
            v.ready(),
            v.operation(),
            v.network(),
            v.disk()));
    assertThat(screen.run(vzlist, "-a")).isZero();
    assertThat(screen.out.toString()).contains(" 23 ");
    assertThat(reads).as("the usual columns").hasValue(0);
    assertThat(screen.run(vzlist, "-o", "ctid,physpages")).isZero();
    assertThat(reads.get()).as("memory").isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "running | ",
        "all | -a",
        "stopped | -S",
        "names | -a -n",
        "bare | -aH",
        "ids | -a -1",
        "limits | -a -o ctid,numproc.l,ram,swap,cpulimit,cpuunits,memory,uptime,status",
        "last-is-whole | -a -o ctid,smart_name,name",
        "trimmed | -a -o private,onboot,ctid",
        "untrimmed | -a -t -o smart_name,ctid",
        "sorted | -a -s -hostname -o ctid,hostname",
        "by-memory | -a -o ctid,memory -s memory",
        "json | -a -j",
        "json-some | -a -j -o ctid,name,description,onboot",
        "fields | -L",
        "help | --help",
      })
  void output_isAsInItsGoldenFile(String golden, String line) throws IOException {
    String[] args = line == null || line.isBlank() ? new String[0] : line.split(" ");
    assertThat(screen.run(vzlist, args)).isZero();
    assertThat(screen.err.toString()).isEmpty();
    assertThat(screen.out.toString()).isEqualTo(golden("vzlist-" + golden + ".txt"));
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = VzlistTest.class.getResourceAsStream("/cli/" + name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-h web* | 101",
        "-a -h *.example.com | 101 102",
        "-a -h ?b1* | 102",
        "-a -N [ow]* | 101 2147483644",
        "-a -N [!w]* | 103 2147483644",
        "-a -N web | 101",
        "-a -d quote* | 2147483644",
        "-aNweb | 101",
        "102 | 102",
        "web 102 101 | 101 102",
        "-S 101 | 101",
      })
  void filters(String line, String ctids) {
    List<String> args = new java.util.ArrayList<>(List.of(line.split(" ")));
    args.add("-1");
    assertThat(screen.run(vzlist, args.toArray(String[]::new))).isZero();
    assertThat(screen.out.toString().trim().split("\\s+")).isEqualTo(ctids.split(" "));
  }

  @Test
  void nothing_isSaidAndIsNoFailure() {
    containers.views.clear();
    assertThat(screen.run(vzlist, "-a")).isZero();
    assertThat(screen.err.toString()).isEqualTo("Container(s) not found\n");
    assertThat(screen.run(vzlist, "-j")).isZero();
    assertThat(screen.out.toString().strip()).isEqualTo("[]");
  }

  @Test
  void namedContainers_thatAreMissingFail() {
    assertThat(screen.run(vzlist, "999")).isEqualTo(1);
    assertThat(screen.err.toString()).isEqualTo("Container(s) not found\n");
    assertThat(screen.run(vzlist, "101", "nobody")).isEqualTo(1);
    assertThat(screen.out.toString()).contains("101");
    assertThat(screen.err.toString()).contains("Container nobody not found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-o ctid,hostnme | Did you mean hostname?",
        "-o , | unknown field",
        "-o laverage | vzlist -L",
        "-s nothing | unknown field nothing",
        "-j -o numproc.l | cannot be in JSON",
        "-1 -o ctid | both choose",
        "-o | needs a value",
        "-x | unknown option -x",
        "-a -a | given twice",
      })
  void badLines_areRefused(String line, String message) {
    assertThat(screen.run(vzlist, line.split(" "))).isEqualTo(21);
    assertThat(screen.err.toString()).contains(message);
    assertThat(screen.out).isEmpty();
  }

  @Test
  void json_canBeReadBackWhateverTheTextsAre() {
    screen.run(vzlist, "-a", "-j");
    var rows = JsonMapper.shared().readTree(screen.out.toString());
    assertThat(rows.size()).isEqualTo(4);
    var last = rows.get(3);
    assertThat(last.get("description").asString())
        .isEqualTo("quote \" back \\ line\nbreak \u0007 ü");
    assertThat(last.get("hostname").asString()).isEqualTo("h\u001b[31m\n\"'\\");
    assertThat(last.get("onboot").asBoolean()).isTrue();
    assertThat(rows.get(0).get("onboot").isNull()).isTrue();
    assertThat(rows.get(0).get("ctid").asInt()).isEqualTo(101);
    assertThat(rows.get(0).get("uptime").asLong()).isEqualTo(93784);
  }

  @Test
  void control_charactersNeverReachTheTable() {
    screen.run(vzlist, "-a", "-o", "ctid,description,hostname");
    assertThat(screen.out.toString()).doesNotContain("\u001b").doesNotContain("\u0007");
    assertThat(screen.out.toString().lines()).hasSize(5);
  }

  @Test
  void uptime_isWrittenAsOpenVzDoes() {
    assertThat(Fields.dayTime(93784L)).isEqualTo("001d02h:03m:04s");
    assertThat(Fields.dayTime(0L)).isEqualTo("000d00h:00m:00s");
    assertThat(Fields.dayTime(null)).isNull();
  }

  @Test
  void labels_areAColumn() {
    containers.views.clear();
    containers.views.add(
        Samples.view(
            Samples.container(105, "l", null, Limits.NONE)
                .edit()
                .labels(Labels.parse("tier=web,env=prod"))
                .build(),
            ContainerView.Status.STOPPED));
    assertThat(screen.run(vzlist, "-H", "-a", "-o", "ctid,labels")).isZero();
    assertThat(screen.out.toString().strip()).isEqualTo("105 env=prod,tier=web");
  }
}
