package org.lamina.templates.tree;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One object of a generation, one line of its manifest.
 *
 * @param path from the root, starting with a slash; bytes that are no UTF-8 are written as {@code
 *     %XX}, a per cent sign then as {@code %25}, and {@code escaped} is true
 * @param type {@code file}, {@code directory}, {@code symlink}, {@code char}, {@code block}, {@code
 *     fifo} or {@code socket}
 * @param mode permission bits in four octal digits
 * @param size bytes of a regular file, else null
 * @param sha256 lower-case hex of a regular file's content, else null
 * @param target what a symbolic link says, else null
 * @param xattrs extended attributes, values in base64; null if there are none
 * @param owner package that owns the path; null for directories and what no package owns
 * @param escaped true if the path is escaped, else null
 * @param modified when a regular file's content was last changed, in seconds since 1970; null for
 *     anything else, and in manifests of earlier releases
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "path",
  "type",
  "mode",
  "uid",
  "gid",
  "size",
  "sha256",
  "target",
  "xattrs",
  "package",
  "escaped",
  "modified"
})
public record ManifestEntry(
    String path,
    String type,
    String mode,
    int uid,
    int gid,
    @Nullable Long size,
    @Nullable String sha256,
    @Nullable String target,
    @Nullable SortedMap<String, String> xattrs,
    @com.fasterxml.jackson.annotation.JsonProperty("package") @Nullable String owner,
    @Nullable Boolean escaped,
    @Nullable Long modified) {

  /** Whether both describe the same object, whichever packages own them and how old it is. */
  public boolean sameObject(ManifestEntry other) {
    return equals(other.with(owner, modified));
  }

  /** Whether both were changed at the same time, as far as that is known. */
  public boolean sameTime(ManifestEntry other) {
    return modified == null || other.modified == null || modified.equals(other.modified);
  }

  /**
   * The same object owned by another package.
   *
   * @param newOwner null if no package owns it; a directory is never owned
   */
  ManifestEntry ownedBy(@Nullable String newOwner) {
    @Nullable String next = type.equals("directory") ? null : newOwner;
    return Objects.equals(owner, next) ? this : with(next, modified);
  }

  private ManifestEntry with(@Nullable String newOwner, @Nullable Long newModified) {
    return new ManifestEntry(
        path, type, mode, uid, gid, size, sha256, target, xattrs, newOwner, escaped, newModified);
  }
}
