/*
 * Stands between a process and the C library and writes down, in their order, all changes that the process makes
 * in one folder, all flushes, and what it says on its standard output. Loaded by LD_PRELOAD.
 *
 *   TRACE_FOLDER     the folder, as a full path without links
 *   TRACE_FILE       where the trace goes, outside of that folder
 *   TRACE_FAIL_SYNC  fails the flush of this number with EIO; the first is 1
 *
 * A record is the header below, a path, and data (for a link or a rename the second path). Files that end in
 * "-shm" are left out: they are mapped into memory, and made anew after a crash.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, CLOSE, WRITE, TRUNCATE, SYNC, FAILED_SYNC, UNLINK, RENAME, LINK, SAID };
enum { CREATED = 1, EMPTIED = 2 };

struct header {
  uint32_t kind;
  int32_t descriptor;
  int64_t place; /* an offset, a size, or the flags of OPEN */
  uint32_t path_length;
  uint32_t data_length;
};

#define DESCRIPTORS 4096
static char is_traced[DESCRIPTORS];
static char folder[PATH_MAX];
static size_t folder_length;
static int trace = -1;
static int syncs_left = -1;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

#define REAL(result, name, ...) \
  static result (*real)(__VA_ARGS__); \
  if (real == NULL) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("TRACE_FOLDER"), *file = getenv("TRACE_FILE"), *fail = getenv("TRACE_FAIL_SYNC");
  if (path == NULL || file == NULL) return;
  folder_length = strlen(path);
  if (folder_length >= sizeof folder) abort();
  strcpy(folder, path);
  trace = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (trace < 0) abort();
  if (fail != NULL) syncs_left = atoi(fail);
}

/* The folder itself counts, too: flushing it makes its entries durable. */
static int is_within(const char *path) {
  size_t length = strlen(path);
  if (trace < 0 || strncmp(path, folder, folder_length) != 0) return 0;
  if (path[folder_length] != '\0' && path[folder_length] != '/') return 0;
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static int is_of_it(int descriptor) {
  return trace >= 0 && descriptor >= 0 && descriptor < DESCRIPTORS && is_traced[descriptor];
}

static void put(const void *data, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t count = syscall(SYS_write, trace, (const char *)data + done, length - done);
    if (count < 0) abort();
    done += (size_t)count;
  }
}

static void tell(uint32_t kind, int descriptor, int64_t place, const char *path, const void *data, size_t length) {
  struct header header = {kind, descriptor, place, path == NULL ? 0 : (uint32_t)strlen(path), (uint32_t)length};
  int before = errno;
  put(&header, sizeof header);
  put(path, header.path_length);
  put(data, length);
  errno = before;
}

/* What is done and what is told of it stay together, whatever other threads do. */
#define IN_ORDER(type, call, report) \
  pthread_mutex_lock(&order); \
  type result = (call); \
  if (result >= 0) { report; } \
  pthread_mutex_unlock(&order); \
  return result

static void opened(int descriptor, const char *path, int flags, int was_there) {
  if (descriptor >= DESCRIPTORS) abort();
  is_traced[descriptor] = 1;
  int64_t place = ((flags & O_CREAT) && !was_there ? CREATED : 0) | (flags & O_TRUNC ? EMPTIED : 0);
  tell(OPEN, descriptor, place, path, NULL, 0);
}

static int open_any(int at, const char *path, int flags, mode_t mode) {
  if (!is_within(path)) return (int)syscall(SYS_openat, at, path, flags, mode);
  struct stat stats;
  pthread_mutex_lock(&order);
  int was_there = lstat(path, &stats) == 0;
  int descriptor = (int)syscall(SYS_openat, at, path, flags, mode);
  if (descriptor >= 0) opened(descriptor, path, flags, was_there);
  pthread_mutex_unlock(&order);
  return descriptor;
}

#define MODE_OF(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list more; \
    va_start(more, flags); \
    mode = va_arg(more, mode_t); \
    va_end(more); \
  }

