package org.lamina.templates.patch.merge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamina.templates.patch.debian.Samples;
import org.lamina.templates.patch.merge.AccountMerge.Table;

class AccountMergeTest {
  private static final String PASSWD = Samples.of("passwd");
  private static final String GROUP = Samples.of("group");
  private static final String TSS = "tss:x:102:105:TPM software stack,,,:/var/lib/tpm:/bin/false\n";
  private static final String BOB = "bob:x:1000:1000:Bob:/home/bob:/bin/bash\n";

  @ParameterizedTest
  @EnumSource(Table.class)
  void newLinesOfBothSidesJoin(Table table) {
    String base = "root:x:0:\n";
    String mine = base + "bob:x:1000:\n";
    String next = base + "tss:x:105:\n";
    MergeResult out = AccountMerge.merge(table, base, mine, next);
    assertThat(out.text()).isEqualTo("root:x:0:\ntss:x:105:\nbob:x:1000:\n");
    assertThat(out.clashes()).isEmpty();
  }

  @Test
  void aNewSystemUserJoinsARealFile() {
    MergeResult out = AccountMerge.merge(Table.PASSWD, PASSWD, PASSWD + BOB, PASSWD + TSS);
    assertThat(out.text()).isEqualTo(PASSWD + TSS + BOB);
    assertThat(out.clashes()).isEmpty();
  }

  @Test
  void aNumberOfAnotherUserIsAClash() {
    String mine = PASSWD + "bob:x:102:1000::/home/bob:/bin/bash\n";
    MergeResult out = AccountMerge.merge(Table.PASSWD, PASSWD, mine, PASSWD + TSS);
    assertThat(out.clashes())
        .singleElement()
        .satisfies(c -> {
          assertThat(c.what()).isEqualTo("etc/passwd: tss");
          assertThat(c.reason()).contains("102").contains("belongs to bob");
          assertThat(c.wayOut()).contains("usermod");
        });
  }

  @Test
  void theSameUserWithAnotherNumberIsAClash() {
    String mine = PASSWD + TSS.replace(":102:", ":110:");
    MergeResult out = AccountMerge.merge(Table.PASSWD, PASSWD, mine, PASSWD + TSS);
    assertThat(out.clashes())
        .singleElement()
        .satisfies(c -> assertThat(c.reason()).contains("102").contains("110"));
  }

  @Test
  void theSameUserWithTheSameNumberIsNone() {
    String mine = PASSWD + TSS.replace("/bin/false", "/bin/sh");
    MergeResult out = AccountMerge.merge(Table.PASSWD, PASSWD, mine, PASSWD + TSS);
    assertThat(out.clashes()).isEmpty();
    assertThat(out.text()).isEqualTo(mine);
  }

  @Test
  void aGroupNumberClashes() {
    MergeResult out =
        AccountMerge.merge(Table.GROUP, GROUP, GROUP + "ops:x:105:bob\n", GROUP + "tss:x:105:\n");
    assertThat(out.clashes())
        .singleElement()
        .satisfies(c -> assertThat(c.wayOut()).contains("groupmod"));
  }

  @Test
  void numbersThatTheTemplateItselfSharesAreNoClash() {
    String shared = "toor:x:0:0:root:/root:/bin/bash\n";
    MergeResult out = AccountMerge.merge(Table.PASSWD, PASSWD, PASSWD + BOB, PASSWD + shared);
    assertThat(out.clashes()).isEmpty();
    String older = "old:x:0:0::/:/bin/sh\n";
    assertThat(AccountMerge.merge(Table.PASSWD, PASSWD, PASSWD + older, PASSWD).clashes())
        .as("what the container had before is its own affair")
        .isEmpty();
  }

  @Test
  void fieldsMergeOneByOne() {
    String base = "app:x:50:50:App:/var/app:/bin/sh\n";
    String mine = "app:x:50:50:App:/srv/app:/bin/sh\n";
    String next = "app:x:50:50:App:/var/app:/usr/sbin/nologin\n";
    assertThat(AccountMerge.merge(Table.PASSWD, base, mine, next).text())
        .isEqualTo("app:x:50:50:App:/srv/app:/usr/sbin/nologin\n");
  }

  @Test
  void membersMergeAsSets() {
    String base = "adm:x:4:syslog,old\n";
    String mine = "adm:x:4:syslog,old,bob\n";
    String next = "adm:x:4:syslog,tss\n";
    assertThat(AccountMerge.merge(Table.GROUP, base, mine, next).text())
        .isEqualTo("adm:x:4:syslog,bob,tss\n");
  }

  @Test
  void passwordsOfTheContainerStay() {
    String base = Samples.of("shadow");
    String mine =
        base.replace("root:*:20777", "root:$y$j9T$abc:20800") + "bob:!:20800:0:99999:7:::\n";
    String next = base + "tss:!:20801::::::\n";
    assertThat(AccountMerge.merge(Table.SHADOW, base, mine, next).text())
        .isEqualTo(
            base.replace("root:*:20777", "root:$y$j9T$abc:20800")
                + "tss:!:20801::::::\nbob:!:20800:0:99999:7:::\n");
  }

  @Test
  void whatTheContainerRemovedStaysRemovedAndWhatTheUpdateRemovesGoes() {
    String base = "root:x:0:0::/:\ngames:x:5:60::/:\nirc:x:39:39::/:\n";
    String mine = "root:x:0:0::/:\nirc:x:39:39::/:\nbob:x:1000:1000::/:\n";
    String next = "root:x:0:0::/:\ngames:x:5:60::/:\n";
    assertThat(AccountMerge.merge(Table.PASSWD, base, mine, next).text())
        .isEqualTo("root:x:0:0::/:\nbob:x:1000:1000::/:\n");
  }

  @Test
  void severalRangesOfOneUserAllStay() {
    String base = "";
    String mine = "bob:100000:65536\nbob:300000:65536\n";
    assertThat(AccountMerge.merge(Table.SUBUID, base, mine, "tss:500000:65536\n").text())
        .isEqualTo("tss:500000:65536\nbob:100000:65536\nbob:300000:65536\n");
  }
}
