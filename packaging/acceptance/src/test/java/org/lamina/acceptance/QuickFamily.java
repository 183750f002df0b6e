package org.lamina.acceptance;

/**
 * What a family of distributions brings to {@link PatchedTemplate}: a template whose generations
 * cost seconds, and two small packages, {@code patched} of the template and {@code own} of its
 * containers.
 */
interface QuickFamily {
  /** Name of the template. */
  String template();

  /** Makes it, in the directory that all hosts of a test run share. */
  void build(LaminaHost host);

  /**
   * Shell code that installs version {@code 1.NUMBER} of {@code patched}: {@code
   * /usr/lib/patched/library} says {@code library NUMBER}, and the configuration file {@code
   * /etc/patched/main.conf} {@code conf NUMBER}.
   */
  String patched(int number);

  /**
   * Shell code that installs {@code own} 7, whose file {@code /usr/share/own/file} says {@code
   * mine}.
   */
  String own();

  /**
   * Shell code that tells of {@code own} and {@code patched} name, version and {@code installed}.
   */
  String query();

  /**
   * Shell code with which the package manager looks at everything, and says nothing if all is well.
   */
  String audit();
}
