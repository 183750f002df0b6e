package org.lamina.templates.patch.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On a list that {@code rpmdb --exportdb} made of a database with two packages. */
class HeaderListTest {
  private static byte[] real() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            HeaderListTest.class.getResourceAsStream("/patch/headers-one-three"))) {
      return in.readAllBytes();
    }
  }

  private static HeaderList read(byte[] bytes, List<RpmHeader> headers) throws IOException {
    return HeaderList.read(new ByteArrayInputStream(bytes), headers::add);
  }

  @Test
  void aRealListIsRead() throws IOException {
    List<RpmHeader> headers = new ArrayList<>();
    HeaderList list = read(real(), headers);
    assertThat(list.packages())
        .extracting(HeaderList.Installed::nevra)
        .containsExactlyInAnyOrder("one-1-1.noarch", "three-1-1.noarch");
    RpmHeader one = headers.stream().filter(h -> h.name().equals("one")).findFirst().orElseThrow();
    assertThat(one.files())
        .extracting(RpmHeader.PackagedFile::path)
        .containsExactly("etc/one/keep.conf", "etc/one/repl.conf", "usr/share/one/file");
    assertThat(one.files())
        .extracting(RpmHeader.PackagedFile::isConfiguration)
        .containsExactly(true, true, false);
    assertThat(one.files())
        .extracting(RpmHeader.PackagedFile::isNotReplaced)
        .containsExactly(true, false, false);
  }

  @Test
  void offsetsAndLengthsCutTheListIntoItsHeaders() throws IOException {
    byte[] all = real();
    HeaderList list = read(all, new ArrayList<>());
    long sum = 0;
    for (HeaderList.Installed one : list.packages()) {
      byte[] alone =
          Arrays.copyOfRange(all, (int) one.offset(), (int) (one.offset() + one.length()));
      HeaderList again = read(alone, new ArrayList<>());
      assertThat(again.packages())
          .singleElement()
          .satisfies(p -> {
            assertThat(p.nevra()).isEqualTo(one.nevra());
            assertThat(p.digest()).isEqualTo(one.digest());
          });
      sum += one.length();
    }
    assertThat(sum).isEqualTo(all.length);
  }

  @Test
  void whatIsNoListIsAnError() throws IOException {
    byte[] all = real();
    assertThatThrownBy(
            () -> read("no database at all".getBytes(StandardCharsets.US_ASCII), new ArrayList<>()))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(Arrays.copyOf(all, all.length - 1), new ArrayList<>()))
        .isInstanceOf(IOException.class);
    byte[] huge = all.clone();
    huge[8] = 0x7f;
    assertThatThrownBy(() -> read(huge, new ArrayList<>())).isInstanceOf(IOException.class);
  }

  /** A container may write anything: it is refused or read, and nothing else happens. */
  @Test
  void flippedBytesDoNoHarm() throws IOException {
    byte[] all = real();
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] hostile = all.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        hostile[random.nextInt(hostile.length)] = (byte) random.nextInt();
      }
      try {
        List<RpmHeader> headers = new ArrayList<>();
        var _ = read(hostile, headers);
        headers.forEach(RpmHeader::files);
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
