package org.lamina.schema;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device of the host that a container has under the same name in its {@code /dev}. With neither
 * right it stands for taking an earlier one away.
 *
 * @param name below {@code /dev}, such as {@code net/tun}
 */
public record DeviceNode(String name, boolean read, boolean write) {
  private static final Pattern FORM = Pattern.compile("(?:/dev/)?([^:]{1,64}):([a-z]{1,8})");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_+@.-]*(?:/[A-Za-z0-9][A-Za-z0-9_+@.-]*){0,3}");

  /** Every container has these already, its own ones. */
  private static final Set<String> OWN =
      Set.of(
          "null",
          "zero",
          "full",
          "random",
          "urandom",
          "tty",
          "console",
          "ptmx",
          "pts",
          "shm",
          "mqueue",
          "fd",
          "stdin",
          "stdout",
          "stderr",
          "core",
          "log",
          "initctl",
          "hugepages");

  /**
   * Reads {@code NAME:[r][w][m]} or {@code NAME:none}.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static DeviceNode parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches() || !NAME.matcher(m.group(1)).matches()) {
      throw DeviceRule.bad(
          text, "Write a name below /dev and rights: net/tun:rw, fuse:rw, loop0:r, fuse:none.");
    }
    String name = m.group(1);
    int slash = name.indexOf('/');
    if (OWN.contains(slash < 0 ? name : name.substring(0, slash))) {
      throw DeviceRule.bad(text, "/dev/" + name + " is every container's own.");
    }
    String rights = DeviceRule.rights(text, m.group(2));
    return new DeviceNode(name, rights.contains("r"), rights.contains("w"));
  }

  public boolean isNone() {
    return !read && !write;
  }

  @Override
  public String toString() {
    return name + ":" + DeviceRule.word(read, write);
  }
}
