/*
 * Preloaded into a process that works on a store (LD_PRELOAD). It numbers the file system calls that reach the
 * store's folder and, at the one it was told, kills the process or lets the call fail.
 *
 *   SOAK_FOLDER  the folder whose files count, without a slash at its end
 *   SOAK_LOG     a file to which each call is written, as "number operation file"; "0 say -" is a write to fd 1
 *   SOAK_AT      the number of the call that is hit; only calls of SOAK_OPS on SOAK_FILES are numbered
 *   SOAK_OPS     operations, such as "write,fsync"; all where it is not set
 *   SOAK_FILES   kinds of files: db, wal, shm, anchor, draft, folder, other; all where it is not set
 *   SOAK_DO      before, half or after: die there; or the number of an errno; or short: do half of a write;
 *                or torn: do half of a write and say that the disk is full
 *   SOAK_STICKY  1: every later call of these operations and files fails as well
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum deed { NOTHING, BEFORE, HALF, AFTER, FAIL, SHORT, TORN };

static const char *folder, *ops, *files;
static size_t folder_length;
static long at;
static int sticky, number_of_error, log_fd = -1;
static enum deed deed;
static atomic_long count;
/* What each descriptor is open on; a null pointer where it is none of the store's files. */
static const char *open_on[4096];

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("SOAK_FOLDER");
  if (text == NULL) return;
  folder = text;
  folder_length = strlen(folder);
  ops = getenv("SOAK_OPS");
  files = getenv("SOAK_FILES");
  at = (text = getenv("SOAK_AT")) ? atol(text) : 0;
  sticky = (text = getenv("SOAK_STICKY")) && *text == '1';
  if ((text = getenv("SOAK_LOG"))) log_fd = (int)syscall(SYS_openat, AT_FDCWD, text, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  if ((text = getenv("SOAK_DO")) == NULL) return;
  if (strcmp(text, "before") == 0) deed = BEFORE;
  else if (strcmp(text, "half") == 0) deed = HALF;
  else if (strcmp(text, "after") == 0) deed = AFTER;
  else if (strcmp(text, "short") == 0) deed = SHORT;
  else if (strcmp(text, "torn") == 0) deed = TORN;
  else if ((number_of_error = atoi(text)) > 0) deed = FAIL;
  /* A program that this one starts is not hit. */
  unsetenv("LD_PRELOAD");
}

static int ends_with(const char *path, const char *end) {
  size_t length = strlen(path), wanted = strlen(end);
  return length >= wanted && strcmp(path + length - wanted, end) == 0;
}

static const char *kind_of(const char *path) {
  if (folder == NULL || path == NULL || strncmp(path, folder, folder_length) != 0) return NULL;
  if (path[folder_length] == 0) return "folder";
  if (path[folder_length] != '/') return NULL;
  if (strstr(path + folder_length, ".new") != NULL) return "draft";
  if (ends_with(path, "-wal")) return "wal";
  if (ends_with(path, "-shm")) return "shm";
  if (ends_with(path, "-anchor")) return "anchor";
  return ends_with(path, ".db") ? "db" : "other";
}

static const char *kind_of_descriptor(int fd) { return fd >= 0 && fd < 4096 ? open_on[fd] : NULL; }

static int lists(const char *list, const char *word) {
  if (list == NULL) return 1;
  size_t length = strlen(word);
  for (const char *found = list; (found = strstr(found, word)); found += length)
    if ((found == list || found[-1] == ',') && (found[length] == 0 || found[length] == ',')) return 1;
  return 0;
}