int open(const char *path, int flags, ...) { MODE_OF(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return open_any(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags) return open_any(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags) return open_any(at, path, flags, mode); }

int close(int descriptor) {
  REAL(int, "close", int);
  if (!is_of_it(descriptor)) return real(descriptor);
  is_traced[descriptor] = 0;
  IN_ORDER(int, real(descriptor), tell(CLOSE, descriptor, 0, NULL, NULL, 0));
}

static ssize_t write_at(ssize_t (*real)(int, const void *, size_t, off_t), int descriptor, const void *data,
                        size_t length, off_t offset) {
  if (!is_of_it(descriptor)) return real(descriptor, data, length, offset);
  IN_ORDER(ssize_t, real(descriptor, data, length, offset),
           tell(WRITE, descriptor, offset, NULL, data, (size_t)result));
}

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
  REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
  return write_at(real, descriptor, data, length, offset);
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off_t offset) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
  return write_at(real, descriptor, data, length, offset);
}

ssize_t write(int descriptor, const void *data, size_t length) {
  REAL(ssize_t, "write", int, const void *, size_t);
  if (trace >= 0 && descriptor == STDOUT_FILENO) {
    IN_ORDER(ssize_t, real(descriptor, data, length), tell(SAID, 1, 0, NULL, data, (size_t)result));
  }
  if (!is_of_it(descriptor)) return real(descriptor, data, length);
  /* Where it went is known afterwards only: the file may have been opened for appending. */
  IN_ORDER(ssize_t, real(descriptor, data, length),
           tell(WRITE, descriptor, lseek(descriptor, 0, SEEK_CUR) - result, NULL, data, (size_t)result));
}

/* Nothing that is traced writes in these ways; if it begins to, an incomplete trace must not pass. */
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  if (is_of_it(descriptor)) abort();
  return real(descriptor, parts, count);
}

ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
  REAL(ssize_t, "pwritev", int, const struct iovec *, int, off_t);
  if (is_of_it(descriptor)) abort();
  return real(descriptor, parts, count, offset);
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, "mkdir", const char *, mode_t);
  int result = real(path, mode);
  /* One that is there already is asked for, too. */
  if (result == 0 && is_within(path)) abort();
  return result;
}

static int resize(int (*real)(int, off_t), int descriptor, off_t size) {
  if (!is_of_it(descriptor)) return real(descriptor, size);
  IN_ORDER(int, real(descriptor, size), tell(TRUNCATE, descriptor, size, NULL, NULL, 0));
}

int ftruncate(int descriptor, off_t size) {
  REAL(int, "ftruncate", int, off_t);
  return resize(real, descriptor, size);
}

int ftruncate64(int descriptor, off_t size) {
  REAL(int, "ftruncate64", int, off_t);
  return resize(real, descriptor, size);
}

static int flush(int (*real)(int), int descriptor) {
  if (!is_of_it(descriptor)) return real(descriptor);
  if (syncs_left > 0 && --syncs_left == 0) {
    pthread_mutex_lock(&order);
    tell(FAILED_SYNC, descriptor, 0, NULL, NULL, 0);
    pthread_mutex_unlock(&order);
    errno = EIO;
    return -1;
  }
  IN_ORDER(int, real(descriptor), tell(SYNC, descriptor, 0, NULL, NULL, 0));
}

int fsync(int descriptor) {
  REAL(int, "fsync", int);
  return flush(real, descriptor);
}

int fdatasync(int descriptor) {
  REAL(int, "fdatasync", int);
  return flush(real, descriptor);
}

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  if (!is_within(path)) return real(path);
  IN_ORDER(int, real(path), tell(UNLINK, -1, 0, path, NULL, 0));
}

int unlinkat(int at, const char *path, int flags) {
  REAL(int, "unlinkat", int, const char *, int);
  if (!is_within(path)) return real(at, path, flags);
  IN_ORDER(int, real(at, path, flags), tell(UNLINK, -1, 0, path, NULL, 0));
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  if (!is_within(from) && !is_within(to)) return real(from, to);
  IN_ORDER(int, real(from, to), tell(RENAME, -1, 0, from, to, strlen(to)));
}

int link(const char *from, const char *to) {
  REAL(int, "link", const char *, const char *);
  if (!is_within(from) && !is_within(to)) return real(from, to);
  IN_ORDER(int, real(from, to), tell(LINK, -1, 0, from, to, strlen(to)));
}
