/** The user and group that own nothing. */
const nobody = 65_534;

/**
 * Works on as a user who may write nowhere but in a folder that was given away: what is tried here must not be
 * able to reach the machine's own files, not even by a mistake of ours.
 */
export function giveUpRights(folder: string): void {
  process.chdir(folder);
  process.umask(0o077);
  if (process.getuid?.() !== 0) return;
  process.setgroups?.([]);
  process.setgid?.(nobody);
  process.setuid?.(nobody);
}

/** Whom a folder has to belong to so that such a process can work in it; undefined where rights stay as they are. */
export function ownerWithoutRights(): number | undefined {
  return process.getuid?.() === 0 ? nobody : undefined;
}