static void say(long number, const char *op, const char *kind) {
  char line[80];
  if (log_fd < 0) return;
  int length = snprintf(line, sizeof line, "%ld %s %s\n", number, op, kind);
  (void)!syscall(SYS_write, log_fd, line, length);
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

/* Numbers a call, and says what is to be done to it. */
static enum deed meet(const char *op, const char *kind) {
  if (kind == NULL || !lists(ops, op) || !lists(files, kind)) return NOTHING;
  long number = atomic_fetch_add(&count, 1) + 1;
  say(number, op, kind);
  if (at == 0 || deed == NOTHING || !(number == at || (sticky && number > at))) return NOTHING;
  if (deed == BEFORE) die();
  return deed;
}

/* Does a call as it was decided; whatever has no half is done whole before the process dies. */
#define DO(op, kind, call)                                                                                   \
  do {                                                                                                       \
    enum deed what = meet(op, kind);                                                                         \
    if (what == FAIL) {                                                                                      \
      errno = number_of_error;                                                                               \
      return -1;                                                                                             \
    }                                                                                                        \
    __typeof__(call) result = call;                                                                          \
    int kept = errno;                                                                                        \
    if (what == AFTER || what == HALF) die();                                                                \
    errno = kept;                                                                                            \
    return result;                                                                                           \
  } while (0)

static int opened(int fd, const char *kind) {
  if (fd >= 0 && fd < 4096) open_on[fd] = kind;
  return fd;
}

static int open_any(const char *path, int flags, mode_t mode) {
  const char *kind = kind_of(path);
  DO("open", kind, opened((int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode), kind));
}

#define OPEN(name)                                                                                           \
  int name(const char *path, int flags, ...) {                                                               \
    va_list rest;                                                                                            \
    va_start(rest, flags);                                                                                   \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                  \
    va_end(rest);                                                                                            \
    return open_any(path, flags, mode);                                                                     \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  const char *kind = kind_of_descriptor(fd);
  if (kind != NULL) opened(fd, NULL);
  /* A descriptor is gone even where its close says that it failed. */
  enum deed what = meet("close", kind);
  int result = (int)syscall(SYS_close, fd);
  if (what == AFTER || what == HALF) die();
  if (what == FAIL) errno = number_of_error;
  return what == FAIL ? -1 : result;
}

static ssize_t write_any(int fd, const void *bytes, size_t length, off64_t offset) {
  const char *kind = kind_of_descriptor(fd);
  if (fd == 1 && kind == NULL) say(0, "say", "-");
  enum deed what = meet("write", kind);
  if (what == FAIL) {
    errno = number_of_error;
    return -1;
  }
  if ((what == HALF || what == SHORT || what == TORN) && length > 1) length /= 2;
  ssize_t result = offset < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, offset);
  if (what == HALF || what == AFTER) die();
  if (what != TORN) return result;
  errno = ENOSPC;
  return -1;
}

ssize_t write(int fd, const void *bytes, size_t length) { return write_any(fd, bytes, length, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return write_any(fd, bytes, length, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return write_any(fd, bytes, length, offset); }

ssize_t read(int fd, void *bytes, size_t length) {
  DO("read", kind_of_descriptor(fd), (ssize_t)syscall(SYS_read, fd, bytes, length));
}
ssize_t pread(int fd, void *bytes, size_t length, off_t offset) {
  DO("read", kind_of_descriptor(fd), (ssize_t)syscall(SYS_pread64, fd, bytes, length, offset));
}
ssize_t pread64(int fd, void *bytes, size_t length, off64_t offset) {
  DO("read", kind_of_descriptor(fd), (ssize_t)syscall(SYS_pread64, fd, bytes, length, offset));
}
int fsync(int fd) { DO("fsync", kind_of_descriptor(fd), (int)syscall(SYS_fsync, fd)); }
int fdatasync(int fd) { DO("fsync", kind_of_descriptor(fd), (int)syscall(SYS_fdatasync, fd)); }
int ftruncate(int fd, off_t size) { DO("truncate", kind_of_descriptor(fd), (int)syscall(SYS_ftruncate, fd, size)); }
int ftruncate64(int fd, off64_t size) { DO("truncate", kind_of_descriptor(fd), (int)syscall(SYS_ftruncate, fd, size)); }
int unlink(const char *path) { DO("unlink", kind_of(path), REAL(unlink)(path)); }
int rename(const char *from, const char *to) { DO("rename", kind_of(to), REAL(rename)(from, to)); }
int link(const char *from, const char *to) { DO("link", kind_of(to), REAL(link)(from, to)); }

static void *map_any(void *where, size_t length, int protection, int flags, int fd, off64_t offset) {
  enum deed what = meet("mmap", kind_of_descriptor(fd));
  if (what == FAIL) {
    errno = number_of_error;
    return MAP_FAILED;
  }
  void *result = (void *)syscall(SYS_mmap, where, length, protection, flags, fd, offset);
  if (what == AFTER || what == HALF) die();
  return result;
}
void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t offset) {
  return map_any(where, length, protection, flags, fd, offset);
}
void *mmap64(void *where, size_t length, int protection, int flags, int fd, off64_t offset) {
  return map_any(where, length, protection, flags, fd, offset);
}
