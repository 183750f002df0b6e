package org.lamina.manager.core;

import java.util.List;
import org.lamina.templates.BuildOptions;
import org.lamina.templates.Generation;

/** The use cases on templates. Thread safe. */
public interface TemplateService {
  /** Every template that is defined or built, by name. */
  List<TemplateView> list();

  /**
   * @throws org.lamina.schema.LaminaException TEMPLATE_NOT_FOUND
   */
  TemplateView info(String name);

  /** Builds generation 0 as an operation; errors as {@code TemplateStore.create}. */
  Generation create(String name, BuildOptions options, Listener listener);

  /**
   * @throws org.lamina.schema.LaminaException TEMPLATE_IN_USE naming the containers that depend on
   *     it, TEMPLATE_NOT_FOUND if nothing is built
   */
  void remove(String name, Listener listener);
}
