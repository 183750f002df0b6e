/**
 * Patching: what changed between two generations, what a container holds of its own, and how the
 * two come together. Everything that decides is pure; what acts is small.
 *
 * <p>{@link org.lamina.templates.patch.DeltaScan} lists a container's layers, {@link
 * org.lamina.templates.patch.Planner} decides about every path the update changes, {@link
 * org.lamina.templates.patch.PatchExecutor} does it. What is particular to a family of
 * distributions is behind {@link org.lamina.templates.patch.PackageFamily}. The rules:
 *
 * <ul>
 *   <li>What the container does not have of its own, it gets. What it has unchanged makes way; what
 *       it has like the new generation is dropped as needless.
 *   <li>Owner and mode that the container set stay, also where the content is renewed.
 *   <li>A file of a package that the container edited stays and is named as old, with the command
 *       that renews it. An edited configuration file stays with the new version beside it, a
 *       deleted one stays deleted. What no package owns below {@code /etc} is merged never, named
 *       always.
 *   <li>A package that the container upgraded, downgraded, removed or holds stays whole as it is:
 *       changed files it does not have are kept from the old generation, new ones are left out,
 *       because files of two versions never mix. Only an older version is named as old.
 *   <li>The package database, accounts, diversions, overrides, triggers, alternatives and marks are
 *       merged record by record between the old generation, the container and the new one. A user
 *       or group number that two names claim stops the move.
 *   <li>Whatever would leave the container's packages with unmet needs, damages its database, finds
 *       its package manager at work, or turns a directory with its files into something else stops
 *       the move too; then every package that stays old is named.
 *   <li>A directory that the container made anew gets the update's new files; one that it deleted
 *       or replaced is named once with what it hides.
 *   <li>Files made by tools are taken from the template or made anew inside, never merged.
 * </ul>
 *
 * <p>A plan is made again under the package manager's locks before it is applied, see {@link
 * org.lamina.templates.patch.debian.DebianFamily}. Of a running container, {@link
 * org.lamina.templates.patch.Step.PutOld} and {@link org.lamina.templates.patch.Step.Remove} below
 * an exchanged tree belong into the fresh upper layer before the exchange.
 */
@NullMarked
package org.lamina.templates.patch;

import org.jspecify.annotations.NullMarked;
