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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "path", "type", "mode", "uid", "gid", "size", "sha256", "target", "xattrs", "package", "escaped"
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
    @Nullable Boolean escaped) {

  /** Whether both describe the same object, whichever packages own them. */
  public boolean sameObject(ManifestEntry other) {
    return equals(other.ownedBy(owner));
  }

  /**
   * The same object owned by another package.
   *
   * @param newOwner null if no package owns it; a directory is never owned
   */
  ManifestEntry ownedBy(@Nullable String newOwner) {
    @Nullable String next = type.equals("directory") ? null : newOwner;
    return Objects.equals(owner, next)
        ? this
        : new ManifestEntry(
            path, type, mode, uid, gid, size, sha256, target, xattrs, next, escaped);
  }
}
